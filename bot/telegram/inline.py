import logging
from dataclasses import dataclass

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.telegram.desk import BotContext, Desk
from bot.telegram.limits import Limits, Verdict
from bot.telegram.rendering import render_place, render_quote
from bot.telegram.sending import NO_PREVIEW
from bot.telegram.splitting import split
from bot.telegram.text import Run, clean, to_html, to_plain
from bot.wording import Messages
from retrieval.errors import ArchiveEmptyError, ArchiveMissingError, QuestionError
from retrieval.types import Quote

__all__ = ["Inline"]

_LOGGER = logging.getLogger(__name__)
_RESULTS = 8
_LONGEST_TITLE = 80
_LONGEST_DESCRIPTION = 160
_CACHE_SECONDS = 60
_START = "inline"


@dataclass(frozen=True, slots=True)
class Inline:
    """Offers quotes to insert in any chat, for ``@bot question``; a client asks anew while its user still types."""

    desk: Desk
    limits: Limits

    async def query(self, update: Update, _context: BotContext) -> None:
        """Offer the best quotes for the words written so far, or a way to the bot's own chat."""
        query = update.inline_query
        if query is None:
            raise TypeError("a handler was given an update without an inline query; check its filters")
        words = await self.desk.words(query.from_user)
        text = query.query.strip()
        quotes: tuple[Quote, ...] = ()
        hint, seconds = "telegram_inline_hint", _CACHE_SECONDS
        if text and self.limits.judge(query.from_user.id) is Verdict.ALLOWED:
            quotes = await self._quotes(text)
            hint = "telegram_inline_nothing"
        elif text:
            seconds = 0  # soon there is an answer to it
        button = None if quotes else InlineQueryResultsButton(words.text(hint), start_parameter=_START)
        results = [_result(number, quote, words) for number, quote in enumerate(quotes)]
        try:
            await query.answer(results, cache_time=seconds, is_personal=True, button=button)
        except BadRequest as error:
            _LOGGER.info("An inline query was not waiting any more: %s", error.message)

    async def _quotes(self, text: str) -> tuple[Quote, ...]:
        try:
            return (await self.desk.ask(self.desk.archive.ask, text, (), _RESULTS)).quotes
        except (QuestionError, ArchiveEmptyError, ArchiveMissingError):
            return ()


def _result(number: int, quote: Quote, words: Messages) -> InlineQueryResultArticle:
    place = render_place(quote, words)
    (message, *_rest) = split([*render_quote(quote), Run("\n"), *place])
    return InlineQueryResultArticle(
        id=str(number),
        title=_short(quote.text, _LONGEST_TITLE),
        description=_short(to_plain(place), _LONGEST_DESCRIPTION),
        input_message_content=InputTextMessageContent(
            to_html(message), parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
        ),
    )


def _short(text: str, limit: int) -> str:
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
