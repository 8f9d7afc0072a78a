"""What the Telegram bot remembers of its chats: the answers that its buttons belong to, votes, chosen languages."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Integer, String, Table, Text, delete, insert, select

from bot.state.database import Database
from bot.state.tables import conversations, feedback, metadata
from retrieval.types import Quote, Span

__all__ = ["Chats", "GivenAnswer", "ShownQuote", "digest_of"]

telegram_answers = Table(
    "telegram_answers",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("chat", BigInteger, nullable=False, index=True),
    Column("reader", BigInteger, nullable=False),
    Column("message", BigInteger, nullable=False),
    Column("question", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("quotes", Text, nullable=False),
    Column("before", Integer, nullable=False),
    Column("given", Float(53), nullable=False, index=True),
)

telegram_votes = Table(
    "telegram_votes",
    metadata,
    Column("answer_id", ForeignKey("telegram_answers.id", ondelete="CASCADE"), primary_key=True),
    Column("reader", BigInteger, primary_key=True, autoincrement=False),
    Column("feedback_id", String(40), nullable=False),
)

telegram_readers = Table(
    "telegram_readers",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(20), nullable=False),
)


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """Where a quote that was shown stands, and by ``digest`` what it said: the document may be changed meanwhile."""

    document_id: str
    spans: tuple[Span, ...]
    digest: str

    @classmethod
    def of(cls, quote: Quote) -> "ShownQuote":
        """Note a quote."""
        return cls(quote.document_id, quote.spans, digest_of(quote.text))


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer that was given, as far as its buttons need it.

    ``chat`` and ``reader`` are Telegram's numbers of where and to whom, ``message`` is that of the message that asked,
    ``asked`` what it said, ``question`` what was searched; ``before`` counts the quotes that earlier messages showed.
    """

    chat: int
    reader: int
    message: int
    asked: str
    question: str
    quotes: tuple[ShownQuote, ...]
    before: int = 0


def digest_of(text: str) -> str:
    """Give 16 characters that another text does not have."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Chats:
    """The answers given, the votes on them and the readers' languages. Each method may raise StateError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        """Keep them in ``database``."""
        self._database = database
        self._clock = clock

    def keep(self, given: GivenAnswer) -> str:
        """Keep an answer and give its id: 11 characters that cannot be guessed."""
        answer_id = secrets.token_urlsafe(8)
        quotes = [
            [quote.document_id, [[span.start, span.end] for span in quote.spans], quote.digest]
            for quote in given.quotes
        ]
        values = {
            "id": answer_id,
            "chat": given.chat,
            "reader": given.reader,
            "message": given.message,
            "asked": given.asked.replace("\0", ""),
            "question": given.question.replace("\0", ""),
            "quotes": json.dumps(quotes),
            "before": given.before,
            "given": self._clock(),
        }
        with self._database.writing() as connection:
            connection.execute(insert(telegram_answers).values(values))
        return answer_id

    def answer(self, answer_id: str) -> GivenAnswer | None:
        """Give the answer of this id; None when there never was one or it is forgotten."""
        return self._one(telegram_answers.c.id == answer_id)

    def answer_to(self, chat: int, message: int) -> GivenAnswer | None:
        """Give the last answer to a message; None when there is none or it is forgotten."""
        return self._one(telegram_answers.c.chat == chat, telegram_answers.c.message == message)

    def vote_of(self, answer_id: str, reader: int) -> str:
        """Give the id of the feedback that a reader has given to an answer; empty for none."""
        columns = telegram_votes.c
        statement = select(columns.feedback_id).where(columns.answer_id == answer_id, columns.reader == reader)
        with self._database.reading() as connection:
            return connection.scalar(statement) or ""

    def set_vote(self, answer_id: str, reader: int, feedback_id: str) -> None:
        """Note which feedback a reader has given to an answer, instead of any before; empty for none."""
        columns = telegram_votes.c
        with self._database.writing() as connection:
            connection.execute(delete(telegram_votes).where(columns.answer_id == answer_id, columns.reader == reader))
            if feedback_id:
                values = {"answer_id": answer_id, "reader": reader, "feedback_id": feedback_id}
                connection.execute(insert(telegram_votes).values(values))

    def language(self, reader: int) -> str:
        """Give the language that a reader has chosen; empty for none."""
        statement = select(telegram_readers.c.language).where(telegram_readers.c.id == reader)
        with self._database.reading() as connection:
            return connection.scalar(statement) or ""

    def set_language(self, reader: int, language: str) -> None:
        """Note the language that a reader has chosen; empty for none."""
        with self._database.writing() as connection:
            connection.execute(delete(telegram_readers).where(telegram_readers.c.id == reader))
            if language:
                connection.execute(insert(telegram_readers).values(id=reader, language=language))

    def forget(self, chat: int, reader: int) -> int:
        """Delete the answers that a reader got in a chat, and what was voted on them; tell how many."""
        theirs = (telegram_answers.c.chat == chat, telegram_answers.c.reader == reader)
        answers = select(telegram_answers.c.id).where(*theirs)
        votes = select(telegram_votes.c.feedback_id).where(telegram_votes.c.answer_id.in_(answers))
        with self._database.writing() as connection:
            connection.execute(delete(feedback).where(feedback.c.id.in_(votes)))
            return connection.execute(delete(telegram_answers).where(*theirs)).rowcount

    def expire(self, seconds: float, owner: str) -> int:
        """Delete the answers given so long ago, and the conversations of ``owner`` that nobody has used for so long."""
        limit = self._clock() - seconds
        idle = (conversations.c.owner == owner, conversations.c.used < limit)
        with self._database.writing() as connection:
            answers = connection.execute(delete(telegram_answers).where(telegram_answers.c.given < limit)).rowcount
            return answers + connection.execute(delete(conversations).where(*idle)).rowcount

    def _one(self, *conditions: object) -> GivenAnswer | None:
        statement = select(telegram_answers).order_by(telegram_answers.c.given.desc()).limit(1)
        for condition in conditions:
            statement = statement.where(condition)  # type: ignore[arg-type]
        with self._database.reading() as connection:
            row = connection.execute(statement).first()
        if row is None:
            return None
        quotes = tuple(
            # Rows of the first version have no digest: what the quote said is not known any more.
            ShownQuote(document_id, tuple(Span(start, end) for start, end in spans), digest[0] if digest else "")
            for document_id, spans, *digest in json.loads(row.quotes)
        )
        return GivenAnswer(row.chat, row.reader, row.message, row.asked, row.question, quotes, row.before)
