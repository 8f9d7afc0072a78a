import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.api.kinds import OVERLOADED, QUESTION_TIMEOUT
from bot.api.problems import RefusedError

__all__ = ["QuestionPool"]

T = TypeVar("T")


class QuestionPool:
    """Threads that search while the event loop goes on. What waits is bounded, in number and in time."""

    def __init__(self, threads: int, waiting: int, seconds: float) -> None:
        """Search in so many ``threads``, with at most ``waiting`` questions behind them, each for ``seconds``."""
        self._executor = ThreadPoolExecutor(threads, "question")
        self._most = threads + waiting
        self._seconds = seconds
        self._begun = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Do ``work`` in a thread and give what it gives.

        :raises RefusedError: if too many wait, or the work takes too long; it then ends for itself.
        """
        if self._begun >= self._most:
            raise RefusedError(
                OVERLOADED, f"{self._begun} questions wait for an answer. Ask again in a moment.", wait=2
            )
        self._begun += 1
        future = asyncio.get_running_loop().run_in_executor(self._executor, work)
        future.add_done_callback(self._ended)
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._seconds)
        except TimeoutError as error:
            if future.done() and not future.cancelled():
                raise  # the work itself has failed so
            future.cancel()
            detail = f"No answer was found within {self._seconds:g} seconds. Ask something narrower, or ask again."
            raise RefusedError(QUESTION_TIMEOUT, detail) from error

    def close(self) -> None:
        """End the threads once they have done what they are at."""
        self._executor.shutdown(cancel_futures=True)

    def _ended(self, future: "asyncio.Future[T]") -> None:
        self._begun -= 1
        if not future.cancelled():
            future.exception()  # nobody may be left to look at it
