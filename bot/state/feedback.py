import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from bot.state.database import Database
from bot.state.tables import feedback
from retrieval.types import Span

__all__ = ["Feedback", "FeedbackBook"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thinks of an answer; ``document_id`` and ``spans`` are of the quote meant, empty for the whole."""

    surface: str
    helpful: bool
    question: str
    document_id: str = ""
    spans: tuple[Span, ...] = ()
    comment: str = ""
    id: str = ""
    given: float = 0.0


class FeedbackBook:
    """What readers think of the answers. Each method may raise StateError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        """Keep feedback in ``database``."""
        self._database = database
        self._clock = clock

    def add(self, given: Feedback) -> str:
        """Keep what a reader thinks; the time is now. Gives the id under which it can be deleted."""
        feedback_id = secrets.token_urlsafe(16)
        with self._database.writing() as connection:
            connection.execute(
                insert(feedback).values(
                    id=feedback_id,
                    given=self._clock(),
                    surface=given.surface,
                    helpful=int(given.helpful),
                    question=given.question.replace("\0", ""),
                    document_id=given.document_id.replace("\0", ""),
                    spans=json.dumps([[span.start, span.end] for span in given.spans]),
                    comment=given.comment.replace("\0", ""),
                )
            )
        return feedback_id

    def latest(self, limit: int = 100, offset: int = 0) -> list[Feedback]:
        """List what was given, latest first."""
        order = (feedback.c.given.desc(), feedback.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(select(feedback).order_by(*order).limit(limit).offset(offset)).all()
        return [
            Feedback(
                surface=row.surface,
                helpful=bool(row.helpful),
                question=row.question,
                document_id=row.document_id,
                spans=tuple(Span(start, end) for start, end in json.loads(row.spans)),
                comment=row.comment,
                id=row.id,
                given=row.given,
            )
            for row in rows
        ]

    def count(self) -> int:
        """Count what was given."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(feedback)) or 0

    def forget(self, feedback_id: str) -> bool:
        """Delete one; tell whether there was one."""
        with self._database.writing() as connection:
            return bool(connection.execute(delete(feedback).where(feedback.c.id == feedback_id)).rowcount)
