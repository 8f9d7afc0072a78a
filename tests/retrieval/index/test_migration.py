"""An archive of each older format, written by the code of its time, becomes one of today's and keeps all it had."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import Archive
from retrieval.errors import ArchiveDamagedError, ArchiveFormatError, StorageError
from retrieval.index import SqliteStore, VectorBlock
from retrieval.index.sqlite_store import DATABASE_NAME, FORMAT_VERSION
from tests.retrieval.samples import COURT, LIBRARY, RIVER, assert_stands, given_quotes, write_files

FORMATS = Path(__file__).parent / "formats"
FILES = {"court.txt": COURT, "library.txt": LIBRARY, "river.txt": RIVER}
OLDER = sorted(int(path.stem.removeprefix("format_")) for path in FORMATS.glob("format_*.sql"))


def test_every_older_format_has_its_archive() -> None:
    assert list(range(1, FORMAT_VERSION)) == OLDER


def make(folder: Path, version: int) -> Path:
    folder.mkdir()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        connection.executescript((FORMATS / f"format_{version}.sql").read_text("utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    return folder


def columns(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE TABLE%'")]
        return {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in sorted(names)}


@pytest.mark.parametrize("version", OLDER)
def test_older_format_is_brought_up_to_date_and_keeps_its_contents(tmp_path: Path, version: int) -> None:
    folder = make(tmp_path / "archive", version)
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        before = connection.execute("SELECT passage_id, unit, vector FROM vectors ORDER BY 1, 2").fetchall()
    with SqliteStore.open(folder) as store:
        assert store.generation == 1
        assert {info.source: store.document(info.id).text for info in store.documents()} == FILES
        assert not any(file.origin.uploaded or file.origin.location for file in store.files().values())
        table = VectorBlock.join(store.vectors(), store.dimension)
        assert [row.tobytes() for row in table.vectors] == [row[2] for row in before]
        store.check()
    SqliteStore.create(tmp_path / "new", encoder="test", dimension=2).close()
    assert columns(folder) == columns(tmp_path / "new")
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT_VERSION,)
        assert connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone() == (str(FORMAT_VERSION),)


@pytest.mark.parametrize("version", OLDER)
def test_sync_of_an_older_archive_learns_where_the_files_are_and_encodes_nothing_anew(
    tmp_path: Path, version: int, encoder_cache: Path
) -> None:
    folder, files = make(tmp_path / "archive", version), write_files(tmp_path / "files", FILES)
    with Archive.open(folder, cache=encoder_cache) as archive:
        court = next(info.id for info in archive.documents() if info.source == "court.txt")
        report = archive.sync([files])
        assert (report.unchanged, report.changed) == (tuple(FILES), ())
        assert archive.info().generation == 1
        assert archive.original(court).data == COURT.encode()
        assert_stands(given_quotes(archive.ask("炎陵县的调解成功率是多少？"))[0], COURT)


def test_older_archive_that_cannot_be_written_is_told(ordinary_home: Path) -> None:
    folder = make(ordinary_home / "archive", 1)
    (folder / DATABASE_NAME).chmod(0o444)
    folder.chmod(0o555)
    with pytest.raises(StorageError, match=r"older wenju.*Make its folder writable"):
        SqliteStore.open(folder)
    with pytest.raises(ArchiveFormatError, match=r"format 1.*Open the archive once"):
        SqliteStore.open(folder, read_only=True)
    folder.chmod(0o755)
    (folder / DATABASE_NAME).chmod(0o644)
    with SqliteStore.open(folder) as store:
        assert len(store.documents()) == 3


def test_older_archive_that_is_damaged_is_left_as_it_was(tmp_path: Path) -> None:
    folder = make(tmp_path / "archive", 1)
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        connection.execute("CREATE TABLE layouts (other TEXT)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with pytest.raises(ArchiveDamagedError, match="already exists"):
        SqliteStore.open(folder)
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert len(connection.execute("SELECT * FROM documents").fetchone()) == 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="POSIX")
def test_two_that_open_an_older_archive_at_once_both_can(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    folder = make(tmp_path / "archive", 1)

    def count(_: int) -> int:
        with SqliteStore.open(folder) as store:
            return len(store.documents())

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(count, range(8))) == [3] * 8
