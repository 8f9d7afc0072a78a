import json
from pathlib import Path

from bot.state import Scope, State
from tests.bot.cli.conftest import Shell


def test_keys_are_made_listed_and_revoked(shell: Shell, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'state.sqlite3'}"
    made = shell.run("wenju", "keys", "create", "reading room", WENJU_STATE_URL=address)
    secret = made.out.strip()
    assert (made.code, secret[:6], len(secret)) == (0, "wenju_", 49)
    assert secret not in made.err
    with State.open(address) as state:
        key = state.keys.find(secret)
        assert key is not None
        assert (key.name, set(key.scopes)) == ("reading room", {Scope.ASK})
    admin = json.loads(
        shell.run("wenju", "keys", "create", "x", "--scope", "admin", "--json", WENJU_STATE_URL=address).out
    )
    assert admin["scopes"] == ["admin"]
    listed = shell.run("wenju", "keys", "list", "--json", WENJU_STATE_URL=address)
    assert [each["name"] for each in json.loads(listed.out)] == ["reading room", "x"]
    assert secret not in listed.out
    assert admin["key"] not in listed.out
    assert shell.run("wenju", "keys", "revoke", key.id, WENJU_STATE_URL=address).code == 0
    with State.open(address) as state:
        assert state.keys.find(secret) is None
    lines = shell.run("wenju", "keys", "list", WENJU_STATE_URL=address).out.splitlines()
    assert ["revoked" in line for line in lines] == [True, False]


def test_revoking_what_is_not_there_is_one_line(shell: Shell, tmp_path: Path) -> None:
    done = shell.run("wenju", "keys", "revoke", "nothing", WENJU_STATE_URL=f"sqlite:///{tmp_path / 'state'}")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: no key has the id 'nothing'")


def test_a_conversation_goes_on_from_one_command_to_the_next(shell: Shell, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'state.sqlite3'}"
    words = ("ask", "--json", "--context", "trip")
    first = json.loads(shell.run(*words, "炎陵县的调解成功率是多少？", WENJU_STATE_URL=address).out)
    second = json.loads(shell.run(*words, "那攸县呢？", WENJU_STATE_URL=address).out)
    other = json.loads(shell.run("ask", "--json", "--context", "else", "那攸县呢？", WENJU_STATE_URL=address).out)
    assert first["understood_as"] == ""
    assert "攸县" in second["understood_as"]
    assert other["understood_as"] == ""
    with State.open(address) as state:
        assert [turn.question for turn in state.conversations.turns("cli:trip")] == [
            "炎陵县的调解成功率是多少？",
            "那攸县呢？",
        ]


def test_other_machines_are_not_served_unless_told(shell: Shell) -> None:
    done = shell.run("wenju", "serve", "--host", "0.0.0.0", "--port", "0")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: other machines can reach 0.0.0.0: set WENJU_API_KEYS=on")
    assert done.err.count("\n") == 1
