import shutil
from pathlib import Path

from retrieval.errors import ArchiveDamagedError, OriginalMissingError, StorageError
from retrieval.index import DATABASE_NAME, SqliteStore, Store
from retrieval.types import CheckReport
from retrieval.upkeep.examination import examine_contents, examine_uploads, examine_vectors

__all__ = ["copy_archive"]

_TRIES = 3
_UNFINISHED = "unfinished"


def copy_archive(store: Store, folder: Path) -> CheckReport:
    """Copy an archive, as it is at one moment, into a folder that is new or empty, and check the copy.

    The copy is an archive: to restore it, open it. Its indexes are made when it is first asked. Nobody waits for the
    copy: others may ask, sync and upload meanwhile.

    :raises StorageError: if the folder is there and not empty, or cannot be written.
    :raises ArchiveDamagedError: if the copy is not sound; it is removed then.
    """
    _check_place(store, folder)
    unfinished = folder / _UNFINISHED
    for attempt in range(_TRIES):
        try:
            store.backup(unfinished)
            lost = _copy_uploads(store, unfinished)
            if not lost:
                report = _checked(unfinished, folder)
                _finish(unfinished, folder)
                return report
            known = store.files()
            if attempt == _TRIES - 1 or any(source in known for source in lost):
                raise StorageError(f"{lost[0]}: its file cannot be read. Upload it again, or see: wenju doctor")
        except BaseException:
            # A process that is killed leaves it, under a name that nobody takes for an archive.
            shutil.rmtree(folder, ignore_errors=True)
            raise
        # An upload was removed while it was to be copied.
        shutil.rmtree(unfinished)
    raise AssertionError("the last attempt returns or raises")


def _check_place(store: Store, folder: Path) -> None:
    if folder.resolve().is_relative_to(store.path.resolve()):
        raise StorageError(f"{folder} lies in the archive itself. Choose a folder outside of it")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StorageError(f"{folder} is there already, and not empty. Choose a new folder for the copy")


def _copy_uploads(store: Store, folder: Path) -> list[str]:
    """Copy the files that the copied database needs, and give the sources of those that cannot be read."""
    lost = []
    with SqliteStore.open(folder) as copy:
        needed = [(name, file.revision) for name, file in copy.files().items() if file.origin.uploaded]
        for name, revision in needed:
            try:
                data = store.uploads.read(name, revision)
            except OriginalMissingError:
                lost.append(name)
            else:
                copy.uploads.keep(name, revision, data)
    return lost


def _finish(unfinished: Path, folder: Path) -> None:
    """Move a copy to where it belongs: what makes it an archive comes last."""
    try:
        for part in sorted(unfinished.iterdir(), key=lambda part: part.name == DATABASE_NAME):
            part.rename(folder / part.name)
        unfinished.rmdir()
    except OSError as error:
        raise StorageError(f"No copy can be made in {folder}: {error.strerror}. Check the folder") from error


def _checked(unfinished: Path, folder: Path) -> CheckReport:
    with SqliteStore.open(unfinished) as copy, copy.snapshot() as snapshot:
        findings = [
            *examine_contents(snapshot),
            *examine_vectors(snapshot),
            *examine_uploads(snapshot, copy.uploads),
        ]
        report = CheckReport(snapshot.document_count(), snapshot.passage_count())
    if findings:
        raise ArchiveDamagedError(
            f"the copy in {folder} is not sound ({findings[0].problem}), and was removed. "
            "Check the archive itself with: wenju doctor"
        )
    return report
