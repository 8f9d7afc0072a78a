from pathlib import Path

import click

from bot.cli.archives import open_archive
from bot.cli.options import archive_option
from bot.cli.reporting import ExitCode, reporting
from bot.cli.terminal import note
from bot.settings import Settings
from bot.wording import messages

__all__ = ["compact", "drop"]

COMPACT_HELP = """Write the database anew without what was removed.

\b
Example:
  wenju compact

What was removed is in no answer and no index already, and in a folder its bytes
are overwritten. In PostgreSQL they stay in the server's files until its tables
are written anew, for which questions wait; its log keeps them for a while longer.
"""

DROP_HELP = """Remove an archive that is in PostgreSQL, for good.

\b
Example:
  wenju drop --yes

The schema that WENJU_ARCHIVE_URL names goes with all that is in it, what Milvus
has of it, and what this machine has made of it. An archive in a folder is removed
with the folder.
"""


@click.command("compact", help=COMPACT_HELP)
@archive_option
@reporting
def compact(archive: Path | None) -> ExitCode:
    """Take the bytes of what was removed out of the files."""
    settings = Settings.load()
    with open_archive(settings, archive) as opened:
        opened.compact()
    note(messages(settings.language).text("compacted"))
    return ExitCode.DONE


@click.command("drop", help=DROP_HELP)
@archive_option
@click.option("--yes", is_flag=True, help="Do it; without this the command does nothing.")
@reporting
def drop(archive: Path | None, yes: bool) -> ExitCode:
    """Remove an archive from its database."""
    if not yes:
        raise click.UsageError("What is dropped is gone. Say that you mean it with --yes.")
    settings = Settings.load()
    path, database = archive or settings.archive, settings.archive_database
    if database is None:
        raise click.UsageError(f"WENJU_ARCHIVE_URL names no database. An archive in a folder: remove {path}")
    from retrieval import Archive

    Archive.drop(path, database=database, backend=settings.backend_choice)
    note(messages(settings.language).text("dropped"))
    return ExitCode.DONE
