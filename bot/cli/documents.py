from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.archives import note_failures, open_archive
from bot.cli.options import archive_option, json_option
from bot.cli.progress import ProgressLine
from bot.cli.reporting import ExitCode, reporting
from bot.cli.terminal import note, one_line, to_json
from bot.settings import Settings
from bot.wording import messages

__all__ = ["sources", "sync"]

SYNC_HELP = """Make the archive equal to the files. New ones are added, changed ones read
again, and those that are gone are taken out.

\b
Examples:
  wenju sync seeds
  wenju sync ~/papers notes.txt --archive ~/papers-archive

A file that cannot be read is named with the reason and what to do; the others
are taken in all the same, and the command ends with 1.
"""

SOURCES_HELP = """List the documents of the archive. Each line gives date, passages, file, title
and publication.

\b
Examples:
  wenju sources
  wenju sources --json | jq -r '.[].source'
"""


@click.command("sync", help=SYNC_HELP)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@archive_option
@click.option(
    "--rebuild", is_flag=True, help="Build the archive anew, also one that cannot be opened or has another encoder."
)
@json_option
@reporting
def sync(paths: tuple[Path, ...], archive: Path | None, rebuild: bool, as_json: bool) -> ExitCode:
    """Take files into the archive, which is made when it is not there yet."""
    from retrieval import Archive

    settings = Settings.load()
    wording = messages(settings.language)
    path, encoder, cache = archive or settings.archive, settings.encoder, settings.cache
    with ProgressLine(settings.color) as progress:
        if rebuild:
            report = Archive.rebuild(path, paths, encoder=encoder, cache=cache, progress=progress)
        else:
            with Archive.open(path, create=True, encoder=encoder, cache=cache) as opened:
                report = opened.sync(paths, progress=progress)
    note_failures(report, wording)
    note(
        wording.text(
            "sync_report",
            added=len(report.added),
            changed=len(report.changed),
            removed=len(report.removed),
            unchanged=len(report.unchanged),
            failed=len(report.failures),
        )
    )
    if as_json:
        click.echo(to_json(asdict(report)))
    return ExitCode.ERROR if report.failures else ExitCode.DONE


@click.command("sources", help=SOURCES_HELP)
@archive_option
@json_option
@reporting
def sources(archive: Path | None, as_json: bool) -> ExitCode:
    """List the documents, by file name."""
    settings = Settings.load()
    wording = messages(settings.language)
    with open_archive(settings, archive) as opened:
        documents = opened.documents()
    if as_json:
        click.echo(to_json([document.to_dict() for document in documents]))
        return ExitCode.DONE
    if not documents:
        note(wording.text("no_documents"))
    for document in documents:
        pieces = [
            document.date or "-",
            wording.text("passages", count=document.passages),
            document.source,
            document.title,
            document.publication,
        ]
        click.echo("  ".join(one_line(piece) for piece in pieces if piece))
    return ExitCode.DONE
