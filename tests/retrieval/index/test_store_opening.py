import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.errors import ArchiveFormatError, ArchiveLockedError, ArchiveMissingError, StorageError
from retrieval.index import DATABASE_NAME, SqliteStore, Store, StoreHome
from retrieval.types import LOCAL
from tests.retrieval.index.samples import put


def test_last_connection_folds_sqlites_log_into_the_database(tmp_path: Path) -> None:
    SqliteStore.create(tmp_path, encoder="test", dimension=2).close()
    assert [path.name for path in tmp_path.iterdir()] == [DATABASE_NAME]


def test_missing_archive_names_the_cure(home: StoreHome, tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissingError, match="wenju sync"):
        home.open()
    assert home.set_aside_unreadable() is None
    assert not (tmp_path / "archive").exists()


def test_second_store_in_a_place_is_refused(store: Store, home: StoreHome) -> None:
    put(store, "a.txt", "一\n")
    with pytest.raises(StorageError, match="already"):
        home.create(encoder="other", dimension=2, backend=LOCAL)
    assert store.encoder == "test"


@pytest.mark.parametrize(
    ("pragma", "message"),
    [
        ("user_version = 3", "newer wenju.*Upgrade"),
        ("user_version = 0", "older wenju.*--rebuild"),
        ("application_id = 1", "not written by wenju"),
    ],
)
def test_other_formats_are_refused_with_the_cure(tmp_path: Path, pragma: str, message: str) -> None:
    SqliteStore.create(tmp_path, encoder="test", dimension=2).close()
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as connection:
        connection.execute(f"PRAGMA {pragma}")
    with pytest.raises(ArchiveFormatError, match=message):
        SqliteStore.open(tmp_path)
    aside = SqliteStore.set_aside_unreadable(tmp_path)
    assert aside is not None
    assert aside.stat().st_size > 0
    SqliteStore.create(tmp_path, encoder="test", dimension=2).close()
    assert SqliteStore.set_aside_unreadable(tmp_path) is None


def test_log_that_outlived_its_database_does_not_get_into_the_next(sqlite_store: SqliteStore, tmp_path: Path) -> None:
    put(sqlite_store, "a.txt", "旧\n")
    database = tmp_path / "archive" / DATABASE_NAME
    assert database.with_name(f"{DATABASE_NAME}-wal").stat().st_size > 0
    database.unlink()
    with SqliteStore.create(tmp_path / "archive", encoder="new", dimension=2) as new:
        assert new.documents() == []
        assert new.encoder == "new"
        # A store that was open all the while sees the new database too.
        assert sqlite_store.encoder == "new"


def test_read_only_store_reads_and_refuses_to_write(sqlite_store: SqliteStore, tmp_path: Path) -> None:
    put(sqlite_store, "a.txt", "一\n")
    with SqliteStore.open(tmp_path / "archive", read_only=True) as reader:
        assert [passage.text for passage in reader.iter_passages()] == ["一\n"]
        with pytest.raises(StorageError, match="reading only"), reader.writing():
            pass
        put(sqlite_store, "b.txt", "二\n")
        assert [info.source for info in reader.documents()] == ["a.txt", "b.txt"]


def test_lock_is_one_blocks_at_a_time(store: Store, home: StoreHome) -> None:
    with (
        store.lock(),
        pytest.raises(ArchiveLockedError, match=r"is writing to the archive.*Wait"),
        home.lock(patience=0.1),
    ):
        pass
    with home.lock(), home.open() as other, pytest.raises(ArchiveLockedError), other.lock():
        pass
    with store.lock(), store.writing() as writer:
        writer.set_backend("milvus")
    assert store.backend == "milvus"
    store.fold()
