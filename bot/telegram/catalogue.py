from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, Message, Update

from bot.telegram.desk import BotContext, Desk, message_of
from bot.telegram.keyboards import turning_keyboard
from bot.telegram.rendering import render_sources
from bot.telegram.sending import change, reply
from bot.telegram.text import Run
from bot.wording import Messages

__all__ = ["Catalogue"]

_PER_PAGE = 15


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Lists the documents of the archive, some at a time."""

    desk: Desk

    async def listed(self, update: Update, _context: BotContext) -> None:
        """Send the first page of the list."""
        message = message_of(update)
        runs, keyboard = await self._page(0, await self.desk.words(message.from_user))
        await reply(message, runs, keyboard)

    async def turned(self, message: Message, number: int, words: Messages) -> None:
        """Put another page in the place of a list; of fewer pages than there were, the last."""
        runs, keyboard = await self._page(number, words)
        await change(message, runs, keyboard)

    async def _page(self, number: int, words: Messages) -> tuple[list[Run], InlineKeyboardMarkup | None]:
        documents = await self.desk.ask(self.desk.archive.documents)
        pages = max(1, -(-len(documents) // _PER_PAGE))
        number = min(number, pages - 1)
        shown = documents[number * _PER_PAGE : (number + 1) * _PER_PAGE]
        return render_sources(shown, words), turning_keyboard(number, pages) if pages > 1 else None
