"""The options that several commands have in common."""

from pathlib import Path

import click

__all__ = ["HELP_NAMES", "archive_option", "json_option", "version_option"]

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
