import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import Archive
from retrieval.errors import StorageError
from retrieval.index import DATABASE_NAME
from retrieval.reading import document_id
from tests.retrieval.samples import COURT, LIBRARY, RIVER, rounded, write_files

QUESTION = "炎陵县的调解成功率是多少？"


@pytest.fixture
def filled(tmp_path: Path, archive: Archive) -> Archive:
    archive.sync([write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})])
    archive.add("c.txt", RIVER.encode())
    return archive


def change(archive: Path, *statements: str) -> None:
    with closing(sqlite3.connect(archive / DATABASE_NAME)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            connection.execute(statement)


def test_sound_archive_passes(filled: Archive) -> None:
    report = filled.check()
    assert (report.sound, report.documents, report.passages) == (True, 3, filled.info().passages)
    assert report.findings == ()


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE vectors SET vector = zeroblob(2048) WHERE unit = 0", "not of length 1"),
        ("DELETE FROM vectors WHERE unit = 1", "lack vectors"),
        ("UPDATE vectors SET vector = x'00' WHERE passage_id = 1 AND unit = 0", "has not 512 numbers"),
        ("UPDATE vectors SET unit = 9 WHERE passage_id = 1 AND unit = 1", "lack vectors"),
    ],
)
def test_bad_vectors_are_found_and_made_anew(tmp_path: Path, filled: Archive, statement: str, problem: str) -> None:
    answer = filled.ask(QUESTION)
    change(tmp_path / "archive", statement)
    report = filled.check()
    assert not report.sound
    assert [problem in finding.problem for finding in report.findings if finding.part == "vectors"] == [True]
    repaired = filled.repair()
    assert repaired.sound
    assert [finding.repaired for finding in repaired.findings] == [True]
    assert filled.check().findings == ()
    assert rounded(filled.ask(QUESTION)) == rounded(answer)


@pytest.mark.parametrize("cut", [True, False], ids=["truncated", "gone"])
def test_damaged_indexes_are_found_and_made_anew(tmp_path: Path, filled: Archive, cut: bool) -> None:
    answer = filled.ask(QUESTION)
    (file,) = (tmp_path / "archive" / "derived").glob("*/segment-00000/vectors.bin")
    if cut:
        file.write_bytes(file.read_bytes()[:-100])
    else:
        file.unlink()
    (finding,) = filled.check().findings
    assert (finding.part, finding.repaired) == ("indexes", False)
    assert filled.repair().sound
    assert filled.check().findings == ()
    assert rounded(filled.ask(QUESTION)) == rounded(answer)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE documents SET text = replace(text, '312', '418')", "is not what was written"),
        ("UPDATE passages SET spans = '[[0,100000]]' WHERE id = 1", "span 0 to 100000"),
        ("UPDATE passages SET sentences = '[[[0,58]]]' WHERE position > 0", "sentence outside"),
        ("UPDATE passages SET spans = 'none' WHERE id = 1", "passage 1"),
        ("UPDATE documents SET characters = 3 WHERE source = 'a.txt'", "3 noted"),
        ("DELETE FROM documents WHERE source = 'a.txt'", "without their document"),
    ],
)
def test_lost_contents_are_found_and_not_made_up(tmp_path: Path, filled: Archive, statement: str, problem: str) -> None:
    change(tmp_path / "archive", statement)
    for report in (filled.check(), filled.repair()):
        assert not report.sound
        assert any(problem in finding.problem and not finding.repaired for finding in report.findings)


def overwrite(path: Path) -> None:
    path.write_bytes(b"other")


def move(path: Path) -> None:
    path.rename(path.with_name("other.txt"))


@pytest.mark.parametrize(
    ("damage", "problems"), [(overwrite, ["has changed"]), (move, ["cannot be read", "belongs to no document"])]
)
def test_uploads_files_are_checked(
    tmp_path: Path, filled: Archive, damage: Callable[[Path], None], problems: list[str]
) -> None:
    (file,) = (tmp_path / "archive" / "uploads").glob("*/c.txt")
    damage(file)
    report = filled.repair()
    assert [finding.part for finding in report.findings] == ["uploads"] * len(problems)
    for finding, problem in zip(report.findings, problems, strict=True):
        assert problem in finding.problem


def test_backup_is_an_archive_with_its_uploads(tmp_path: Path, filled: Archive, encoder_cache: Path) -> None:
    report = filled.backup(tmp_path / "copy")
    assert (report.documents, report.passages) == (3, filled.info().passages)
    with Archive.open(tmp_path / "copy", cache=encoder_cache) as copy:
        assert rounded(copy.ask(QUESTION)) == rounded(filled.ask(QUESTION))
        assert copy.original(document_id("uploads/c.txt")).data == RIVER.encode()
        assert copy.documents() == filled.documents()
        assert copy.check().findings == ()


def test_backup_never_overwrites(tmp_path: Path, filled: Archive) -> None:
    write_files(tmp_path / "mine", {"mine.txt": "mine"})
    for place in (tmp_path / "mine", tmp_path / "mine" / "mine.txt", tmp_path / "archive" / "copy"):
        with pytest.raises(StorageError, match="Choose a"):
            filled.backup(place)
    assert (tmp_path / "mine" / "mine.txt").read_text() == "mine"
    assert not (tmp_path / "archive" / "copy").exists()


def test_backup_whose_upload_is_lost_is_refused_and_leaves_nothing(tmp_path: Path, filled: Archive) -> None:
    (file,) = (tmp_path / "archive" / "uploads").glob("*/c.txt")
    file.unlink()
    with pytest.raises(StorageError, match=r"uploads/c\.txt: its file cannot be read"):
        filled.backup(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
