"""From the tables that a database has to those that this version needs."""

from collections.abc import Callable

from sqlalchemy import Connection, insert, inspect, select, text, update

from bot.state import chats, inbox  # noqa: F401  (for their tables)
from bot.state.database import Database
from bot.state.errors import StateFormatError
from bot.state.tables import metadata, schema

__all__ = ["migrate"]

# The step at position n leads from version n + 1 to n + 2. Whole new tables need none: they are made where missing.
_STEPS: tuple[Callable[[Connection], None], ...] = ()
_LOCK = 7_230_563  # any number, but the same in all processes


def migrate(database: Database, steps: tuple[Callable[[Connection], None], ...] = _STEPS) -> None:
    """Make missing tables and run the steps that the database has not seen, in one transaction.

    :raises StateFormatError: if a newer version of this project has written the database.
    :raises StateError: if the database cannot be used.
    """
    newest = len(steps) + 1
    with database.reading() as connection:
        names = set(inspect(connection).get_table_names())
        if names.issuperset(metadata.tables) and connection.scalar(select(schema.c.version)) == newest:
            return
    with database.writing() as connection:
        if not database.is_sqlite:  # there, to begin writing is to hold the lock
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = connection.scalar(select(schema.c.version)) if inspect(connection).has_table(schema.name) else None
        if found is not None and found > newest:
            raise StateFormatError(
                f"the database {database.name} has version {found}, this program knows up to {newest}: "
                "install the version that wrote it, or set WENJU_STATE_URL to another database"
            )
        for step in steps[found - 1 :] if found is not None else ():
            step(connection)
        metadata.create_all(connection)
        if found is None:
            connection.execute(insert(schema).values(version=newest))
        else:
            connection.execute(update(schema).values(version=newest))
