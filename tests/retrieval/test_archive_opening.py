import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import Archive
from retrieval.errors import (
    ArchiveDamagedError,
    ArchiveEmptyError,
    ArchiveError,
    ArchiveFormatError,
    ArchiveMissingError,
    EncoderError,
    EncoderMismatchError,
    StorageError,
    UnknownDocumentError,
)
from retrieval.index import DATABASE_NAME
from tests.retrieval.samples import COURT, LIBRARY, assert_stands, given_quotes, write_files


def test_missing_archive_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissingError, match=f"no archive at {tmp_path / 'none'}.*wenju sync"):
        Archive.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_folder_without_an_archive_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissingError):
        Archive.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_new_archive_is_empty_and_says_so(tmp_path: Path, archive: Archive, encoder_cache: Path) -> None:
    info = archive.info()
    assert (info.documents, info.passages, info.generation) == (0, 0, 0)
    assert info.path == str(tmp_path / "archive")
    assert info.encoder.startswith("universal#")
    assert archive.documents() == []
    for ask in (archive.ask, archive.search):
        with pytest.raises(ArchiveEmptyError, match="holds no document; add some with: wenju sync"):
            ask("调解成功率是多少？")
    with Archive.open(tmp_path / "archive", create=True, cache=encoder_cache) as again:
        assert again.info() == info


@pytest.mark.parametrize("create", [False, True])
def test_file_in_the_place_of_the_archive_is_told_and_left_alone(tmp_path: Path, create: bool) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ArchiveError, match=str(tmp_path / "file")):
        Archive.open(tmp_path / "file", create=create)
    assert (tmp_path / "file").read_text() == "mine"


def test_documents_are_listed_and_given_as_their_files_are(tmp_path: Path, archive: Archive) -> None:
    archive.sync([write_files(tmp_path / "files", {"court.txt": COURT, "a.md": LIBRARY})])
    infos = archive.documents()
    assert [(info.source, info.characters, info.encoding) for info in infos] == [
        ("a.md", len(LIBRARY), "utf-8"),
        ("court.txt", len(COURT), "utf-8"),
    ]
    assert [archive.document(info.id).text for info in infos] == [LIBRARY, COURT]
    assert archive.info().documents == 2
    assert archive.info().passages == sum(info.passages for info in infos)
    with pytest.raises(UnknownDocumentError, match="'none'"):
        archive.document("none")


def test_closed_archive_says_so(archive: Archive) -> None:
    archive.close()
    archive.close()
    for use in (archive.documents, archive.info, lambda: archive.ask("问题一")):
        with pytest.raises(ArchiveError, match=r"was closed\. Open it again"):
            use()


def test_encoder_that_does_not_exist_leaves_no_archive_behind(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="there is no encoder 'other'"):
        Archive.open(tmp_path / "archive", create=True, encoder="other")
    with pytest.raises(ArchiveMissingError):
        Archive.open(tmp_path / "archive")


def test_encoder_of_other_weights_is_refused_when_it_is_needed(
    tmp_path: Path, archive: Archive, encoder_cache: Path
) -> None:
    files = write_files(tmp_path / "files", {"court.txt": COURT})
    archive.sync([files])
    with closing(sqlite3.connect(tmp_path / "archive" / DATABASE_NAME)) as connection, connection:
        connection.execute("UPDATE meta SET value = 'universal#0123456789abcdef' WHERE key = 'encoder'")
    with Archive.open(tmp_path / "archive", cache=encoder_cache) as opened:
        assert [info.source for info in opened.documents()] == ["court.txt"]
        for use in (lambda: opened.ask("调解成功率是多少？"), lambda: opened.sync([files])):
            with pytest.raises(EncoderMismatchError, match=r"universal#0123456789abcdef.*sync --reencode") as told:
                use()
            # The encoder of that name is the one that was tried.
            assert "WENJU_ENCODER=universal" not in str(told.value)


@pytest.mark.parametrize(("version", "age"), [(99, "newer"), (0, "older")])
def test_other_format_is_refused_and_the_cure_named(tmp_path: Path, archive: Archive, version: int, age: str) -> None:
    archive.close()
    with closing(sqlite3.connect(tmp_path / "archive" / DATABASE_NAME)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(ArchiveFormatError, match=f"format {version}, written by an? {age} wenju.*wenju sync --rebuild"):
        Archive.open(tmp_path / "archive", create=True)


def test_database_that_is_none_is_refused_and_the_cure_named(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"not a database at all" * 1000)
    with pytest.raises(ArchiveDamagedError, match="wenju sync --rebuild"):
        Archive.open(tmp_path, create=True)


def test_read_only_archive_can_be_asked_but_not_changed(ordinary_home: Path) -> None:
    files = write_files(ordinary_home / "files", {"court.txt": COURT})
    with Archive.open(ordinary_home / "archive", create=True, cache=ordinary_home / "cache") as archive:
        archive.sync([files])
        expected = archive.ask("调解成功率是多少？")
        (ordinary_home / "archive" / "derived").rename(ordinary_home / "taken away")
    everything = [ordinary_home / "archive", *(ordinary_home / "archive").rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    with Archive.open(ordinary_home / "archive", cache=ordinary_home / "cache") as archive:
        answer = archive.ask("调解成功率是多少？")
        assert answer == expected
        for quote in given_quotes(answer):
            assert_stands(quote, COURT)
        with pytest.raises(StorageError, match="cannot be written"):
            archive.sync([files])
    assert sorted(everything) == sorted([ordinary_home / "archive", *(ordinary_home / "archive").rglob("*")])


def test_archive_cannot_be_made_in_a_read_only_folder(ordinary_home: Path) -> None:
    (ordinary_home / "locked").mkdir(0o555)
    with pytest.raises(StorageError, match="archive cannot be written"):
        Archive.open(ordinary_home / "locked" / "archive", create=True)
