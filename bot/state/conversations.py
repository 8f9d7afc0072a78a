import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from bot.state.database import Database
from bot.state.errors import UnknownConversationError
from bot.state.tables import conversations, turns
from retrieval.types import Answer, Turn

__all__ = ["MAX_KEPT_TURNS", "Conversation", "Conversations", "KeptTurn", "turn_of"]

MAX_KEPT_TURNS = 100
"""Of a longer conversation the oldest turns are forgotten."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation without its turns; ``owner`` is who may go on with it, times are seconds since 1970."""

    id: str
    owner: str
    created: float
    used: float


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A turn of a conversation and when it was asked."""

    position: int
    question: str
    answer: str
    asked: float


class Conversations:
    """The conversations of all surfaces. An id that this makes cannot be guessed; each method may raise StateError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        """Keep conversations in ``database``."""
        self._database = database
        self._clock = clock

    def create(self, owner: str = "", conversation_id: str | None = None) -> Conversation:
        """Begin a conversation.

        :param conversation_id: an id of the caller's own, as of a chat; if there is such a conversation, it is given.
        """
        now = self._clock()
        made = Conversation(conversation_id or secrets.token_urlsafe(24), owner, now, now)
        with self._database.writing() as connection:
            if conversation_id is not None:
                row = connection.execute(select(conversations).where(conversations.c.id == conversation_id)).first()
                if row is not None:
                    return Conversation(row.id, row.owner, row.created, row.used)
            values = {"id": made.id, "owner": owner, "created": now, "used": now}
            connection.execute(insert(conversations).values(values))
        return made

    def get(self, conversation_id: str) -> Conversation:
        """Give a conversation.

        :raises UnknownConversationError: if there is none of this id.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(conversations).where(conversations.c.id == conversation_id)).first()
        if row is None:
            raise _unknown(conversation_id)
        return Conversation(row.id, row.owner, row.created, row.used)

    def append(self, conversation_id: str, turn: Turn) -> KeptTurn:
        """Add a turn at the end.

        :raises UnknownConversationError: if there is no conversation of this id.
        """
        now = self._clock()
        with self._database.writing() as connection:
            # The row is locked by its change, so two turns at the same time get two positions.
            changed = connection.execute(
                update(conversations).where(conversations.c.id == conversation_id).values(used=now)
            )
            if not changed.rowcount:
                raise _unknown(conversation_id)
            of_it = turns.c.conversation_id == conversation_id
            last = connection.scalar(select(func.max(turns.c.position)).where(of_it))
            kept = KeptTurn(0 if last is None else last + 1, turn.question, turn.answer, now)
            connection.execute(
                insert(turns).values(
                    conversation_id=conversation_id,
                    position=kept.position,
                    question=_storable(turn.question),
                    answer=_storable(turn.answer),
                    asked=now,
                )
            )
            connection.execute(delete(turns).where(of_it, turns.c.position <= kept.position - MAX_KEPT_TURNS))
        return kept

    def kept(self, conversation_id: str, last: int = MAX_KEPT_TURNS) -> list[KeptTurn]:
        """Give the last turns with their times, oldest first.

        :raises UnknownConversationError: if there is no conversation of this id.
        """
        statement = (
            select(turns)
            .where(turns.c.conversation_id == conversation_id)
            .order_by(turns.c.position.desc())
            .limit(last)
        )
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        if not rows:
            self.get(conversation_id)
        return [KeptTurn(row.position, row.question, row.answer, row.asked) for row in reversed(rows)]

    def turns(self, conversation_id: str, last: int = MAX_KEPT_TURNS) -> list[Turn]:
        """Give the last turns as ``Archive.ask`` takes them for a history, oldest first.

        :raises UnknownConversationError: if there is no conversation of this id.
        """
        return [Turn(turn.question, turn.answer) for turn in self.kept(conversation_id, last)]

    def forget(self, conversation_id: str) -> bool:
        """Delete a conversation and its turns; tell whether there was one."""
        with self._database.writing() as connection:
            return bool(connection.execute(delete(conversations).where(conversations.c.id == conversation_id)).rowcount)

    def expire(self, idle_seconds: float) -> int:
        """Delete the conversations that nobody has used for so long; tell how many."""
        with self._database.writing() as connection:
            limit = self._clock() - idle_seconds
            return connection.execute(delete(conversations).where(conversations.c.used < limit)).rowcount


def _unknown(conversation_id: str) -> UnknownConversationError:
    return UnknownConversationError(f"no conversation has the id {conversation_id[:80]!r}: begin one; old ones expire")


def _storable(text: str) -> str:
    """Take out what PostgreSQL's text cannot hold."""
    return text.replace("\0", "")


def turn_of(answer: Answer) -> Turn | None:
    """Give what to keep of an answer for the questions that follow; None for a message that was no question."""
    if answer.reply is not None:
        return None
    return Turn(answer.question, answer.quotes[0].text if answer.quotes else "")
