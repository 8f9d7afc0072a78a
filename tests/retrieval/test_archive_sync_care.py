import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import Archive, Rename
from retrieval.errors import EmptySourceError
from retrieval.index import DATABASE_NAME, SqliteStore
from retrieval.reading import document_id
from tests.retrieval.samples import COURT, LIBRARY, RIVER, sources, write_files


def test_dry_run_tells_what_a_sync_would_do_and_does_nothing(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY, "c.txt": RIVER})
    archive.sync([files])
    before = archive.info()
    write_files(files, {"a.txt": COURT, "b.txt": f"{RIVER}新。", "new.txt": COURT + LIBRARY, "moved.txt": RIVER})
    expected = archive.sync([files], dry_run=True)
    assert archive.info() == before
    assert (expected.added, expected.changed, expected.unchanged) == (("new.txt",), ("b.txt",), ("a.txt",))
    assert expected.renamed == (Rename("moved.txt", "c.txt"),)
    assert archive.sync([files]) == expected


def test_untouched_file_is_not_read_again_unless_asked(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT})
    time.sleep(2.1)  # a file as young as that is always read
    archive.sync([files])
    with closing(sqlite3.connect(tmp_path / "archive" / DATABASE_NAME)) as connection, connection:
        # As if other bytes had been read from the same untouched file.
        connection.execute("UPDATE documents SET revision = 'other'")
    assert archive.sync([files]).unchanged == ("a.txt",)
    assert archive.sync([files], checksum=True).changed == ("a.txt",)


def test_file_written_just_before_it_was_read_is_not_trusted(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": "甲乙丙丁。"})
    archive.sync([files])
    with SqliteStore.open(tmp_path / "archive") as store:
        assert store.files()["a.txt"].origin.stamp == ""
    (files / "a.txt").write_text("子丑寅卯。", "utf-8")
    assert archive.sync([files]).changed == ("a.txt",)


def test_file_of_the_future_is_read_each_time(tmp_path: Path, archive: Archive) -> None:
    """The clock was set back, so that a later change may get an earlier time, or the same."""
    files = write_files(tmp_path / "files", {"a.txt": "甲乙丙丁。"})
    time.sleep(2.1)
    future = time.time() + 10_000
    os.utime(files / "a.txt", (future, future))
    archive.sync([files])
    with SqliteStore.open(tmp_path / "archive") as store:
        assert store.files()["a.txt"].origin.stamp == ""


def test_folder_that_has_become_empty_does_not_empty_the_archive(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT})
    other = write_files(tmp_path / "other", {"b.txt": LIBRARY})
    archive.sync([files, other])
    (files / "a.txt").unlink()
    for paths in ([files], [files, other]):
        with pytest.raises(EmptySourceError, match=rf"{files} holds no file.*--allow-empty"):
            archive.sync(paths)
        with pytest.raises(EmptySourceError):
            archive.sync(paths, dry_run=True)
    assert sources(archive) == ["a.txt", "b.txt"]
    (tmp_path / "never").mkdir()
    assert archive.sync([other, tmp_path / "never"]).removed == ("a.txt",)
    with pytest.raises(EmptySourceError):
        archive.sync([tmp_path / "never"])
    assert archive.sync([tmp_path / "never"], allow_empty=True).removed == ("b.txt",)
    assert archive.sync([tmp_path / "never"]).removed == ()


def test_vectors_are_made_anew_without_the_files(tmp_path: Path, archive: Archive, encoder_cache: Path) -> None:
    archive.sync([write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})])
    answer, info = archive.ask("调解成功率是多少？"), archive.info()
    shutil.rmtree(tmp_path / "files")
    told: list[tuple[int, int]] = []
    with closing(sqlite3.connect(tmp_path / "archive" / DATABASE_NAME)) as connection, connection:
        connection.execute("UPDATE meta SET value = 'universal#0123456789abcdef' WHERE key = 'encoder'")
        connection.execute("UPDATE vectors SET vector = zeroblob(length(vector))")
    count = Archive.reencode(
        tmp_path / "archive", cache=encoder_cache, progress=lambda done, total, _: told.append((done, total))
    )
    assert count == info.passages
    assert told[-1] == (count, count)
    assert (archive.info().encoder, archive.info().generation) == (info.encoder, info.generation + 1)
    assert archive.ask("调解成功率是多少？") == answer


def test_removed_words_are_in_no_file_of_the_archive(tmp_path: Path, archive: Archive) -> None:
    secret = "渣甸坊佘祺瑞"
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": f"{secret}在场。\n" * 50})
    archive.sync([files])
    archive.add("c.txt", f"{secret}再来。".encode())
    write_files(files, {"a.txt": COURT})
    archive.sync([files])
    archive.remove(document_id("uploads/c.txt"))
    left = [path for path in (tmp_path / "archive").rglob("*") if path.is_file()]
    assert len(left) > 10
    assert [path for path in left if secret[-3:].encode() in path.read_bytes()] == []


def test_the_next_sync_empties_a_log_that_a_killed_process_left(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "佘祺瑞"
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": f"{secret}在场。"})
    archive.sync([files])
    (files / "b.txt").unlink()
    with monkeypatch.context() as killed:
        killed.setattr(SqliteStore, "fold", lambda _: None)
        archive.sync([files])
    database = tmp_path / "archive" / DATABASE_NAME
    assert secret.encode() in database.read_bytes()
    assert archive.sync([files]).unchanged == ("a.txt",)
    assert secret.encode() not in database.read_bytes()
