"""What an archive promises holds wherever its passages are searched: in its folder, or by Milvus."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval import Archive, BackendChoice, BlockKind, Filters
from retrieval.errors import ArchiveEmptyError, UnknownDocumentError
from retrieval.reading import document_id
from retrieval.types import LOCAL, MILVUS
from tests.retrieval.samples import COURT, LIBRARY, RIVER, assert_stands, write_files

QUESTION = "炎陵县的调解成功率是多少？"
QUOTE = "调解成功率达到99.3%，比前年提高两个百分点。"
OTHER_COURT = COURT.replace("99.3%", "87.5%").replace("炎陵县", "攸县")
PLACES = {
    f"{n}.txt": f"{name}县的图书馆有{n}千册图书。\n\n馆长姓{name}。\n" for n, name in enumerate("甲乙丙丁戊己", 1)
}

pytestmark = pytest.mark.parametrize("backend", [LOCAL, MILVUS])
Opener = Callable[[], Archive]


@pytest.fixture
def opened(tmp_path: Path, encoder_cache: Path, backend: str) -> Opener:
    """Open the archive of this test, which is made the first time; whoever calls closes it."""

    def open_archive() -> Archive:
        choice = BackendChoice(backend)
        return Archive.open(tmp_path / "archive", create=True, cache=encoder_cache, backend=choice)

    return open_archive


def sources(archive: Archive, query: str, top: int = 20) -> list[str]:
    return [hit.source for hit in archive.search(query, top)]


def test_documents_are_asked_changed_and_removed(tmp_path: Path, opened: Opener) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})
    with opened() as archive:
        assert archive.sync([files]).added == ("a.txt", "b.txt")
        answer = archive.ask(QUESTION)
        assert (answer.status, answer.quotes[0].text) == ("answered", QUOTE)
        assert_stands(answer.quotes[0], COURT)
        assert sources(archive, "How many books does the library lend?")[0] == "b.txt"

        write_files(files, {"a.txt": OTHER_COURT, "b.txt": LIBRARY, "c.txt": RIVER})
        report = archive.sync([files])
        assert (report.added, report.changed, report.unchanged) == (("c.txt",), ("a.txt",), ("b.txt",))
        quoted = archive.ask("攸县的调解成功率是多少？").quotes
        assert quoted[0].text == QUOTE.replace("99.3%", "87.5%")
        assert_stands(quoted[0], OTHER_COURT)
        assert not any("99.3" in hit.passage.text for hit in archive.search("99.3%", 50))
        assert sources(archive, "渌江有多长？")[0] == "c.txt"

        write_files(files, {"b.txt": LIBRARY, "c.txt": RIVER})
        assert archive.sync([files]).removed == ("a.txt",)
        assert set(sources(archive, "攸县 调解 成功率", 50)) == {"b.txt", "c.txt"}
        assert archive.check().sound


def test_it_is_the_same_when_it_is_opened_again(tmp_path: Path, opened: Opener, backend: str) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY, "c.txt": RIVER})
    with opened() as archive:
        archive.sync([files])
        answer, hits = archive.ask(QUESTION), archive.search("渌江 渡口", 9)
    with opened() as archive:
        assert archive.info().backend == backend
        assert archive.ask(QUESTION) == answer
        assert archive.search("渌江 渡口", 9) == hits
        assert archive.sync([files]).unchanged == ("a.txt", "b.txt", "c.txt")
        assert archive.info().generation == 1


def test_filters_leave_out_what_they_say(tmp_path: Path, opened: Opener) -> None:
    files = write_files(tmp_path / "files", {"court.txt": COURT, "court2.txt": OTHER_COURT, "river.txt": RIVER})
    with opened() as archive:
        archive.sync([files])
        every = archive.search("调解成功率", 50)
        assert {hit.source for hit in every} == {"court.txt", "court2.txt", "river.txt"}

        def filtered(filters: Filters) -> list[str]:
            return sorted({hit.source for hit in archive.search("调解成功率", 50, filters=filters)})

        assert filtered(Filters(sources=("court2",))) == ["court2.txt"]
        assert filtered(Filters(since="2021-11", until="2021-12")) == ["court.txt", "court2.txt"]
        assert filtered(Filters(since="2022")) == []
        kinds = {hit.passage.kind for hit in every}
        assert len(kinds) > 1
        only = archive.search("调解成功率", 50, filters=Filters(kinds=(BlockKind.PARAGRAPH,)))
        assert {hit.passage.kind for hit in only} == {BlockKind.PARAGRAPH}
        assert len(only) == sum(hit.passage.kind is BlockKind.PARAGRAPH for hit in every)


def test_uploads_come_and_go(opened: Opener) -> None:
    with opened() as archive:
        with pytest.raises(ArchiveEmptyError):
            archive.search("渌江")
        assert archive.add("river.txt", RIVER.encode()).added == ("uploads/river.txt",)
        assert set(sources(archive, "渌江有多长？")) == {"uploads/river.txt"}
        archive.add("river.txt", LIBRARY.encode())
        assert all("渌江" not in hit.passage.text for hit in archive.search("渌江", 50))
        archive.remove(document_id("uploads/river.txt"))
        with pytest.raises(ArchiveEmptyError):
            archive.search("渌江")
        with pytest.raises(UnknownDocumentError):
            archive.remove(document_id("uploads/river.txt"))
        archive.add("court.txt", COURT.encode())
        assert archive.ask(QUESTION).quotes[0].text == QUOTE


def test_a_renamed_file_is_found_under_its_new_name(tmp_path: Path, opened: Opener) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})
    with opened() as archive:
        archive.sync([files])
        (files / "a.txt").rename(files / "c.txt")
        assert [rename.source for rename in archive.sync([files]).renamed] == ["c.txt"]
        assert archive.ask(QUESTION).quotes[0].source == "c.txt"
        only = archive.search("调解", 50, filters=Filters(sources=("c.txt",)))
        assert {hit.source for hit in only} == {"c.txt"}
        assert archive.check().sound


def test_it_is_rebuilt_and_encoded_anew(tmp_path: Path, opened: Opener, encoder_cache: Path, backend: str) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})
    with opened() as archive:
        archive.sync([files])
        before = archive.search(QUESTION, 9)
    assert Archive.reencode(tmp_path / "archive", cache=encoder_cache) == len(before)
    write_files(files, {"a.txt": COURT, "c.txt": RIVER})
    assert Archive.rebuild(tmp_path / "archive", [files], cache=encoder_cache).added == ("a.txt", "c.txt")
    with opened() as archive:
        assert archive.info().backend == backend
        assert archive.ask(QUESTION).quotes[0].text == QUOTE
        assert set(sources(archive, "library books", 50)) == {"a.txt", "c.txt"}
        assert archive.check().sound


def test_another_that_has_it_open_sees_each_change(tmp_path: Path, opened: Opener) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT})
    with opened() as writer, opened() as reader:
        writer.sync([files])
        assert reader.ask(QUESTION).quotes[0].text == QUOTE
        writer.sync([write_files(files, {"b.txt": RIVER})])
        assert set(sources(reader, "炎陵县的调解成功率", 50)) == {"b.txt"}
        reader.add("c.txt", LIBRARY.encode())
        assert sources(writer, "How many books does the library lend?")[0] == "uploads/c.txt"


def test_whoever_asks_while_it_changes_gets_each_document_once(tmp_path: Path, opened: Opener) -> None:
    files = write_files(tmp_path / "files", PLACES)
    stop, asked, wrong = threading.Event(), list[int](), list[list[str]]()

    def ask(archive: Archive) -> None:
        while not stop.is_set():
            found = [hit.passage.text for hit in archive.search("图书馆有多少册图书？", 50)]
            # A changed document is there with its old text or its new one, never with both or none.
            if sorted(text[0] for text in found if "图书馆" in text) != sorted(text[0] for text in PLACES.values()):
                wrong.append(found)
            asked.append(len(found))

    with opened() as archive:
        archive.sync([files])
        thread = threading.Thread(target=ask, args=(archive,))
        thread.start()
        try:
            for number in range(1, 4):
                changed = {name: text.replace("千册", f"千{number}百册") for name, text in PLACES.items()}
                assert len(archive.sync([write_files(files, changed)]).changed) == len(PLACES)
        finally:
            stop.set()
            thread.join()
    assert wrong == []
    assert asked
