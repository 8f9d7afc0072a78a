import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval import Archive
from retrieval.errors import ArchiveEmptyError, ArchiveLockedError, ArchiveMissingError
from retrieval.types import Rename
from tests.retrieval.index.samples import start_python
from tests.retrieval.samples import COURT, LIBRARY, RIVER, assert_stands, given_quotes, write_files

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")

QUESTION = "炎陵县的调解成功率是多少？"
TEXTS = {"a.txt": COURT, "b.txt": LIBRARY, "c.txt": RIVER}

# Synchronises, and stops for a line from outside when the second file is done.
STOPPING = """
import sys
from retrieval import Archive
def progress(done, total, label):
    if label == "b.txt" and done == 0:
        print("second", flush=True)
        sys.stdin.readline()
with Archive.open(sys.argv[1], create=True, cache=sys.argv[3]) as archive:
    print(archive.sync([sys.argv[2]], progress=progress).added)
"""

OPENING = """
import sys
from retrieval import Archive
Archive.open(sys.argv[1], create=True)
"""

# No file may grow beyond 300 kB, as on a full disk.
LIMITED = """
import resource, sys
from retrieval import Archive
from retrieval.errors import StorageError
with Archive.open(sys.argv[1], cache=sys.argv[3]) as archive:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    try:
        archive.sync([sys.argv[2]])
    except StorageError as error:
        print(error)
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files", TEXTS)


def test_second_process_that_synchronises_at_once_is_refused_and_may_ask(
    tmp_path: Path, archive: Archive, files: Path, encoder_cache: Path
) -> None:
    archive.sync([write_files(tmp_path / "before", {"old.txt": COURT})])
    before = archive.ask(QUESTION)
    with start_python(STOPPING, tmp_path / "archive", files, encoder_cache) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "second\n"
        with pytest.raises(ArchiveLockedError, match=f"Process {child.pid} is writing to the archive at {tmp_path}"):
            archive.sync([files])
        with pytest.raises(ArchiveLockedError, match=f"Process {child.pid} "):
            Archive.rebuild(tmp_path / "archive", [files], cache=encoder_cache)
        assert archive.ask(QUESTION) == before
        output, _ = child.communicate("go on\n")
        assert output == "('b.txt', 'c.txt')\n"  # a.txt has the words of old.txt, which is gone: it is renamed
    assert given_quotes(archive.ask(QUESTION))[0].source == "a.txt"
    assert archive.sync([files]).unchanged == ("a.txt", "b.txt", "c.txt")


@posix
def test_killed_in_the_middle_of_the_first_build_it_opens_and_can_be_built(
    tmp_path: Path, files: Path, encoder_cache: Path
) -> None:
    with start_python(STOPPING, tmp_path / "archive", files, encoder_cache) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "second\n"
        child.send_signal(signal.SIGKILL)
    with Archive.open(tmp_path / "archive", cache=encoder_cache) as archive:
        assert archive.documents() == []
        with pytest.raises(ArchiveEmptyError):
            archive.ask(QUESTION)
        assert archive.sync([files]).added == ("a.txt", "b.txt", "c.txt")
        assert_stands(given_quotes(archive.ask(QUESTION))[0], COURT)


@posix
def test_killed_while_unpacking_the_encoder_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    with start_python(OPENING, path) as child:
        deadline = time.monotonic() + 60
        while not list(path.glob("**/table.npy")):
            assert child.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.002)
        child.send_signal(signal.SIGKILL)
    with pytest.raises(ArchiveMissingError):
        Archive.open(path)
    with Archive.open(path, create=True) as archive:
        assert archive.documents() == []


def test_interrupted_sync_keeps_the_archive_as_it_was(archive: Archive, files: Path) -> None:
    archive.sync([files])
    before, info = archive.ask(QUESTION), archive.info()

    def interrupt(done: int, total: int, label: str) -> None:
        raise KeyboardInterrupt(done, total, label)

    write_files(files, {"a.txt": RIVER, "d.txt": LIBRARY})
    with pytest.raises(KeyboardInterrupt):
        archive.sync([files], progress=interrupt)
    assert archive.info() == info
    assert archive.ask(QUESTION) == before
    report = archive.sync([files])
    assert (report.added, report.changed, report.removed) == ((), ("a.txt",), ("c.txt",))
    assert report.renamed == (Rename("d.txt", "b.txt"),)


@posix
def test_full_disk_is_told_and_nothing_is_lost(tmp_path: Path, archive: Archive, encoder_cache: Path) -> None:
    archive.sync([write_files(tmp_path / "before", {"a.txt": COURT})])
    before, info = archive.ask(QUESTION), archive.info()
    large = write_files(tmp_path / "large", {"b.txt": "".join(f"第{n}页的文字。\n\n" for n in range(150))})
    with start_python(LIMITED, tmp_path / "archive", large, encoder_cache) as child:
        output, _ = child.communicate()
    assert "full" in output or "cannot be read or written" in output
    assert archive.info() == info
    assert archive.ask(QUESTION) == before
    assert archive.sync([large]).added == ("b.txt",)


def remove(derived: Path) -> None:
    shutil.rmtree(derived)


def flip_bytes(derived: Path) -> None:
    for file in derived.rglob("*"):
        if file.is_file() and file.stat().st_size:
            content = bytearray(file.read_bytes())
            content[len(content) // 2] ^= 0xFF
            file.write_bytes(content)


def cut_short(derived: Path) -> None:
    for file in derived.rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def lose_the_files_but_not_the_list(derived: Path) -> None:
    for file in derived.rglob("*.*"):
        if file.is_file() and file.name != "manifest.json":
            file.unlink()


def put_a_file_in_its_place(derived: Path) -> None:
    shutil.rmtree(derived)
    derived.write_text("no folder")


@pytest.mark.parametrize(
    "damage",
    [remove, flip_bytes, cut_short, lose_the_files_but_not_the_list, put_a_file_in_its_place],
    ids=lambda damage: damage.__name__,
)
def test_damaged_indexes_are_made_anew_and_give_the_same_answers(
    tmp_path: Path, archive: Archive, files: Path, encoder_cache: Path, damage: Callable[[Path], None]
) -> None:
    archive.sync([files])
    answer, hits = archive.ask(QUESTION), archive.search(QUESTION)
    archive.close()
    damage(tmp_path / "archive" / "derived")
    with Archive.open(tmp_path / "archive", cache=encoder_cache) as repaired:
        assert repaired.ask(QUESTION) == answer
        assert repaired.search(QUESTION) == hits


def test_indexes_that_vanish_while_they_are_opened_are_made_anew(
    tmp_path: Path, archive: Archive, files: Path, encoder_cache: Path
) -> None:
    """Another process that synchronises removes older ones."""
    archive.sync([files])
    answer = archive.ask(QUESTION)
    (manifest,) = (tmp_path / "archive" / "derived").glob("*/manifest.json")
    content = manifest.read_text()
    shutil.rmtree(manifest.parent / "segment-00000")
    manifest.write_text(content.partition('"files"')[0] + '"files": {}}')
    with Archive.open(tmp_path / "archive", cache=encoder_cache) as opened:
        assert opened.ask(QUESTION) == answer
