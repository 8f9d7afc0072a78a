import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import Archive
from retrieval.index import DATABASE_NAME
from tests.retrieval.samples import COURT, LIBRARY, RIVER, write_files

QUESTION = "炎陵县的调解成功率是多少？"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY, "c.txt": RIVER})


def make_garbage(database: Path) -> None:
    database.write_bytes(b"no database" * 5000)


def make_newer(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA user_version = 99")


def make_foreign(database: Path) -> None:
    database.unlink()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")


def damage_inside(database: Path) -> None:
    content = bytearray(database.read_bytes())
    middle = len(content) // 2
    content[middle:] = b"\xa5" * (len(content) - middle)
    database.write_bytes(content)


@pytest.mark.parametrize(
    "spoil", [make_garbage, make_newer, make_foreign, damage_inside], ids=lambda spoil: spoil.__name__
)
def test_rebuild_makes_a_good_archive_and_keeps_the_old_file(
    tmp_path: Path, archive: Archive, files: Path, encoder_cache: Path, spoil: Callable[[Path], None]
) -> None:
    archive.sync([files])
    answer = archive.ask(QUESTION)
    archive.close()
    database = tmp_path / "archive" / DATABASE_NAME
    spoil(database)
    spoiled = database.read_bytes()
    report = Archive.rebuild(tmp_path / "archive", [files], cache=encoder_cache)
    assert report.added == ("a.txt", "b.txt", "c.txt")
    with Archive.open(tmp_path / "archive", cache=encoder_cache) as rebuilt:
        assert rebuilt.ask(QUESTION) == answer
    (aside,) = database.parent.glob(f"{DATABASE_NAME}.unreadable-*")
    assert aside.read_bytes() == spoiled


def test_rebuild_that_is_interrupted_keeps_the_old_contents(
    tmp_path: Path, archive: Archive, files: Path, encoder_cache: Path
) -> None:
    archive.sync([files])
    answer, info = archive.ask(QUESTION), archive.info()

    def interrupt(done: int, total: int, label: str) -> None:
        if label == "b.txt":
            raise KeyboardInterrupt(done, total)

    with pytest.raises(KeyboardInterrupt):
        Archive.rebuild(tmp_path / "archive", [files], progress=interrupt, cache=encoder_cache)
    assert archive.info() == info
    assert archive.ask(QUESTION) == answer
    assert Archive.rebuild(tmp_path / "archive", [files], cache=encoder_cache).added == ("a.txt", "b.txt", "c.txt")
    assert archive.ask(QUESTION) == answer
