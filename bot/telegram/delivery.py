import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from telegram.error import BadRequest, NetworkError, RetryAfter

__all__ = ["Delivery", "delivering", "step", "until_sent"]

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
    """Count what :func:`step` sends in this block as parts of one answer."""
    token = _CURRENT.set(delivery)
    try:
        yield
    finally:
        _CURRENT.reset(token)


async def step(send: Callable[[], Awaitable[object]]) -> None:
    """Send a message, as the next part of the answer under way if there is one."""
    delivery = _CURRENT.get()
    await (delivery.step(send) if delivery is not None else send())


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
