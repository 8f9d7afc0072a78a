import logging
from dataclasses import dataclass, replace
from typing import TypeAlias

from telegram import Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode

from bot.state.chats import GivenAnswer, ShownQuote
from bot.telegram.desk import Desk
from bot.telegram.keyboards import answer_keyboard, wider_keyboard
from bot.telegram.pages import article_runs, mark_page
from bot.telegram.rendering import render_place, render_quote, render_quotes
from bot.telegram.sending import reply, topic_of
from bot.telegram.splitting import split
from bot.telegram.text import Run, to_html
from bot.wording import Messages
from retrieval.errors import MissingExtraError, OriginalMissingError
from retrieval.types import Quote, Span

__all__ = ["LAST_STEP", "Showing"]

_LOGGER = logging.getLogger(__name__)
_AROUND = (900, 2000, 4500)  # characters, more with each press; a quote has 400 at the most
LAST_STEP = len(_AROUND) - 1
"""The widest step of a quote's surroundings."""
_MORE = 3
_MOST_SOURCES = 12
_PICTURE_WIDTH = 1200
_CAPTION_LIMIT = 1024
_MOST_PIXELS = 10_000  # width and height together, of a photo
_MOST_OBLONG = 20

Toast: TypeAlias = str
"""The key of a sentence that the button's presser gets; empty when a message says it all."""


@dataclass(frozen=True, slots=True)
class Showing:
    """What the buttons below an answer bring: each method replies to ``message`` or gives a toast."""

    desk: Desk

    async def more(self, message: Message, given: GivenAnswer, words: Messages) -> Toast:
        """Quote further sources."""
        seen = given.before + len(given.quotes)
        top = min(seen + _MORE, _MOST_SOURCES)
        answer = await self.desk.ask(self.desk.archive.ask, given.question, (), top)
        shown = {(quote.document_id, quote.spans) for quote in given.quotes}
        quotes = [quote for quote in answer.quotes[seen:] if (quote.document_id, quote.spans) not in shown]
        if not quotes:
            return "telegram_no_more_sources"
        places = tuple(ShownQuote(quote.document_id, quote.spans) for quote in quotes)
        answer_id = await self.desk.records.keep(replace(given, quotes=places, before=seen))
        more = len(answer.quotes) == top < _MOST_SOURCES
        keyboard = answer_keyboard(answer_id, len(quotes), words, more=more)
        await reply(message, render_quotes(quotes, words, seen + 1), keyboard)
        return ""

    async def around(
        self, message: Message, answer_id: str, shown: ShownQuote, press: tuple[int, int], words: Messages
    ) -> Toast:
        """Quote the text around a quote; ``press`` is the quote's number and the step."""
        number, step = press
        wide = await self._around(shown, step)
        narrow = await self._around(shown, step - 1)
        if wide.spans == narrow.spans:
            return "telegram_nothing_around"
        marked = replace(wide, highlights=tuple(_inside(wide.spans, shown.spans)))
        keyboard = wider_keyboard(answer_id, number, step + 1, words) if step < LAST_STEP else None
        await reply(message, [*render_quote(marked), Run("\n"), *render_place(marked, words)], keyboard)
        return ""

    async def page(self, message: Message, shown: ShownQuote, words: Messages) -> Toast:
        """Show the page that holds a quote."""
        place = [Run("\n"), *render_place(await self._around(shown, -1), words)]
        async with self.desk.typing.shown(message, ChatAction.UPLOAD_PHOTO):
            picture = await self.desk.ask(self._picture, shown)
        if picture is not None:
            await self._send_picture(message, picture, place[1:])
            return ""
        document = await self.desk.ask(self.desk.archive.document, shown.document_id)
        outline = await self.desk.ask(self.desk.archive.outline, shown.document_id)
        await reply(message, [*article_runs(document, outline, shown), *place])
        return ""

    async def _around(self, shown: ShownQuote, step: int) -> Quote:
        """Give a quote as wide as a step makes it; before the first step, as it was shown."""
        # No quote is shorter than one character, and one that is longer than asked for comes back as it is.
        characters = _AROUND[step] if step >= 0 else 1
        return await self.desk.ask(self.desk.archive.around, shown.document_id, shown.spans, characters)

    def _picture(self, shown: ShownQuote) -> bytes | None:
        """Give the page's picture with the quote marked; None where the file has no pages or cannot be shown."""
        archive = self.desk.archive
        try:
            places = archive.places(shown.document_id, shown.spans)
            if not places:
                return None
            page = places[0].page
            size = next(each for each in archive.page_sizes(shown.document_id) if each.number == page)
            picture = archive.page_picture(shown.document_id, page, _PICTURE_WIDTH)
        except (OriginalMissingError, MissingExtraError) as error:
            _LOGGER.info("A page is shown as text: %s", error)
            return None
        width, height = _PICTURE_WIDTH, _PICTURE_WIDTH * size.height / size.width
        if width + height > _MOST_PIXELS or max(width / height, height / width) > _MOST_OBLONG:
            return None
        boxes = [
            (box.left, box.top, box.right, box.bottom) for box in (each.box for each in places if each.page == page)
        ]
        return mark_page(picture, size.width, boxes)

    async def _send_picture(self, message: Message, picture: bytes, caption: list[Run]) -> None:
        await message.get_bot().send_photo(
            message.chat_id,
            picture,
            caption=to_html(split(caption, _CAPTION_LIMIT)[0]),
            parse_mode=ParseMode.HTML,
            message_thread_id=topic_of(message),
            reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
            filename="page.png",
        )


def _inside(wide: tuple[Span, ...], marked: tuple[Span, ...]) -> list[Span]:
    """Give the marked spans cut at the edges of the wide ones, so that each lies in one of them."""
    cut = []
    for outer in wide:
        for span in marked:
            start, end = max(outer.start, span.start), min(outer.end, span.end)
            if start < end:
                cut.append(Span(start, end))
    return cut
