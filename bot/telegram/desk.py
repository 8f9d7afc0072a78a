import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from telegram import InlineKeyboardMarkup, Message, Update, User
from telegram.ext import CallbackContext, ExtBot

from bot.telegram.library import Library
from bot.telegram.limits import Limits
from bot.telegram.metrics import Metrics
from bot.telegram.records import Records
from bot.telegram.sending import reply
from bot.telegram.signs import Typing
from bot.telegram.text import Run
from bot.wording import Messages, messages
from retrieval.types import Answer

__all__ = ["BotContext", "Desk", "message_of"]

BotContext = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]

# At the same time: more would only take turns at Python's lock, and keep the event loop from its own.
_SEARCHES = max(2, min(4, os.cpu_count() or 1))
_P = ParamSpec("_P")
_T = TypeVar("_T")


def message_of(update: Update) -> Message:
    """Give the message of an update that has one, new or edited."""
    message = update.message or update.edited_message
    if message is None:
        raise TypeError("a handler was given an update without a message; check its filters")
    return message


@dataclass(frozen=True, slots=True)
class Desk:
    """What all handlers work with. ``top`` quotes make an answer; ``admins`` may change the archive.

    ``summarise`` adds a summary to an answer, None where no server for that is set up.
    """

    archive: Library
    records: Records
    limits: Limits
    metrics: Metrics
    top: int = 3
    admins: frozenset[int] = frozenset()
    forget_hours: int = 72
    summarise: Callable[[Answer], Answer] | None = None
    typing: Typing = field(default_factory=Typing)
    searching: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_SEARCHES, "telegram-search"))
    keeping: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "telegram-keep"))

    async def words(self, user: User | None) -> Messages:
        """Give the wording in the language that a user has chosen, or else in that of their client."""
        if user is None:
            return messages("en")
        return messages(await self.records.language(user.id) or user.language_code or "en")

    async def say(
        self, message: Message, key: str, keyboard: InlineKeyboardMarkup | None = None, /, **values: str | int
    ) -> None:
        """Answer a message with a sentence of the wording."""
        words = await self.words(message.from_user)
        await reply(message, [Run(words.text(key, **values))], keyboard)

    async def ask(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Call the archive in a thread: it computes, and the other chats must not wait for it."""
        return await asyncio.get_running_loop().run_in_executor(self.searching, lambda: call(*args, **kwargs))

    async def keep(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Call what changes the archive, which may take minutes, in a thread that no question waits for."""
        return await asyncio.get_running_loop().run_in_executor(self.keeping, lambda: call(*args, **kwargs))
