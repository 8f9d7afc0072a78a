import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.archives import note_report
from bot.cli.options import archive_option
from bot.cli.reporting import ExitCode, reporting
from bot.cli.terminal import note
from bot.settings import Settings
from bot.wording import Messages, messages
from retrieval.errors import ArchiveLockedError, BackendError, EmptySourceError, StorageError
from retrieval.types import SyncReport

if TYPE_CHECKING:
    from retrieval import Archive

__all__ = ["watch"]

WATCH_HELP = """Sync the files, and again as they change. Whoever asks meanwhile is answered
from the last finished state.

\b
Example:
  wenju watch ~/papers

A change is taken in when the files have been quiet for a second. If the archive
is locked, its disk is full or a folder is gone, it is tried again every few
seconds; the documents of a folder that is gone stay. Ctrl-C ends it with 130;
what was told as done is kept.
"""

_QUIET_MILLISECONDS = 1000
_MOST_MILLISECONDS = 10_000
# How long to wait before trying again, and how often to look for folders that have come back.
_AGAIN_SECONDS = 5.0


@click.command("watch", help=WATCH_HELP)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@archive_option
@reporting
def watch(paths: tuple[Path, ...], archive: Path | None) -> ExitCode:
    """Keep the archive equal to the files."""
    from retrieval import Archive

    settings = Settings.load()
    wording = messages(settings.language)
    path = archive or settings.archive
    with Archive.open(
        path,
        create=True,
        encoder=settings.encoder,
        cache=settings.cache,
        backend=settings.backend_choice,
        database=settings.archive_database,
    ) as opened:
        names = wording.listing([str(each) for each in paths])
        note(wording.text("watching", paths=names, archive=str(path)))
        waiting = _sync(opened, paths, wording)
        for changed in _changes(paths, path):
            if changed or waiting:
                waiting = _sync(opened, paths, wording)
    return ExitCode.DONE


def _sync(archive: "Archive", paths: tuple[Path, ...], wording: Messages) -> bool:
    """Sync once; tell whether it is to be tried again though no file changes."""
    try:
        report = archive.sync(paths)
    except (ArchiveLockedError, BackendError, EmptySourceError, StorageError) as error:
        note(wording.text("watch_waiting", reason=f"{error}.".replace("..", "."), seconds=int(_AGAIN_SECONDS)))
        return True
    if _is_news(report):
        note_report(report, wording)
    return False


def _is_news(report: SyncReport) -> bool:
    return bool(report.added or report.changed or report.renamed or report.removed or report.failures)


def _changes(paths: tuple[Path, ...], archive: Path) -> Iterator[bool]:
    """Give True when files have changed and are quiet, False when nothing has for a few seconds.

    A folder that vanishes is watched again when it is back; until then the others are.
    """
    import watchfiles

    own = os.path.realpath(archive)

    def concerns(_change: watchfiles.Change, changed: str) -> bool:
        return not os.path.realpath(changed).startswith(f"{own}{os.sep}")

    while True:
        present = [path for path in paths if path.exists()]
        if not present:
            time.sleep(_AGAIN_SECONDS)
            continue
        new = True
        for changes in watchfiles.watch(
            *present,
            watch_filter=concerns,
            debounce=_MOST_MILLISECONDS,
            step=_QUIET_MILLISECONDS,
            rust_timeout=int(_AGAIN_SECONDS * 1000),
            yield_on_timeout=True,
            raise_interrupt=True,
        ):
            # What changed before the watch began, or came with a folder that is back, tells of no change of its own.
            yield bool(changes) or new
            new = False
            if [path for path in paths if path.exists()] != present:
                break
