"""Kills processes that work on an archive at random moments and checks what is left.

By hand, for any number of kills of each kind: python -m tests.retrieval.killing 50
"""

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval import Archive
from retrieval.errors import ArchiveEmptyError, ArchiveLockedError, ArchiveMissingError
from retrieval.reading import document_id
from retrieval.types import SyncReport
from tests.postgresql import postgresql_server
from tests.retrieval.index.samples import start_python
from tests.retrieval.index.test_migration import make
from tests.retrieval.samples import COURT, LIBRARY, RIVER, write_files

__all__ = ["KINDS", "Outcome", "kill_once"]

_TEXTS = (COURT, LIBRARY, RIVER)
# The moments lie between a child's word that it begins and the time that its work takes when nobody kills it.
_WORK_SECONDS = {
    "sync": 4.0,
    "postgresql": 4.0,
    "upload": 4.0,
    "milvus": 4.0,
    "backup": 1.0,
    "migration": 0.2,
    "watch": 5.0,
}
# How long a server may take to notice that a process is dead, and to let go of its lock.
_NOTICED_SECONDS = 10.0

_SYNC = """
import sys
from retrieval import Archive
import retrieval.syncing.batches as batches
batches._FIRST_SECONDS, batches._WORK_TO_COMMIT = 0.0, 0.0  # commit after each file
path, files, cache, database = sys.argv[1:5]
with Archive.open(path, create=True, cache=cache, database=database or None) as archive:
    print("begun", flush=True)
    archive.sync([files], progress=lambda done, total, label: print("done", done, flush=True))
"""
_UPLOAD = """
import sys
from retrieval import Archive
path, files, cache = sys.argv[1:4]
with Archive.open(path, create=True, cache=cache) as archive:
    print("begun", flush=True)
    for number in range(1000):
        archive.add(f"{number % 3}.txt", f"第{number}号文件在这里。".encode())
        print("done", number, flush=True)
        if number % 4 == 3:
            archive.remove(next(info.id for info in archive.documents() if info.uploaded))
"""
_BACKUP = """
import sys
from retrieval import Archive
path, files, cache = sys.argv[1:4]
with Archive.open(path, cache=cache) as archive:
    print("begun", flush=True)
    for number in range(1000):
        archive.backup(f"{path}-copy/{number}")
        print("done", number, flush=True)
"""
_MIGRATION = """
import sys
print("begun", flush=True)
from retrieval.index import SqliteStore
SqliteStore.open(__import__("pathlib").Path(sys.argv[1])).close()
print("done 0", flush=True)
"""
_WATCH = """
import os, sys
path, files, cache = sys.argv[1:4]
os.environ["WENJU_CACHE"] = cache
from bot.cli.main import wenju
print("begun", flush=True)
wenju(["watch", files, "--archive", path])
"""
# The first connection takes as long as what is to be killed.
_MILVUS = """
import sys
from retrieval import Archive, BackendChoice
path, files, cache = sys.argv[1:4]
with Archive.open(path, create=True, cache=cache, backend=BackendChoice("milvus")) as archive:
    archive.add("3.txt", "第3号文件在这里。".encode())
    print("begun", flush=True)
    for number in range(1000):
        archive.add(f"{number % 3}.txt", f"第{number}号文件在这里。".encode())
        print("done", number, flush=True)
        if number % 4 == 3:
            archive.remove(next(info.id for info in archive.documents() if info.uploaded))
"""
KINDS = {
    "milvus": _MILVUS,
    "sync": _SYNC,
    "postgresql": _SYNC,
    "upload": _UPLOAD,
    "backup": _BACKUP,
    "migration": _MIGRATION,
    "watch": _WATCH,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a kill hit: how many steps the process had reported as done."""

    kind: str
    reported: int


def kill_once(kind: str, seed: int, folder: Path, cache: Path, database: str = "") -> Outcome:
    """Start work of a kind in ``folder``, kill it at a moment that ``seed`` gives, and check the archive.

    :param database: where the kind ``postgresql`` may make an archive.
    :raises AssertionError: if the archive does not open, is not sound, or lacks what was reported as done.
    """
    chance = random.Random(seed)
    archive, files = folder / "archive", folder / "files"
    texts = {f"{n:02}.txt": f"{_TEXTS[n % 3]}\n第{n}号。\n" for n in range(12)}
    if kind == "migration":
        make(archive, 1)
    elif kind == "backup":
        with Archive.open(archive, create=True, cache=cache) as opened:
            opened.sync([write_files(files, dict(list(texts.items())[:3]))])
            opened.add("kept.txt", RIVER.encode())
    write_files(files, texts)
    used = database if kind == "postgresql" else ""
    reported: list[str] = []
    with start_python(KINDS[kind], archive, files, cache, used) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        try:
            child.wait(chance.uniform(0, _WORK_SECONDS[kind]))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        reported = [line for line in child.stdout.read().splitlines() if line.startswith("done ")]
    done = int(reported[-1].split()[1]) if reported else -1
    if kind == "postgresql":
        # Another machine finds the same.
        _check_sync(archive, done, cache, database)
        _check_sync(folder / "another", 12, cache, database)
    else:
        _CHECKS[kind](archive, done, cache)
    return Outcome(kind, len(reported))


def _check_sync(path: Path, done: int, cache: Path, database: str = "") -> None:
    for archive in _sound(path, cache, database=database):
        there = {info.source for info in archive.documents()}
        assert {f"{n:02}.txt" for n in range(done)} <= there
        report = _synced(archive, path.parent / "files")
        assert not report.failures
        assert set(report.unchanged) >= there
        assert len(archive.documents()) == 12


def _synced(archive: Archive, files: Path) -> SyncReport:
    deadline = time.monotonic() + _NOTICED_SECONDS
    while True:
        try:
            return archive.sync([files])
        except ArchiveLockedError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def _check_upload(path: Path, done: int, cache: Path) -> None:
    for archive in _sound(path, cache):
        for info in archive.documents():
            assert archive.original(info.id).data.decode() == archive.document(info.id).text
        if done >= 0 and done % 4 != 3:
            # The next one may have come, but none of this name was reported since.
            text = archive.document(document_id(f"uploads/{done % 3}.txt")).text
            assert text == f"第{done}号文件在这里。"


def _check_milvus(path: Path, done: int, cache: Path) -> None:
    for archive in _sound(path, cache, "of this archive instead of"):
        for info in archive.documents():
            assert archive.original(info.id).data.decode() == archive.document(info.id).text
            text = archive.document(info.id).text
            assert [hit.passage.text for hit in archive.search(text, 9) if hit.source == info.source] == [text]
        if done >= 0 and done % 4 != 3:
            text = archive.document(document_id(f"uploads/{done % 3}.txt")).text
            assert text == f"第{done}号文件在这里。"
        # What Milvus has too much of goes with the next change.
        archive.add("last.txt", RIVER.encode())
        assert archive.check().findings == ()
        assert archive.search("渌江多长？", 1)[0].source == "uploads/last.txt"


def _check_backup(path: Path, done: int, cache: Path) -> None:
    for archive in _sound(path, cache):
        assert len(archive.documents()) == 4
    for number in range(done + 1):
        for copy in _sound(path.with_name("archive-copy") / str(number), cache):
            assert len(copy.documents()) == 4


def _check_migration(path: Path, done: int, cache: Path) -> None:
    assert done in (-1, 0)
    for archive in _sound(path, cache):
        texts = {archive.document(info.id).text for info in archive.documents()}
        assert texts == {COURT, LIBRARY, RIVER}


def _sound(path: Path, cache: Path, allowed: str = "belongs to no document", database: str = "") -> Iterator[Archive]:
    """Give the archive when it has passed the doctor, who may have to make indexes but nothing else.

    :param allowed: what may be found too, until the next change removes it.
    """
    try:
        archive = Archive.open(path, cache=cache, database=database or None)
    except ArchiveMissingError:
        return  # killed before it was made
    with archive:
        try:
            archive.ask("渌江多长？")
        except ArchiveEmptyError:
            assert archive.documents() == []
        # An upload whose document was not written yet is swept away by the next change.
        harmless = ("belongs to no document", allowed)
        findings = [f for f in archive.check().findings if not any(text in f.problem for text in harmless)]
        assert findings == []
        yield archive


_CHECKS: dict[str, Callable[[Path, int, Path], None]] = {
    "sync": _check_sync,
    "milvus": _check_milvus,
    "upload": _check_upload,
    "backup": _check_backup,
    "migration": _check_migration,
    "watch": _check_sync,
}


def _main(kills: int) -> None:
    cache = Path(tempfile.mkdtemp())
    with postgresql_server() as server:
        for number in range(kills * len(KINDS)):
            kind = list(KINDS)[number % len(KINDS)]
            folder = Path(tempfile.mkdtemp())
            outcome = kill_once(kind, number, folder, cache, f"{server}postgres?schema=t{number}")
            sys.stdout.write(f"{number} {outcome.kind}: killed after {outcome.reported} reports, sound\n")
            sys.stdout.flush()
            shutil.rmtree(folder)
    shutil.rmtree(cache)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
