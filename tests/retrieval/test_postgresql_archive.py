"""An archive whose documents are in PostgreSQL: what several machines share, and what each has of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from retrieval import Archive
from retrieval.errors import ArchiveMissingError, StorageError
from retrieval.reading import document_id
from tests.retrieval.index.samples import start_python
from tests.retrieval.samples import COURT, LIBRARY, RIVER, assert_stands, write_files

QUESTION = "炎陵县的调解成功率是多少？"

ASKING = """
import json, sys
from retrieval import Archive
path, cache, database = sys.argv[1:4]
with Archive.open(path, cache=cache, database=database) as archive:
    for question in sys.stdin:
        hits = archive.search(question.strip(), 9)
        print(json.dumps([archive.info().generation, [[hit.source, hit.passage.text] for hit in hits]]), flush=True)
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})


@contextmanager
def opened(folder: Path, cache: Path, database: str) -> Iterator[Archive]:
    with Archive.open(folder, create=True, cache=cache, database=database) as archive:
        yield archive


def traces(folder: Path, database: str, words: bytes) -> list[str]:
    """Give the files and tables that have the words somewhere."""
    found = [str(file) for file in folder.rglob("*") if file.is_file() and words in file.read_bytes()]
    address, _, schema = database.partition("?schema=")
    with psycopg.connect(address) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)).fetchall()
        assert len(names) == 10
        for (name,) in names:
            rows = connection.execute(f'SELECT * FROM "{schema}".{name}'.encode()).fetchall()
            cells = [cell.encode() if isinstance(cell, str) else cell for row in rows for cell in row]
            found.extend(name for cell in cells if isinstance(cell, bytes) and words in cell)
    return found


def test_answers_are_those_of_a_local_archive(tmp_path: Path, files: Path, encoder_cache: Path, database: str) -> None:
    with (
        Archive.open(tmp_path / "local", create=True, cache=encoder_cache) as local,
        opened(tmp_path / "shared", encoder_cache, database) as shared,
    ):
        assert shared.sync([files]) == local.sync([files])
        for question in (QUESTION, "How many books does the library lend?"):
            assert shared.ask(question).quotes == local.ask(question).quotes != ()
            assert shared.search(question) == local.search(question)
        assert_stands(shared.ask(QUESTION).quotes[0], COURT)
        assert shared.documents() == local.documents()
        assert shared.check().findings == ()
    assert sorted(path.name for path in (tmp_path / "shared").iterdir()) == ["derived"]


def test_what_is_removed_leaves_no_trace(tmp_path: Path, files: Path, encoder_cache: Path, database: str) -> None:
    with opened(tmp_path / "archive", encoder_cache, database) as archive:
        archive.sync([files])
        archive.add("river.txt", RIVER.encode())
        assert traces(tmp_path / "archive", database, "渡口".encode())
        assert archive.original(document_id("uploads/river.txt")).data == RIVER.encode()
        archive.remove(document_id("uploads/river.txt"))
        write_files(files, {"a.txt": COURT})
        assert archive.sync([files]).removed == ("b.txt",)
        for words in ("渡口", "渌江", "library", "readers"):
            assert traces(tmp_path / "archive", database, words.encode()) == []
            assert all(words not in hit.passage.text for hit in archive.search(words, 50))
        assert [info.source for info in archive.documents()] == ["a.txt"]
        assert archive.check().findings == ()


def test_processes_with_folders_of_their_own_serve_one_archive(
    tmp_path: Path, files: Path, encoder_cache: Path, database: str
) -> None:
    with opened(tmp_path / "here", encoder_cache, database) as archive:
        archive.sync([files])
        with start_python(ASKING, tmp_path / "there", encoder_cache, database) as other:
            assert other.stdin is not None
            assert other.stdout is not None

            def asked(question: str) -> tuple[int, list[list[str]]]:
                assert other.stdin is not None
                assert other.stdout is not None
                other.stdin.write(f"{question}\n")
                other.stdin.flush()
                generation, hits = json.loads(other.stdout.readline())
                assert [hit.source for hit in archive.search(question, 9)] == [source for source, _ in hits]
                return generation, hits

            generation, hits = asked(QUESTION)
            assert (generation, hits[0][0]) == (1, "a.txt")
            write_files(files, {"a.txt": COURT, "c.txt": RIVER})
            archive.sync([files])
            generation, hits = asked("渌江有多长？")
            assert (generation, hits[0][0]) == (2, "c.txt")
            assert not any("library" in text for _, text in hits)
            # Other vectors, and then other passages under the same ids.
            Archive.rebuild(tmp_path / "third", [files / "c.txt"], cache=encoder_cache, database=database)
            assert asked(QUESTION)[1] == [["c.txt", hit.passage.text] for hit in archive.search(QUESTION, 9)]
            other.stdin.close()
        assert other.returncode == 0
    assert len(list((tmp_path / "there" / "derived").iterdir())) == 1
    assert traces(tmp_path / "there", database, b"library") == []


def test_backup_is_an_archive_of_one_machine(tmp_path: Path, files: Path, encoder_cache: Path, database: str) -> None:
    with opened(tmp_path / "archive", encoder_cache, database) as archive:
        archive.sync([files])
        archive.add("river.txt", RIVER.encode())
        report = archive.backup(tmp_path / "copy")
        assert (report.documents, report.findings) == (3, ())
        with opened(tmp_path / "another", encoder_cache, database) as another:
            assert another.check() == archive.check()
        with Archive.open(tmp_path / "copy", cache=encoder_cache) as copy:
            assert copy.documents() == archive.documents()
            assert copy.search(QUESTION) == archive.search(QUESTION)
            assert copy.original(document_id("uploads/river.txt")).data == RIVER.encode()
            assert copy.check().findings == ()
    with pytest.raises(StorageError, match="holds an archive of its own"):
        Archive.open(tmp_path / "copy", cache=encoder_cache, database=database)


def test_archive_that_is_not_there_is_not_made_up(tmp_path: Path, encoder_cache: Path, database: str) -> None:
    with pytest.raises(ArchiveMissingError, match=r"no archive in postgresql://wenju:\*\*\*@127\.0\.0\.1.*wenju sync"):
        Archive.open(tmp_path / "archive", cache=encoder_cache, database=database)
    assert not (tmp_path / "archive").exists()
