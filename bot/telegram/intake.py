import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from telegram import Bot, Update

from bot.state import StateError
from bot.state.inbox import KeptUpdate
from bot.telegram.delivery import Delivery, delivering
from bot.telegram.metrics import Metrics
from bot.telegram.records import Records

__all__ = ["Intake", "Processor", "RepeatedCrashError"]

_LOGGER = logging.getLogger(__name__)
_AT_ONCE = 64  # updates being answered side by side
_MOST_WAITING = 2000  # updates in memory; beyond them Telegram keeps the rest
_MOST_ATTEMPTS = 3
_LONGEST_PAUSE = 30.0


class RepeatedCrashError(Exception):
    """The process has ended several times while it answered this update, which is therefore not tried again."""


class Processor(Protocol):
    """What the intake needs of :class:`telegram.ext.Application`."""

    @property
    def bot(self) -> Bot:
        """Give the bot that updates are for."""

    async def process_update(self, update: object) -> None:
        """Handle an update; an error goes to the error handlers."""

    async def process_error(self, update: object, error: Exception) -> bool:
        """Give an error to the error handlers."""


class Intake:
    """Takes updates in and has each answered once, those of one chat in their order and chats side by side.

    An update is written down before Telegram is told that it has arrived, and crossed off when its answer is sent. What
    a killed process had not crossed off is answered at the next start; an update that Telegram delivers again is not.
    """

    def __init__(self, processor: Processor, records: Records, metrics: Metrics, *, at_once: int = _AT_ONCE) -> None:
        """Answer with ``processor``."""
        self._processor = processor
        self._records = records
        self._metrics = metrics
        self._slots = asyncio.Semaphore(at_once)
        self._lanes: dict[str, deque[tuple[KeptUpdate, Update]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._stopping = False

    @property
    def is_full(self) -> bool:
        """Tell whether more updates should be left with Telegram for now."""
        return self._waiting >= _MOST_WAITING

    async def resume(self) -> int:
        """Go on with what an earlier process had not finished; tell how many updates that are."""
        unfinished = await self._records.run(self._records.inbox.unfinished)
        for kept in unfinished:
            update = self._parsed(kept.payload)
            if update is None:
                await self._records.run(self._records.inbox.finish, kept.id)
            else:
                self._enqueue(kept, update)
        return len(unfinished)

    async def take(self, payloads: Sequence[Mapping[str, Any]]) -> None:
        """Write updates down and begin to answer them; after this Telegram may forget them.

        Inline queries are not written down: seconds later nobody waits for their answer. What no handler wants, such as
        talk in a group that is not for the bot, is not either.

        :raises StateError: if they cannot be written down.
        """
        wanted: list[tuple[KeptUpdate, Update]] = []
        for payload in payloads:
            update = self._parsed(payload)
            if update is None or not self._processor_wants(update):
                self._metrics.update("broken" if update is None else "ignored")
            elif update.inline_query is not None:
                self._metrics.update("passing")
                self._start(self._answer_passing(update))
            else:
                wanted.append((KeptUpdate(update.update_id, dict(payload)), update))
        if not wanted:
            return
        new = await self._records.run(self._records.inbox.take, [kept for kept, _ in wanted])
        numbers = {kept.id for kept in new}
        self._metrics.update("taken", len(new))
        self._metrics.update("repeated", len(wanted) - len(new))
        for kept, update in wanted:
            if kept.id in numbers:
                numbers.discard(kept.id)
                self._enqueue(kept, update)

    async def stop(self, seconds: float) -> None:
        """Finish what is being answered, for ``seconds`` at the most; what waits is answered at the next start."""
        self._stopping = True
        tasks = set(self._tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _parsed(self, payload: Mapping[str, Any]) -> Update | None:
        try:
            return Update.de_json(dict(payload), self._processor.bot)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            number = payload.get("update_id")
            _LOGGER.error("Update %s cannot be read and is passed over: %s", number, type(error).__name__)
            return None

    def _processor_wants(self, update: Update) -> bool:
        handlers = getattr(self._processor, "handlers", {})
        checks = (handler.check_update(update) for group in handlers.values() for handler in group)
        return any(check is not None and check is not False for check in checks)

    def _enqueue(self, kept: KeptUpdate, update: Update) -> None:
        chat = update.effective_chat
        name = str(chat.id) if chat is not None else "elsewhere"
        self._waiting += 1
        self._metrics.waiting(self._waiting)
        if name in self._lanes:
            self._lanes[name].append((kept, update))
        else:
            self._lanes[name] = deque([(kept, update)])
            self._start(self._drain(name))

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOGGER.error("Answering updates of a chat has failed; the next start answers them: %s", error)

    async def _drain(self, name: str) -> None:
        lane = self._lanes[name]
        try:
            while lane and not self._stopping:
                kept, update = lane.popleft()
                async with self._slots:
                    if self._stopping:
                        break
                    await self._answer(kept, update)
                self._waiting -= 1
                self._metrics.waiting(self._waiting)
        finally:
            self._waiting -= len(lane)
            del self._lanes[name]

    async def _answer(self, kept: KeptUpdate, update: Update) -> None:
        inbox = self._records.inbox

        async def record(sent: int) -> None:
            try:
                await self._records.run(inbox.mark_sent, kept.id, sent)
            except StateError as error:  # the message is out: its reader must not be told of an error
                _LOGGER.error("It could not be noted that a message is out: %s", error)

        await self._noted(inbox.begin, kept.id)
        with delivering(Delivery(kept.sent, record)):
            if kept.attempts < _MOST_ATTEMPTS:
                await self._processor.process_update(update)
            else:
                await self._processor.process_error(update, RepeatedCrashError(f"{kept.attempts} attempts were made"))
        await self._noted(inbox.finish, kept.id)

    async def _noted(self, note: Callable[[int], None], update_id: int) -> None:
        """Note something about an update, if need be as soon as the database can be used again."""
        pause = 1.0
        while True:
            try:
                await self._records.run(note, update_id)
                return
            except StateError as error:
                _LOGGER.error("The state of an update could not be noted; next try in %g s: %s", pause, error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _answer_passing(self, update: Update) -> None:
        async with self._slots:
            await self._processor.process_update(update)
