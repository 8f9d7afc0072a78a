import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from telegram import Message

from bot.state import Feedback, State
from bot.state.chats import Chats, GivenAnswer
from bot.state.inbox import Inbox
from retrieval.types import Turn

__all__ = ["Records", "conversation_of", "reader_of"]

_OWNER = "telegram"
_HISTORY = 5  # turns: more than any follow-up reaches back to
_REDELIVERY_SECONDS = 48 * 3600.0  # Telegram keeps an update for a day at the most
_P = ParamSpec("_P")
_T = TypeVar("_T")


def reader_of(message: Message) -> int:
    """Give the number of the user who wrote a message, or of the group in whose name it was written."""
    if message.sender_chat is not None or message.from_user is None:
        return message.sender_chat.id if message.sender_chat is not None else message.chat_id
    return message.from_user.id


def conversation_of(message: Message) -> str:
    """Give the id of the conversation that a message belongs to: one for each reader in each chat and topic."""
    topic = message.message_thread_id if message.is_topic_message else 0
    return f"{_OWNER}:{message.chat_id}:{topic}:{reader_of(message)}"


class Records:
    """What the bot remembers, for handlers on the event loop: all calls run in one thread of their own.

    Each method may raise StateError.
    """

    def __init__(self, state: State, forget_hours: float, clock: Callable[[], float] = time.time) -> None:
        """Keep records in ``state``; what readers asked is forgotten after ``forget_hours``."""
        self.inbox = Inbox(state.database, clock)
        self._state = state
        self._chats = Chats(state.database, clock)
        self._seconds = forget_hours * 3600
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "telegram-state")

    async def run(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run a call in the thread of the records and give its result."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: call(*args, **kwargs))

    def close(self) -> None:
        """End the thread, after what it has begun."""
        self._thread.shutdown()

    async def history(self, conversation: str) -> tuple[Turn, ...]:
        """Give the last turns of a conversation that are not to be forgotten yet, oldest first."""

        def read() -> tuple[Turn, ...]:
            self._state.conversations.create(_OWNER, conversation)
            oldest = self._clock() - self._seconds
            kept = self._state.conversations.kept(conversation, _HISTORY)
            return tuple(Turn(turn.question, turn.answer) for turn in kept if turn.asked >= oldest)

        return await self.run(read)

    async def remember(self, conversation: str, turn: Turn) -> None:
        """Add a turn to a conversation; the same as the last one is not added again."""

        def write() -> None:
            self._state.conversations.create(_OWNER, conversation)
            if self._state.conversations.turns(conversation, 1) != [turn]:
                self._state.conversations.append(conversation, turn)

        await self.run(write)

    async def begin_anew(self, conversation: str) -> None:
        """Forget the turns of a conversation."""
        await self.run(self._state.conversations.forget, conversation)

    async def forget(self, conversation: str, chat: int, reader: int) -> None:
        """Forget a conversation and every answer that the reader got in the chat."""
        await self.begin_anew(conversation)
        await self.run(self._chats.forget, chat, reader)

    async def keep(self, given: GivenAnswer) -> str:
        """Keep an answer for its buttons and give its id."""
        return await self.run(self._chats.keep, given)

    async def answer(self, answer_id: str) -> GivenAnswer | None:
        """Give a kept answer, or None."""
        return await self.run(self._chats.answer, answer_id)

    async def answer_to(self, chat: int, message: int) -> GivenAnswer | None:
        """Give the kept answer to a message, or None."""
        return await self.run(self._chats.answer_to, chat, message)

    async def vote(self, answer_id: str, given: GivenAnswer, reader: int, *, helpful: bool) -> None:
        """Keep a reader's opinion of an answer, instead of an earlier one."""

        def write() -> None:
            if before := self._chats.vote_of(answer_id, reader):
                self._state.feedback.forget(before)
            first = given.quotes[0] if given.quotes else None
            opinion = Feedback(
                _OWNER,
                helpful,
                given.question,
                first.document_id if first else "",
                first.spans if first else (),
            )
            self._chats.set_vote(answer_id, reader, self._state.feedback.add(opinion))

        await self.run(write)

    async def language(self, reader: int) -> str:
        """Give the language that a reader has chosen; empty for none."""
        return await self.run(self._chats.language, reader)

    async def set_language(self, reader: int, language: str) -> None:
        """Note the language that a reader has chosen; empty for none."""
        await self.run(self._chats.set_language, reader, language)

    async def expire(self) -> None:
        """Forget what is older than it may become."""
        await self.run(self._chats.expire, self._seconds, _OWNER)
        await self.run(self.inbox.expire, _REDELIVERY_SECONDS)
