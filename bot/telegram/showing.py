import logging
from dataclasses import dataclass, replace
from typing import TypeAlias

from telegram import Message
from telegram.constants import ChatAction
from telegram.error import BadRequest

from bot.state.chats import GivenAnswer, ShownQuote, digest_of
from bot.telegram.desk import Desk
from bot.telegram.keyboards import answer_keyboard, wider_keyboard
from bot.telegram.pages import article_runs, mark_page
from bot.telegram.rendering import render_place, render_quote, render_quotes
from bot.telegram.sending import reply, reply_with_picture
from bot.telegram.text import Run
from bot.wording import Messages
from retrieval.errors import MissingExtraError, OriginalMissingError
from retrieval.types import Quote

__all__ = ["LAST_STEP", "Showing"]

_LOGGER = logging.getLogger(__name__)
_AROUND = (900, 2000, 4500)  # characters, more with each press; a quote has 400 at the most
LAST_STEP = len(_AROUND) - 1
"""The widest step of a quote's surroundings."""
_MORE = 3
_MOST_SOURCES = 12
_PICTURE_WIDTH = 1200
_MOST_BYTES = 10_000_000  # of a photo
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
        places = tuple(map(ShownQuote.of, quotes))
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
        if not await self._stands(shown):
            return "telegram_button_old"
        wide = await self._around(shown, _AROUND[step])
        before = (await self._around(shown, _AROUND[step - 1])).spans if step else shown.spans
        if wide.spans == before:
            return "telegram_nothing_around"
        keyboard = wider_keyboard(answer_id, number, step + 1, words) if step < LAST_STEP else None
        await reply(message, [*render_quote(wide), Run("\n"), *render_place(wide, words)], keyboard)
        return ""

    async def page(self, message: Message, shown: ShownQuote, words: Messages) -> Toast:
        """Show the page that holds a quote."""
        if not await self._stands(shown):
            return "telegram_button_old"
        place = render_place(await self._around(shown, 1), words)
        async with self.desk.typing.shown(message, ChatAction.UPLOAD_PHOTO):
            picture = await self.desk.ask(self._picture, shown)
        if picture is not None and await _sent(message, picture, place):
            return ""
        document = await self.desk.ask(self.desk.archive.document, shown.document_id)
        outline = await self.desk.ask(self.desk.archive.outline, shown.document_id)
        await reply(message, [*article_runs(document, outline, shown.spans), Run("\n"), *place])
        return ""

    async def _stands(self, shown: ShownQuote) -> bool:
        """Tell whether a quote still stands where it stood: its document may have been changed since."""
        text = (await self.desk.ask(self.desk.archive.document, shown.document_id)).text
        return shown.digest == digest_of("".join(text[span.start : span.end] for span in shown.spans))

    async def _around(self, shown: ShownQuote, characters: int) -> Quote:
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
        marked = mark_page(picture, size.width, boxes)
        return marked if len(marked) <= _MOST_BYTES else None


async def _sent(message: Message, picture: bytes, caption: list[Run]) -> bool:
    """Send a page's picture; tell whether Telegram took it."""
    try:
        await reply_with_picture(message, picture, caption)
    except BadRequest as error:
        _LOGGER.warning("Telegram refused the picture of a page; it is shown as text: %s", error.message)
        return False
    return True
