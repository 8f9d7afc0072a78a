"""The tables, as one set that other modules of this package add to.

Times are seconds since 1970, UTC. A module that brings tables of its own puts them into ``metadata`` and is imported by
``bot.state.migration``; new tables need no migration.
"""

from sqlalchemy import Column, Float, ForeignKey, Integer, MetaData, String, Table, Text

__all__ = ["conversations", "feedback", "jobs", "keys", "metadata", "schema", "turns"]

metadata = MetaData(
    # Names of its own, so that a later migration can find what it is to change.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

schema = Table("schema", metadata, Column("version", Integer, nullable=False))

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("created", Float(53), nullable=False),
    Column("used", Float(53), nullable=False, index=True),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("asked", Float(53), nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("given", Float(53), nullable=False, index=True),
    Column("surface", String(40), nullable=False),
    Column("helpful", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("document_id", String(200), nullable=False),
    Column("spans", Text, nullable=False),
    Column("comment", Text, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("prefix", String(20), nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("created", Float(53), nullable=False),
    Column("revoked", Float(53)),
    Column("used", Float(53)),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("document_id", String(200), nullable=False),
    Column("error", Text, nullable=False),
    Column("created", Float(53), nullable=False),
    Column("updated", Float(53), nullable=False, index=True),
)
