import os
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.errors import EmptySourceError, SourceError
from retrieval.index import KnownFile, Origin
from retrieval.reading import Discovery, SourceFile, find_sources, load_file
from retrieval.reading.formats import reader_for
from retrieval.types import Failure

__all__ = ["UPLOAD_HAS_NAME", "Move", "Plan", "Task", "make_plan", "origin_of"]

UPLOAD_HAS_NAME = "an upload has this name in the archive. Remove the upload, or rename the file."
# A file that was written so short a time before it was read may be written again with the same times.
_RACY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read; ``known`` is what the archive has under its name, None for a new one."""

    file: SourceFile
    known: KnownFile | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A file whose bytes the archive has already: where it is now, and the name it had."""

    file: SourceFile
    earlier: str
    known: KnownFile
    origin: Origin


@dataclass(slots=True)
class Plan:
    """What there is to do to make an archive equal to files; ``moves`` are renamed, ``touched`` only looked at anew."""

    tasks: list[Task] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    touched: list[Move] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def make_plan(
    paths: Sequence[Path], known: Mapping[str, KnownFile], own: Path, *, checksum: bool, allow_empty: bool
) -> Plan:
    """Compare files with what an archive has of them; uploads are left alone.

    :param own: the archive's folder, whose files are none of the archive's documents.
    :param checksum: read every file, also those that look untouched by size, times and inode.
    :param allow_empty: take a folder without any file at its word.
    :raises EmptySourceError: if a folder that documents came from, or all of the paths, hold no file any more.
    """
    # The archive may lie among its files.
    discovery = find_sources(paths, leaving_out=own)
    files = discovery.sources
    if not allow_empty:
        _refuse_emptying(paths, files, known, discovery)
    plan = Plan(failures=list(discovery.failures))
    for file in files:
        try:
            _classify(file, known.get(file.source), plan, checksum=checksum)
        except SourceError as error:
            plan.failures.append(Failure(file.source, str(error).removeprefix(f"{file.source}: ")))
    given = {str(path) for path in paths}
    if not any(failure.source in given for failure in discovery.failures):
        plan.gone = _gone(files, known, plan.failures)
        _find_moves(plan, known)
    return plan


def origin_of(path: Path) -> Origin:
    """Describe a file so that it can be told later whether it was touched since; look before reading it."""
    return Origin(str(path), stamp=_stamp(str(path)))


def _stamp(path: str) -> str:
    """Give what tells an untouched file, nothing if that cannot be told; reading it then tells what is wrong."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a tenth of a sync of a hundred thousand files would be making paths
    except OSError:
        return ""
    # Also where the clock was set back, and the file is of the future.
    if time.time() - max(status.st_mtime, status.st_ctime) < _RACY_SECONDS:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"


def _classify(file: SourceFile, known: KnownFile | None, plan: Plan, *, checksum: bool) -> None:
    if known is None:
        plan.tasks.append(Task(file))
        return
    if known.origin.uploaded:
        raise SourceError(UPLOAD_HAS_NAME)
    path = str(file.path)
    stamp = _stamp(path)
    is_as_known = stamp == known.origin.stamp and path == known.origin.location
    if not checksum and stamp and is_as_known:
        plan.unchanged.append(file.source)
    # Where an archive of an older format did not note the place, it lacks what the file says beside its text.
    elif known.origin.location is None or load_file(file).revision != known.revision:
        plan.tasks.append(Task(file, known))
    else:
        plan.unchanged.append(file.source)
        if not is_as_known:
            plan.touched.append(Move(file, file.source, known, Origin(path, stamp=stamp)))


def _gone(files: Sequence[SourceFile], known: Mapping[str, KnownFile], failures: Sequence[Failure]) -> list[str]:
    """Give the sources whose files are no longer there.

    What cannot be read now, a file, a folder or all of a given path, keeps what the archive has of it: a disk that
    is not mounted must not empty an archive.
    """
    present = {file.source for file in files}
    unreadable = tuple(failure.source for failure in failures)
    return sorted(
        source
        for source, file in known.items()
        if source not in present
        and not file.origin.uploaded
        and not any(source == failed or source.startswith(f"{failed}/") for failed in unreadable)
    )


def _find_moves(plan: Plan, known: Mapping[str, KnownFile]) -> None:
    """Take a new file with the bytes of one that is gone for the same one under another name."""
    earlier: defaultdict[str, list[str]] = defaultdict(list)
    for source in plan.gone:
        earlier[known[source].revision].append(source)
    tasks: list[Task] = []
    for task in plan.tasks:
        candidates: list[str] = []
        origin = Origin()
        if task.known is None and earlier:
            origin = origin_of(task.file.path)
            try:
                candidates = earlier.get(load_file(task.file).revision, [])
            except SourceError:
                # Reading it once more will say what is wrong.
                candidates = []
        same = next((s for s in candidates if reader_for(s) is reader_for(task.file.source)), None)
        if same is None:
            tasks.append(task)
        else:
            candidates.remove(same)
            plan.moves.append(Move(task.file, same, known[same], origin))
    moved = {move.earlier for move in plan.moves}
    plan.tasks = tasks
    plan.gone = [source for source in plan.gone if source not in moved]


def _refuse_emptying(
    paths: Sequence[Path], files: Sequence[SourceFile], known: Mapping[str, KnownFile], discovery: Discovery
) -> None:
    synced = [file.origin.location for file in known.values() if not file.origin.uploaded]
    if not synced:
        return
    for path in paths:
        folder = Path(os.path.abspath(path))  # noqa: PTH100 - as the files are found, without following links
        if not folder.is_dir() or any(file.path.is_relative_to(folder) for file in files):
            continue
        lost = sum(1 for location in synced if location is not None and Path(location).is_relative_to(folder))
        if lost or (not files and not discovery.failures):
            raise EmptySourceError(
                f"{path} holds no file that can be read, and the archive has {lost or len(synced)} documents of it or "
                "of other folders; nothing was changed. Is its disk mounted? To take them out of the archive: "
                "wenju sync --allow-empty PATH…"
            )
