import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.progress import ProgressLine
from bot.cli.terminal import note
from bot.settings import Settings
from bot.wording import Messages, messages
from retrieval.errors import SourceError
from retrieval.types import SyncReport

if TYPE_CHECKING:
    from retrieval import Archive

__all__ = ["note_failures", "note_report", "open_archive", "ready_archive"]


def open_archive(settings: Settings, named: Path | None) -> "Archive":
    """Open the archive that a command is to answer from; the caller closes it.

    :param named: the folder given on the command line, None for the one of the settings.
    :raises ArchiveError: if it cannot be opened; the message says what to do.
    """
    from retrieval import Archive

    return Archive.open(
        ready_archive(settings, named),
        encoder=settings.encoder,
        cache=settings.cache,
        backend=settings.backend_choice,
        database=settings.archive_database,
    )


def ready_archive(settings: Settings, named: Path | None) -> Path:
    """Give the folder of the archive to use, after building the default one if this is its first use.

    An archive that somebody named, or one in a database, is never made up: opening it tells what is wrong.

    :raises WenjuError: if the archive cannot be built.
    """
    if named is not None:
        return named
    is_first_use = settings.archive_is_default and settings.archive_url is None and not settings.archive.exists()
    if is_first_use and settings.sources is not None:
        _build(settings.archive, settings.sources, settings)
    return settings.archive


def note_failures(report: SyncReport, wording: Messages) -> None:
    """Name each file that was left out, or of which something was, and why, on a line of its own."""
    for warning in report.warnings:
        note(f"warning: {warning.source}: {warning.reason}")
    for failure in report.failures:
        note("error: " + wording.text("sync_failed", source=failure.source, reason=failure.reason))


def note_report(report: SyncReport, wording: Messages, *, dry_run: bool = False) -> None:
    """Tell what a sync did, or would do: each file that it concerns if it would, the numbers if it did."""
    note_failures(report, wording)
    if dry_run:
        for mark, sources in (("+", report.added), ("~", report.changed), ("-", report.removed)):
            for source in sources:
                note(f"{mark} {source}")
        for rename in report.renamed:
            note(f"> {rename.earlier} -> {rename.source}")
    note(
        wording.text(
            "sync_report",
            added=len(report.added),
            changed=len(report.changed),
            renamed=len(report.renamed),
            removed=len(report.removed),
            unchanged=len(report.unchanged),
            failed=len(report.failures),
        )
    )
    if dry_run:
        note(wording.text("dry_run"))


def _build(path: Path, sources: Path, settings: Settings) -> None:
    """Build beside the place and move there when done, so that no other process ever opens a half-built archive."""
    from retrieval import Archive

    wording = messages(settings.language)
    note(wording.text("building", sources=str(sources), archive=str(path)))
    began = time.monotonic()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{path.name}.building-", dir=path.parent) as folder:
        building = Path(folder) / path.name
        with (
            ProgressLine(settings.color) as progress,
            Archive.open(
                building,
                create=True,
                encoder=settings.encoder,
                cache=settings.cache,
                backend=settings.backend_choice,
            ) as archive,
        ):
            report = archive.sync([sources], progress=progress)
            info = archive.info()
        note_failures(report, wording)
        if not info.documents:
            raise SourceError(f"no file of {sources} could be read: name others with 'wenju sync PATH…'")
        try:
            building.rename(path)
        except OSError:
            if not path.exists():
                raise
            shutil.rmtree(building)  # another process was faster; its archive is as good
    note(
        wording.text(
            "building_done",
            documents=wording.text("documents", count=info.documents),
            passages=wording.text("passages", count=info.passages),
            seconds=wording.number(time.monotonic() - began, 1),
        )
    )
