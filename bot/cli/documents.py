from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.archives import note_report
from bot.cli.options import archive_option, backend_options, chosen_backend, json_option
from bot.cli.progress import ProgressLine
from bot.cli.reporting import ExitCode, reporting
from bot.cli.terminal import note, to_json
from bot.settings import Settings
from bot.wording import messages

__all__ = ["sync"]

SYNC_HELP = """Make the archive equal to the files. New ones are added, changed ones read
again, renamed ones renamed, and those that are gone are taken out.

\b
Examples:
  wenju sync seeds
  wenju sync ~/papers notes.txt --archive ~/papers-archive
  wenju sync ~/papers --dry-run
  wenju sync --reencode
  wenju sync ~/papers --backend milvus --milvus http://milvus:19530

A file that cannot be read is named with the reason and what to do; the others
are taken in all the same, and the command ends with 1. What is interrupted goes
on where it stopped when the command is given again. Uploads stay.
"""


@click.command("sync", help=SYNC_HELP)
@click.argument("paths", metavar="PATH...", nargs=-1, type=click.Path(path_type=Path))
@archive_option
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@click.option("--checksum", is_flag=True, help="Read also the files that look untouched by size and times.")
@click.option("--allow-empty", is_flag=True, help="Take a folder that holds no file any more at its word.")
@click.option(
    "--rebuild", is_flag=True, help="Build the archive anew, also one that cannot be opened or has another encoder."
)
@click.option("--reencode", is_flag=True, help="Make the vectors anew with the installed encoder; needs no PATH.")
@backend_options
@json_option
@reporting
def sync(
    paths: tuple[Path, ...],
    archive: Path | None,
    dry_run: bool,
    checksum: bool,
    allow_empty: bool,
    rebuild: bool,
    reencode: bool,
    backend: str | None,
    milvus: str | None,
    as_json: bool,
) -> ExitCode:
    """Take files into the archive, which is made when it is not there yet."""
    if sum((dry_run, rebuild, reencode)) > 1:
        raise click.UsageError("--dry-run, --rebuild and --reencode exclude each other.")
    if bool(paths) == reencode:
        raise click.UsageError("--reencode takes no PATH." if reencode else "Missing argument 'PATH...'.")
    from retrieval import Archive

    settings = Settings.load()
    wording = messages(settings.language)
    path, encoder, cache = archive or settings.archive, settings.encoder, settings.cache
    where, database = chosen_backend(settings, backend, milvus), settings.archive_database
    with ProgressLine(settings.color) as progress:
        if reencode:
            count = Archive.reencode(
                path, encoder=encoder, cache=cache, backend=where, database=database, progress=progress
            )
        elif rebuild:
            report = Archive.rebuild(
                path, paths, encoder=encoder, cache=cache, backend=where, database=database, progress=progress
            )
        else:
            with Archive.open(
                path, create=not dry_run, encoder=encoder, cache=cache, backend=where, database=database
            ) as opened:
                report = opened.sync(
                    paths, progress=progress, dry_run=dry_run, checksum=checksum, allow_empty=allow_empty
                )
    if reencode:
        note(wording.text("reencoded", passages=wording.text("passages", count=count)))
        if as_json:
            click.echo(to_json({"reencoded": count}))
        return ExitCode.DONE
    note_report(report, wording, dry_run=dry_run)
    if as_json:
        click.echo(to_json(asdict(report)))
    return ExitCode.ERROR if report.failures else ExitCode.DONE
