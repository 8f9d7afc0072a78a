"""The options that several commands have in common."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.settings import Settings
from bot.variables import BACKENDS
from retrieval.types import BackendChoice, BlockKind

__all__ = [
    "HELP_NAMES",
    "archive_option",
    "backend_options",
    "chosen_backend",
    "filter_options",
    "json_option",
    "version_option",
]

_Command = TypeVar("_Command", bound=Callable[..., Any])

HELP_NAMES = {"help_option_names": ["-h", "--help"]}
"""Context settings: both names of the help option."""


def _show_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"wenju {version('wenju')}")
    except PackageNotFoundError:
        click.echo("wenju, not installed: run from its folder")
    context.exit()


archive_option = click.option(
    "--archive",
    "-a",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The archive's folder; without it WENJU_ARCHIVE, or the project's own.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON, exact to the character.")
version_option = click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
_BACKEND = (
    click.option(
        "--backend",
        type=click.Choice(BACKENDS),
        help="Where passages are searched; without it WENJU_BACKEND, or where the archive's are.",
    ),
    click.option(
        "--milvus",
        metavar="URI",
        help="The Milvus server, as http://HOST:19530; without it WENJU_MILVUS_URI, or one embedded in the process.",
    ),
)
_FILTERS = (
    click.option("--since", metavar="DATE", default="", help="Only issues of this day, month or year, and later ones."),
    click.option(
        "--until", metavar="DATE", default="", help="Only issues of this day, month or year, and earlier ones."
    ),
    click.option("--place", "places", metavar="NAME", multiple=True, help="Only what is about this place."),
    click.option(
        "--source", "sources", metavar="NAME", multiple=True, help="Only this file or folder, or names that begin so."
    ),
    click.option(
        "--kind",
        "kinds",
        metavar="KIND",
        type=click.Choice([kind.value for kind in BlockKind]),
        multiple=True,
        help=f"Only blocks of this kind: {', '.join(BlockKind)}.",
    ),
)


def backend_options(command: _Command) -> _Command:
    """Add the options that say where passages are searched."""
    for option in reversed(_BACKEND):
        command = option(command)
    return command


def chosen_backend(settings: Settings, backend: str | None, milvus: str | None) -> BackendChoice:
    """Give what the options say, and the settings where they say nothing."""
    return replace(
        settings, backend=backend or settings.backend, milvus_uri=milvus or settings.milvus_uri
    ).backend_choice


def filter_options(command: _Command) -> _Command:
    """Add the options that leave parts of the archive out; each may be given several times, but for the dates."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command
