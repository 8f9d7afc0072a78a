import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.errors import ArchiveDamagedError, ArchiveError, ArchiveLockedError, StorageError
from retrieval.index import DATABASE_NAME, SqliteStore, Store
from tests.retrieval.index.samples import DIMENSION, put, start_python


@pytest.fixture
def store(sqlite_store: SqliteStore) -> Store:
    """A store in files; what PostgreSQL does when it fails is tested with it."""
    return sqlite_store


posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")

HALF_WRITTEN = """
import sys, time
from pathlib import Path
import samples
from retrieval.index import SqliteStore
with SqliteStore.open(Path(sys.argv[1])) as store, store.writing() as writer:
    for number in range(200):
        document = samples.make_document(f"{number}.txt", "新的文字\\n" * 50)
        drafts = samples.make_drafts(document)
        writer.put(document, samples.encoded(drafts))
        if number == 40:
            print("writing", flush=True)
            sys.stdin.readline()
"""

COMMITS = """
import sys
from pathlib import Path
import samples
from retrieval.index import SqliteStore
with SqliteStore.open(Path(sys.argv[1])) as store:
    for number in range(int(sys.argv[3])):
        samples.put(store, f"{sys.argv[2]}{number}.txt", "文字\\n" * 20)
        print(f"{sys.argv[2]}{number}.txt", flush=True)
"""


@posix
def test_killed_in_the_middle_of_a_write_leaves_the_old_state(store: Store, tmp_path: Path) -> None:
    put(store, "a.txt", "旧\n")
    with start_python(HALF_WRITTEN, tmp_path / "archive") as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "writing\n"
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    store.check()
    assert [(info.source, store.generation) for info in store.documents()] == [("a.txt", 1)]
    put(store, "b.txt", "新\n")
    assert [passage.id for passage in store.iter_passages()] == [1, 2]


@posix
def test_killed_at_any_time_keeps_what_was_reported_as_done(store: Store, tmp_path: Path) -> None:
    with start_python(COMMITS, tmp_path / "archive", "x", 1000) as child:
        assert child.stdout is not None
        done = [child.stdout.readline().strip() for _ in range(7)]
        child.send_signal(signal.SIGKILL)
        done += child.stdout.read().split()
    store.check()
    sources = {info.source for info in store.documents()}
    assert set(done) <= sources
    assert store.generation == len(sources) <= len(done) + 1


def test_two_processes_write_in_turn_and_nothing_is_lost(store: Store, tmp_path: Path) -> None:
    children = [start_python(COMMITS, tmp_path / "archive", name, 8) for name in "xy"]
    for child in children:
        child.communicate()
        assert child.returncode == 0
    assert len(store.documents()) == store.generation == 16
    store.check()


def test_writer_that_waits_in_vain_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.index._sqlite.BUSY_SECONDS", 0.05)
    with store.writing(), pytest.raises(ArchiveLockedError, match="Another process"), store.writing():
        pass


# The header, the schema, and the root of a table.
@pytest.mark.parametrize("place", [0, 100, 2 * 16384])
def test_damaged_database_is_told(tmp_path: Path, place: int) -> None:
    with SqliteStore.create(tmp_path, encoder="test", dimension=DIMENSION) as store:
        put(store, "a.txt", "一二三四五六七八九十\n" * 300)
    database = tmp_path / DATABASE_NAME
    content = bytearray(database.read_bytes())
    content[place : place + 4000] = b"\xa5" * 4000
    database.write_bytes(content)
    with pytest.raises(ArchiveDamagedError, match=r"damaged.*--rebuild"), SqliteStore.open(tmp_path) as store:
        store.check()


def test_text_that_has_changed_on_the_disk_is_told(tmp_path: Path) -> None:
    with SqliteStore.create(tmp_path, encoder="test", dimension=DIMENSION) as store:
        put(store, "a.txt", "调解成功率达98%。")
    database = tmp_path / DATABASE_NAME
    database.write_bytes(database.read_bytes().replace("98%。".encode(), "89%。".encode()))
    with SqliteStore.open(tmp_path) as store:
        for read in (store.check, lambda: store.passage(1), lambda: store.document("id-a.txt")):
            with pytest.raises(ArchiveDamagedError, match=r"text of document 'id-a\.txt'"):
                read()


def test_database_cut_short_is_told(tmp_path: Path) -> None:
    with SqliteStore.create(tmp_path, encoder="test", dimension=DIMENSION) as store:
        put(store, "a.txt", "一二三四五六七八九十\n" * 300)
    database = tmp_path / DATABASE_NAME
    database.write_bytes(database.read_bytes()[: 3 * 16384 + 5])
    with pytest.raises(ArchiveDamagedError, match="damaged"), SqliteStore.open(tmp_path) as store:
        list(store.vectors())


@posix
def test_full_disk_is_told_and_nothing_is_lost(small_disk: Path) -> None:
    with SqliteStore.create(small_disk / "archive", encoder="test", dimension=DIMENSION) as store:
        put(store, "a.txt", "旧\n")
        with pytest.raises(StorageError, match="full"):
            put(store, "b.txt", "新的文字\n" * 10_000)
        assert [info.source for info in store.documents()] == ["a.txt"]
        store.check()
        put(store, "c.txt", "新\n")
        assert [info.source for info in store.documents()] == ["a.txt", "c.txt"]


LIMITED = """
import resource, sys
from pathlib import Path
import samples
from retrieval.errors import StorageError
from retrieval.index import SqliteStore
with SqliteStore.open(Path(sys.argv[1])) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    try:
        samples.put(store, "b.txt", "新的文字\\n" * 4_000)
    except StorageError as error:
        print(type(error).__name__)
    samples.put(store, "c.txt", "新\\n")
    print([info.source for info in store.documents()])
"""


@posix
def test_write_that_the_system_refuses_is_told_and_nothing_is_lost(store: Store, tmp_path: Path) -> None:
    put(store, "a.txt", "旧\n")
    with start_python(LIMITED, tmp_path / "archive") as child:
        output, _ = child.communicate()
    assert output.splitlines() == ["StorageError", "['a.txt', 'c.txt']"]
    store.check()


def test_read_only_folder_can_be_read(small_disk: Path, make_read_only: Callable[[], None]) -> None:
    with SqliteStore.create(small_disk / "archive", encoder="test", dimension=DIMENSION) as store:
        put(store, "a.txt", "一\n")
    make_read_only()
    with SqliteStore.open(small_disk / "archive") as store:
        assert [passage.text for passage in store.iter_passages()] == ["一\n"]
        assert store.generation == 1
        with pytest.raises(StorageError, match="cannot be read or written"):
            put(store, "b.txt", "二\n")
    with pytest.raises(StorageError, match="No archive can be made"):
        SqliteStore.create(small_disk / "other", encoder="test", dimension=2)


@posix
def test_read_only_folder_with_unfolded_changes_is_refused(
    small_disk: Path, make_read_only: Callable[[], None]
) -> None:
    folder = small_disk / "archive"
    SqliteStore.create(folder, encoder="test", dimension=DIMENSION).close()
    with start_python(COMMITS, folder, "x", 1000) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(signal.SIGKILL)
    (folder / f"{DATABASE_NAME}-shm").unlink()
    make_read_only()
    with pytest.raises(StorageError, match="last changes"):
        SqliteStore.open(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only a folder in the database's place is left to try")
def test_database_that_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).mkdir()
    with pytest.raises(ArchiveError, match="cannot be read"):
        SqliteStore.open(tmp_path)
