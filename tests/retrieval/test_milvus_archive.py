"""What is particular to an archive whose passages are searched by Milvus."""

import subprocess
import sys
from pathlib import Path

import pytest

from retrieval import Archive, BackendChoice
from retrieval.errors import BackendError, BackendMismatchError
from retrieval.index.milvus import MilvusServer
from retrieval.index.milvus_passages import MilvusPassages
from retrieval.types import LOCAL, MILVUS
from tests.retrieval.index.samples import start_python
from tests.retrieval.samples import COURT, LIBRARY, RIVER, write_files

QUESTIONS = ("炎陵县的调解成功率是多少？", "How many books does the library lend?", "渌江多长", "yanling 调解")
CHOICE = BackendChoice(MILVUS)

# Ends without a word of goodbye, before a change is committed or between that and what is to follow it.
KILLED = """
import os, signal, sys
from retrieval import Archive
from retrieval.index.milvus_passages import MilvusPassages
moment, path, files, cache = sys.argv[1:5]
with Archive.open(path, cache=cache) as archive:
    setattr(MilvusPassages, moment, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    archive.sync([files])
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})


def make(path: Path, files: Path, cache: Path, backend: str = MILVUS) -> None:
    with Archive.open(path, create=True, cache=cache, backend=BackendChoice(backend)) as archive:
        archive.sync([files])


def names(path: Path) -> list[str]:
    return sorted(file.name for file in (path / "milvus" / "collections").iterdir())


def test_hits_and_scores_are_those_of_a_local_archive(tmp_path: Path, files: Path, encoder_cache: Path) -> None:
    write_files(files, {"a.txt": COURT, "b.txt": LIBRARY, "c.txt": RIVER, "d.txt": "炎陵县\n\n图书馆在河边。\n"})
    for backend in (LOCAL, MILVUS):
        make(tmp_path / backend, files, encoder_cache, backend)
    with (
        Archive.open(tmp_path / LOCAL, cache=encoder_cache) as local,
        Archive.open(tmp_path / MILVUS, cache=encoder_cache) as remote,
    ):
        for question in QUESTIONS:
            ours, theirs = (archive.search(question, 50) for archive in (remote, local))
            assert [hit.passage.id for hit in ours] == [hit.passage.id for hit in theirs]
            for own, other in zip(ours, theirs, strict=True):
                scores = {score.channel: score.score for score in own.channels}
                expected = {score.channel: score.score for score in other.channels}
                # How rare several words are together is estimated here, and counted there.
                neighbours = scores.pop("neighbours"), expected.pop("neighbours")
                assert scores == pytest.approx(expected, abs=1e-5)
                assert neighbours[0] == pytest.approx(neighbours[1], abs=0.15)
            own_answer, answer = (archive.ask(question) for archive in (remote, local))
            assert own_answer.status == answer.status
            assert [quote.text for quote in own_answer.quotes] == [quote.text for quote in answer.quotes]
            assert [quote.spans for quote in own_answer.quotes] == [quote.spans for quote in answer.quotes]


@pytest.mark.parametrize("moment", ["settle", "delete"])
def test_a_killed_update_is_made_good_by_the_next(path: Path, files: Path, encoder_cache: Path, moment: str) -> None:
    make(path, files, encoder_cache)
    write_files(files, {"b.txt": LIBRARY, "c.txt": RIVER})
    process = start_python(KILLED, moment, path, files, encoder_cache)
    process.communicate()
    assert process.returncode < 0
    with Archive.open(path, cache=encoder_cache) as archive:
        before = archive.info().generation
        sources = {hit.source for hit in archive.search("调解 渌江 library", 50)}
        # Nothing was committed when it died before that; otherwise all of it was.
        assert sources == ({"a.txt", "b.txt"} if moment == "settle" else {"b.txt", "c.txt"})
        assert before == (1 if moment == "settle" else 2)
        assert [finding.part for finding in archive.check().findings] == ["indexes", "indexes"]
        # Other passages get the ids of those that were never committed.
        write_files(files, {"b.txt": LIBRARY, "d.txt": RIVER.replace("渌江", "洣水")})
        archive.sync([files])
        assert archive.check().findings == ()
        texts = [hit.passage.text for hit in archive.search("洣水有多长", 50)]
        assert "洣水" in texts[0]
        assert not any("渌江" in text or "炎陵" in text for text in texts)
    assert len(names(path)) == 1


def test_a_killed_first_sync_leaves_nothing_behind(path: Path, files: Path, encoder_cache: Path) -> None:
    with Archive.open(path, create=True, cache=encoder_cache, backend=CHOICE):
        pass
    process = start_python(KILLED, "settle", path, files, encoder_cache)
    process.communicate()
    assert process.returncode < 0
    (left,) = names(path)
    with Archive.open(path, cache=encoder_cache) as archive:
        archive.sync([files])
        assert archive.search(QUESTIONS[0], 1)[0].source == "a.txt"
        assert archive.check().findings == ()
    assert len(names(path)) == 1
    assert names(path) != [left]
    server = MilvusServer(str(path / "milvus" / "embedded.db"))
    assert not MilvusPassages(server, left).exist()
    server.close()


def test_doctor_finds_what_milvus_lacks_and_puts_it_there(path: Path, files: Path, encoder_cache: Path) -> None:
    make(path, files, encoder_cache)
    (name,) = names(path)
    with Archive.open(path, cache=encoder_cache) as archive:
        hits = archive.search(QUESTIONS[0], 9)
        assert archive.check().index is not None
        passages = MilvusPassages(MilvusServer(str(path / "milvus" / "embedded.db")), name)
        passages.delete([1])
        problems = [finding.problem for finding in archive.check().findings]
        assert [f"{len(hits) - 1} passages of this archive instead of {len(hits)}" in p for p in problems] == [
            True,
            False,
        ]
        assert archive.repair().sound
        assert archive.check().findings == ()
        assert archive.search(QUESTIONS[0], 9) == hits
        assert names(path) != [name]
        assert not passages.exist()

        MilvusPassages(MilvusServer(str(path / "milvus" / "embedded.db")), names(path)[0]).drop()
        with pytest.raises(BackendError, match="wenju doctor --repair"):
            archive.search(QUESTIONS[0])
        assert "lacks wenju_" in archive.check().findings[0].problem
        assert archive.repair().sound
        assert archive.search(QUESTIONS[0], 9) == hits


def test_what_is_removed_is_in_no_row_of_milvus(path: Path, files: Path, encoder_cache: Path) -> None:
    make(path, files, encoder_cache)
    (name,) = names(path)
    with Archive.open(path, cache=encoder_cache) as archive:
        archive.sync([write_files(files, {"b.txt": LIBRARY})])
        kept = archive.info().passages
        assert names(path) == [name]
        server = MilvusServer(str(path / "milvus" / "embedded.db"))
        assert MilvusPassages(server, name).counts()[0] == kept
        archive.sync([write_files(files, {})], allow_empty=True)
        assert names(path) == []
        assert not MilvusPassages(server, name).exist()


def test_a_backend_that_it_was_not_made_with_is_refused(path: Path, files: Path, encoder_cache: Path) -> None:
    make(path, files, encoder_cache, LOCAL)
    with pytest.raises(BackendMismatchError, match=r"backend local, not milvus.*--rebuild --backend milvus PATH"):
        Archive.open(path, cache=encoder_cache, backend=CHOICE)
    with Archive.open(path, cache=encoder_cache) as archive:
        expected = archive.search(QUESTIONS[0], 9)
    for choice in (CHOICE, BackendChoice(LOCAL)):
        Archive.rebuild(path, [files], cache=encoder_cache, backend=choice)
        with Archive.open(path, cache=encoder_cache) as archive:
            assert archive.info().backend == choice.name
            assert [hit.passage for hit in archive.search(QUESTIONS[0], 9)] == [hit.passage for hit in expected]
            assert archive.check().findings == ()
    # Nothing is left of the time with Milvus but an empty house.
    assert names(path) == []
    assert [file.name for file in (path / "milvus" / "embedded.db" / "collections").iterdir()] == []


def test_a_copy_has_a_place_of_its_own(tmp_path: Path, path: Path, files: Path, encoder_cache: Path) -> None:
    make(path, files, encoder_cache)
    with Archive.open(path, cache=encoder_cache) as archive:
        hits = archive.search(QUESTIONS[0], 9)
        archive.backup(tmp_path / "copy")
        with Archive.open(tmp_path / "copy", cache=encoder_cache) as copy:
            assert copy.info().backend == MILVUS
            assert copy.search(QUESTIONS[0], 9) == hits
            copy.sync([write_files(files, {"c.txt": RIVER})])
        assert archive.search(QUESTIONS[0], 9) == hits
        assert archive.check().findings == ()
    assert names(path) != names(tmp_path / "copy")


def test_a_server_that_does_not_answer_is_named(
    path: Path, files: Path, encoder_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.index.milvus._CONNECT_SECONDS", 0.5)
    make(path, files, encoder_cache)
    changed = write_files(path.parent / "others", {"b.txt": RIVER})
    nowhere = BackendChoice(uri="http://127.0.0.1:9")
    with Archive.open(path, cache=encoder_cache, backend=nowhere) as archive:
        for call in (lambda: archive.ask(QUESTIONS[0]), lambda: archive.sync([changed]), archive.repair):
            with pytest.raises(BackendError, match=r"http://127\.0\.0\.1:9 .* WENJU_MILVUS_URI"):
                call()
        assert "127.0.0.1:9" in archive.check().findings[0].problem
        assert archive.documents()[0].source == "a.txt"
    with Archive.open(path, cache=encoder_cache) as archive:
        assert archive.search(QUESTIONS[0], 1)[0].source == "a.txt"
        assert [finding.problem for finding in archive.check().findings] == []


def test_the_embedded_one_serves_one_process(path: Path, files: Path, encoder_cache: Path) -> None:
    make(path, files, encoder_cache)
    code = "import sys; from bot.cli.main import wenju; wenju(['sync', sys.argv[1], '--archive', sys.argv[2]])"
    with Archive.open(path, cache=encoder_cache) as archive:
        archive.search(QUESTIONS[0])
        write_files(files, {"a.txt": COURT})
        done = subprocess.run([sys.executable, "-c", code, files, path], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "serves one process at a time" in done.stderr
    assert "WENJU_MILVUS_URI" in done.stderr
    assert "Traceback" not in done.stderr
