import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Message
from telegram.constants import ChatAction
from telegram.error import Forbidden, TelegramError

from bot.telegram.sending import topic_of

__all__ = ["Typing"]

_LOGGER = logging.getLogger(__name__)
_REPEAT_SECONDS = 4.5  # a sign lasts five
_LONGEST_WAIT = 2.0
_MOST_AT_ONCE = 10  # of thirty requests a second; when more readers wait, the answers have the line for themselves


class Typing:
    """Shows in a chat that an answer is on its way; no answer depends on it, so a failure is only logged."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._waiting = 0

    @asynccontextmanager
    async def shown(self, message: Message, action: str = ChatAction.TYPING) -> AsyncIterator[None]:
        """Show the sign for as long as the block lasts."""
        self._waiting += 1
        first: asyncio.Task[None] | None = None
        again: asyncio.Task[None] | None = None
        if self._waiting <= _MOST_AT_ONCE:
            first = asyncio.create_task(_show(message, action))
            again = asyncio.create_task(_repeat(message, action))
        try:
            yield
        finally:
            self._waiting -= 1
            if again is not None and first is not None:
                again.cancel()
                # A sign that comes after the answer would promise another; one that waits long is not worth it.
                await asyncio.wait({first}, timeout=_LONGEST_WAIT)
                first.cancel()


async def _repeat(message: Message, action: str) -> None:
    while True:
        await asyncio.sleep(_REPEAT_SECONDS)
        await _show(message, action)


async def _show(message: Message, action: str) -> None:
    try:
        await message.get_bot().send_chat_action(message.chat_id, action, message_thread_id=topic_of(message))
    except Forbidden as error:
        _LOGGER.info("No typing sign in chat %d: %s", message.chat_id, error.message)
    except TelegramError as error:
        _LOGGER.warning("No typing sign in chat %d: %s", message.chat_id, error.message)
