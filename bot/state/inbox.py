"""Telegram's updates, kept from the moment Telegram may forget them until their answers are sent."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Float, Integer, Table, Text, delete, func, insert, select, update

from bot.state.database import Database
from bot.state.tables import metadata

__all__ = ["Inbox", "KeptUpdate"]

telegram_updates = Table(
    "telegram_updates",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("received", Float(53), nullable=False, index=True),
    Column("payload", Text),  # NULL once the update is done with: then only its number is remembered
    Column("attempts", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class KeptUpdate:
    """An update as Telegram wrote it; ``attempts`` were made to answer it, ``sent`` messages of its answer are out."""

    id: int
    payload: dict[str, Any]
    attempts: int = 0
    sent: int = 0


class Inbox:
    """The updates that are not answered yet, and the numbers of those that are. Each method may raise StateError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        """Keep updates in ``database``."""
        self._database = database
        self._clock = clock

    def take(self, updates: Sequence[KeptUpdate]) -> list[KeptUpdate]:
        """Keep updates; give those of them that are new. All are kept, or an error is raised and none is."""
        numbers = [each.id for each in updates]
        with self._database.writing() as connection:
            known = set(connection.scalars(select(telegram_updates.c.id).where(telegram_updates.c.id.in_(numbers))))
            new = list({each.id: each for each in updates if each.id not in known}.values())
            if new:
                rows = [
                    {
                        "id": each.id,
                        "received": self._clock(),
                        "payload": json.dumps(each.payload),
                        "attempts": 0,
                        "sent": 0,
                    }
                    for each in new
                ]
                connection.execute(insert(telegram_updates), rows)
        return new

    def begin(self, update_id: int) -> None:
        """Note that an attempt to answer the update begins; it counts even if the process dies of it."""
        attempts = telegram_updates.c.attempts
        self._change(update_id, attempts=attempts + 1)

    def mark_sent(self, update_id: int, sent: int) -> None:
        """Note that so many messages of the answer are out."""
        self._change(update_id, sent=sent)

    def finish(self, update_id: int) -> None:
        """Forget what the update says, and remember that it is done with."""
        self._change(update_id, payload=None)

    def unfinished(self) -> list[KeptUpdate]:
        """Give the updates that are not done with, oldest first."""
        columns = telegram_updates.c
        statement = select(telegram_updates).where(columns.payload.is_not(None)).order_by(columns.id)
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        return [KeptUpdate(row.id, json.loads(row.payload), row.attempts, row.sent) for row in rows]

    def count(self) -> int:
        """Count the numbers that are remembered, of updates done with or not."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(telegram_updates)) or 0

    def expire(self, seconds: float) -> int:
        """Forget the numbers of updates that were done with and came so long ago; tell how many."""
        columns = telegram_updates.c
        with self._database.writing() as connection:
            old = columns.received < self._clock() - seconds
            return connection.execute(delete(telegram_updates).where(old, columns.payload.is_(None))).rowcount

    def _change(self, update_id: int, **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(update(telegram_updates).where(telegram_updates.c.id == update_id).values(**values))
