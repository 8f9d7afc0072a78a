import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.state.database import Database
from bot.state.errors import UnknownKeyError
from bot.state.tables import keys

__all__ = ["Key", "Keys", "NewKey", "Scope"]

_MARK = "wenju_"
_SHOWN = len(_MARK) + 6
_USED_EVERY = 60.0
"""Seconds; the time of last use is not written more often, so that a question need not wait for a write."""


class Scope(StrEnum):
    """What a key is good for. An admin may do all."""

    ASK = "ask"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Key:
    """An API key without its secret, of which only ``prefix`` is kept in clear. Times are seconds since 1970."""

    id: str
    name: str
    prefix: str
    scopes: frozenset[Scope]
    created: float
    revoked: float | None = None
    used: float | None = None

    def allows(self, scope: Scope) -> bool:
        """Tell whether the key may be used for ``scope``."""
        return self.revoked is None and (scope in self.scopes or Scope.ADMIN in self.scopes)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made, and its secret, which can never be had again."""

    key: Key
    secret: str = field(repr=False)


class Keys:
    """The API keys. Of a secret, 256 random bits, only the SHA-256 is kept. Each method may raise StateError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        """Keep keys in ``database``."""
        self._database = database
        self._clock = clock

    def create(self, name: str, scopes: Iterable[Scope] = (Scope.ASK,)) -> NewKey:
        """Make a key.

        :raises ValueError: if no scope is given.
        """
        wanted = frozenset(scopes)
        if not wanted:
            raise ValueError("a key needs at least one scope")
        secret = _MARK + secrets.token_urlsafe(32)
        key = Key(secrets.token_hex(4), name, secret[:_SHOWN], wanted, self._clock())
        with self._database.writing() as connection:
            connection.execute(
                insert(keys).values(
                    id=key.id,
                    name=name,
                    digest=_digest(secret),
                    prefix=key.prefix,
                    scopes=" ".join(sorted(wanted)),
                    created=key.created,
                )
            )
        return NewKey(key, secret)

    def every(self) -> list[Key]:
        """List all keys, revoked ones too, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(keys).order_by(keys.c.created, keys.c.id)).all()
        return [_key(row) for row in rows]

    def revoke(self, key_id: str) -> Key:
        """End a key's validity for good; once more does no harm.

        :raises UnknownKeyError: if no key has the id.
        """
        with self._database.writing() as connection:
            connection.execute(
                update(keys).where(keys.c.id == key_id, keys.c.revoked.is_(None)).values(revoked=self._clock())
            )
            row = connection.execute(select(keys).where(keys.c.id == key_id)).first()
        if row is None:
            raise UnknownKeyError(f"no key has the id {key_id[:40]!r}: list them with wenju keys list")
        return _key(row)

    def find(self, secret: str) -> Key | None:
        """Give the key that has this secret, unless it is revoked; take note that it was used.

        What is searched for is the secret's digest, so the time that this takes tells nothing about other secrets.
        """
        digest = _digest(secret)
        now = self._clock()
        with self._database.reading() as connection:
            row = connection.execute(select(keys).where(keys.c.digest == digest)).first()
        if row is None or not hmac.compare_digest(row.digest, digest) or row.revoked is not None:
            return None
        if row.used is None or now - row.used > _USED_EVERY:
            with self._database.writing() as connection:
                connection.execute(update(keys).where(keys.c.id == row.id).values(used=now))
        return _key(row)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key(row: Row[Any]) -> Key:
    scopes = frozenset(Scope(name) for name in row.scopes.split())
    return Key(row.id, row.name, row.prefix, scopes, row.created, row.revoked, row.used)
