from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import archive_option, json_option
from bot.cli.reporting import ExitCode, reporting
from bot.cli.terminal import note, one_line, to_json
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.state import Key, State

__all__ = ["keys"]

_SCOPES = ("ask", "admin")
_HELP = """Make, list and revoke the keys of the REST interface. They are needed where
WENJU_API_KEYS is on.

\b
Examples:
  wenju keys create reading-room
  wenju keys create editors --scope admin
  wenju keys list
  wenju keys revoke 4f1c09ab
"""
_CREATE_HELP = """Make a key and write it to standard output, this once: only its hash is kept.
NAME says whose it is.

A key with the scope ask may ask and read; one with admin may also upload and
delete documents, read the feedback and the counts.
"""


@click.group("keys", help=_HELP)
def keys() -> None:
    """Take the options that stand before a command."""


@keys.command("create", help=_CREATE_HELP)
@click.argument("name")
@click.option("--scope", type=click.Choice(_SCOPES), default="ask", show_default=True, help="What the key is good for.")
@archive_option
@json_option
@reporting
def create(name: str, scope: str, archive: Path | None, as_json: bool) -> ExitCode:
    """Make a key."""
    from bot.state import Scope

    with _state(archive) as state:
        made = state.keys.create(one_line(name)[:200], [Scope(scope)])
    if as_json:
        click.echo(to_json({**_told(made.key), "key": made.secret}))
    else:
        note(f"key {made.key.id} for {made.key.name!r}, scope {scope}; it is not shown again:")
        click.echo(made.secret)
    return ExitCode.DONE


@keys.command("list")
@archive_option
@json_option
@reporting
def list_keys(archive: Path | None, as_json: bool) -> ExitCode:
    """List the keys: id, beginning, scope, name, and when they were made, used and revoked."""
    with _state(archive) as state:
        known = [_told(key) for key in state.keys.every()]
    if as_json:
        click.echo(to_json(known))
        return ExitCode.DONE
    if not known:
        note("there are no keys: make one with wenju keys create NAME")
    for key in known:
        times = [f"{word} {key[word]}" for word in ("created", "used", "revoked") if key[word]]
        told = [key["id"], f"{key['prefix']}…", ",".join(key["scopes"]), one_line(key["name"])]
        click.echo("  ".join([*told, *times]))
    return ExitCode.DONE


@keys.command("revoke")
@click.argument("key_id", metavar="ID")
@archive_option
@reporting
def revoke(key_id: str, archive: Path | None) -> ExitCode:
    """Make a key invalid for good, from the next request on; ID is what list shows."""
    with _state(archive) as state:
        key = state.keys.revoke(key_id)
    note(f"key {key.id} of {key.name!r} is revoked")
    return ExitCode.DONE


def _state(archive: Path | None) -> "State":
    from dataclasses import replace

    from bot.state import State

    settings = Settings.load()
    return State.open(replace(settings, archive=archive or settings.archive).state_address)


def _told(key: "Key") -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": sorted(key.scopes),
        "created": _day(key.created),
        "used": _day(key.used),
        "revoked": _day(key.revoked),
    }


def _day(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
