import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.telegram.splitting import split
from bot.telegram.text import Run, to_html, to_plain

__all__ = ["NO_PREVIEW", "Delivery", "delivering", "reply", "topic_of", "until_sent"]

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_LOGGER = logging.getLogger(__name__)
_LONGEST_PAUSE = 60.0
_GIVE_UP_SECONDS = 24 * 3600.0  # as long as Telegram itself keeps a question for the bot
_T = TypeVar("_T")


@dataclass(slots=True)
class Delivery:
    """How far the answer to one update is sent.

    The first ``sent`` messages went out before the process was last started and are not sent again; ``record`` is told
    of each one that goes out now, so that the next start knows.
    """

    sent: int
    record: Callable[[int], Awaitable[None]]
    reached: int = 0

    async def step(self, send: Callable[[], Awaitable[object]]) -> None:
        """Send the next message, unless it is out already."""
        if self.reached >= self.sent:
            await send()
            await self.record(self.reached + 1)
        self.reached += 1


_CURRENT: ContextVar[Delivery | None] = ContextVar("delivery", default=None)


@contextmanager
def delivering(delivery: Delivery) -> Iterator[None]:
    """Count what :func:`reply` sends in this block as parts of one answer."""
    token = _CURRENT.set(delivery)
    try:
        yield
    finally:
        _CURRENT.reset(token)


async def reply(message: Message, runs: Sequence[Run], keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Send a styled text as an answer to ``message``, in as many messages as it needs, in its chat and topic.

    The buttons stand below the last one. A message that does not reach Telegram is tried again until it does.

    :raises telegram.error.TelegramError: if Telegram refuses a message for another reason than its markup.
    """
    reply_to: ReplyParameters | None = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    parts = split(runs)
    for number, part in enumerate(parts, 1):
        below = keyboard if number == len(parts) else None
        sending = _Sending(message, part, reply_to, below)
        delivery = _CURRENT.get()
        await (delivery.step(sending) if delivery is not None else sending())
        reply_to = None  # the rest follows the first part; each a reply would repeat the question every time


async def until_sent(send: Callable[[], Awaitable[_T]]) -> _T:
    """Call ``send`` until Telegram has answered it, with growing pauses; a flood wait is waited for.

    A call whose answer was lost is repeated too: better a message twice than not at all.

    :raises telegram.error.TelegramError: if Telegram refuses, or cannot be reached for a day.
    """
    began, pause = time.monotonic(), 1.0
    while True:
        try:
            return await send()
        except RetryAfter as error:
            wait = error.retry_after
            seconds = wait if isinstance(wait, int) else wait.total_seconds()
            _LOGGER.warning("Telegram asks for a pause of %g s.", seconds)
        except BadRequest:
            raise  # which the library counts among the errors of the network
        except NetworkError as error:
            if time.monotonic() - began > _GIVE_UP_SECONDS:
                raise
            seconds, pause = pause, min(2 * pause, _LONGEST_PAUSE)
            _LOGGER.warning("A message did not reach Telegram (%s); next try in %g s.", error.message, seconds)
        await asyncio.sleep(seconds)


def topic_of(message: Message) -> int | None:
    """Give the forum topic of a message; None outside of forums."""
    # Plain groups number their reply threads too, but take no message that names one.
    return message.message_thread_id if message.is_topic_message else None


@dataclass(frozen=True, slots=True)
class _Sending:
    """One message on its way; called, it is sent, without its markup when Telegram does not take that."""

    message: Message
    part: tuple[Run, ...]
    reply_to: ReplyParameters | None
    keyboard: InlineKeyboardMarkup | None

    async def __call__(self) -> None:
        try:
            await until_sent(lambda: self._send(to_html(self.part), ParseMode.HTML))
        except BadRequest as error:
            if "entities" not in error.message.lower():
                raise
            _LOGGER.warning("Telegram refused the markup of a message; it goes out as plain text: %s", error.message)
            await until_sent(lambda: self._send(to_plain(self.part), None))

    async def _send(self, text: str, parse_mode: str | None) -> None:
        await self.message.get_bot().send_message(
            self.message.chat_id,
            text,
            parse_mode=parse_mode,
            link_preview_options=NO_PREVIEW,
            message_thread_id=topic_of(self.message),
            reply_parameters=self.reply_to,
            reply_markup=self.keyboard,
        )
