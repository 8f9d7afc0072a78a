import hashlib
from pathlib import Path

import pytest

from bot.state import Scope, State, UnknownKeyError
from tests.bot.state.conftest import Clock


def test_a_key_is_found_by_its_secret_alone(state: State) -> None:
    made = state.keys.create("reader")
    found = state.keys.find(made.secret)
    assert found is not None
    assert (found.id, found.name, set(found.scopes)) == (made.key.id, "reader", {Scope.ASK})
    assert made.secret.startswith(made.key.prefix)
    assert len(made.secret) == len("wenju_") + 43
    for wrong in ("", made.key.prefix, made.secret[:-1], made.secret + "x", made.secret.upper(), "\ud800", made.key.id):
        assert state.keys.find(wrong) is None


def test_the_secret_is_nowhere(state: State, url: str) -> None:
    made = state.keys.create("reader")
    assert made.secret not in repr(made)
    if url.startswith("sqlite"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        kept = b"".join(path.read_bytes() for path in folder.glob("state.sqlite3*"))
        assert hashlib.sha256(made.secret.encode()).hexdigest().encode() in kept
        assert made.secret.encode() not in kept


def test_a_revoked_key_is_not_found_but_listed(state: State, clock: Clock) -> None:
    made = state.keys.create("reader")
    clock.now += 5
    assert state.keys.revoke(made.key.id).revoked == clock.now
    clock.now += 5
    assert state.keys.revoke(made.key.id).revoked == clock.now - 5
    assert state.keys.find(made.secret) is None
    (listed,) = state.keys.every()
    assert listed.id == made.key.id
    assert not listed.allows(Scope.ASK)


def test_revoking_what_is_not_there_is_told(state: State) -> None:
    with pytest.raises(UnknownKeyError, match=r"'nothing'.*wenju keys list"):
        state.keys.revoke("nothing")


def test_scopes(state: State) -> None:
    ask, admin = state.keys.create("a").key, state.keys.create("b", [Scope.ADMIN]).key
    assert ask.allows(Scope.ASK)
    assert not ask.allows(Scope.ADMIN)
    assert admin.allows(Scope.ASK)
    assert admin.allows(Scope.ADMIN)
    with pytest.raises(ValueError, match="at least one scope"):
        state.keys.create("c", [])


def test_last_use_is_noted_once_a_minute(state: State, clock: Clock) -> None:
    made = state.keys.create("reader")
    assert state.keys.every()[0].used is None
    began = clock.now
    for seconds, expected in ((0, began), (30, began), (61, began + 61)):
        clock.now = began + seconds
        assert state.keys.find(made.secret) is not None
        assert state.keys.every()[0].used == expected
