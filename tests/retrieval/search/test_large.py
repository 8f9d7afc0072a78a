"""Archives whose vectors are clustered, as those of more than 50,000 sentences are; here those of more than thirty."""

import shutil
from pathlib import Path

import pytest

from retrieval import Archive, Filters
from retrieval.search import analyse
from retrieval.search.indexes import Indexes
from retrieval.types import CheckReport
from tests.retrieval.samples import COURT, LIBRARY, RIVER, write_files

TOWNS = ["攸县", "醴陵", "炎陵", "茶陵", "渌口", "芦淞", "石峰", "荷塘", "天元", "株洲"]
WORKS = ["调解纠纷", "审理案件", "修建桥梁", "种植水稻", "举办运动会", "开放图书馆"]
QUESTIONS = ("炎陵县的调解成功率是多少？", "How many books does the library lend?", "渌口修建桥梁多少", "渌江多长")


def texts() -> dict[str, str]:
    """Give ten files of six passages, and three others."""
    made = {
        f"{town}.txt": "\n\n".join(f"{town}去年{work}{n * 7 + m}次。群众很满意。" for m, work in enumerate(WORKS))
        for n, town in enumerate(TOWNS)
    }
    return {**made, "a.txt": COURT, "b.txt": LIBRARY, "c.txt": RIVER}


def divide_soon(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("retrieval.search.building.EXACT_UNITS", 30)
    patch.setattr("retrieval.index.segments._FEWEST_ROWS", 16)
    patch.setattr("retrieval.index.segments._TINY", 4)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    divide_soon(monkeypatch)


def hits(archive: Archive) -> list[list[tuple[str, str]]]:
    return [[(hit.source, hit.passage.text) for hit in archive.search(question, 5)] for question in QUESTIONS]


def quotes(archive: Archive) -> list[list[tuple[str, str]]]:
    return [[(quote.source, quote.text) for quote in archive.ask(question).quotes] for question in QUESTIONS]


def kind_of(report: CheckReport) -> str:
    assert report.findings == ()
    assert report.index is not None
    assert report.index.recall >= 0.98
    return report.index.kind


def trace(archive: Path, word: str) -> list[Path]:
    """Give the files of an archive that hold a word, those of the dictionaries left out."""
    return [path for path in archive.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


@pytest.mark.usefixtures("few")
def test_of_a_clustered_archive_only_the_passages_that_are_named_are_looked_at(
    tmp_path: Path, archive: Archive
) -> None:
    archive.sync([write_files(tmp_path / "files", texts())])
    query = analyse("渌江多长")
    with archive.reading() as view:
        assert not view.searcher.indexes.dense.is_exact
        ids = view.snapshot.all_passage_ids().tolist()
        for within in (ids[:1], ids[3:8], ids[-2:]):
            found = view.searcher.find(query, view.snapshot, within=within)
            assert {candidate.passage.id for candidate in found.candidates} == set(within)
        assert not view.searcher.find(
            query, view.snapshot, filters=Filters(places=("月球",)), within=ids[:3]
        ).candidates


@pytest.mark.usefixtures("few")
def test_clustered_archive_finds_what_an_exact_one_finds(tmp_path: Path, archive: Archive, encoder_cache: Path) -> None:
    files = write_files(tmp_path / "files", texts())
    archive.sync([files])
    assert kind_of(archive.check()) == "clustered"
    with archive.reading() as view:
        indexes = view.searcher.indexes
        assert isinstance(indexes, Indexes)
        assert len(indexes.segments) > 2
        clustered, filtered = hits(archive), archive.search("去年", 50, filters=Filters(sources=("渌口",)))
        answers = quotes(archive)
    with pytest.MonkeyPatch.context() as context:
        context.setattr("retrieval.search.building.EXACT_UNITS", 50_000)
        with Archive.open(tmp_path / "exact", create=True, cache=encoder_cache) as exact:
            exact.sync([files])
            assert kind_of(exact.check()) == "exact"
            assert hits(exact) == clustered
            assert quotes(exact) == answers
    assert {hit.source for hit in filtered} == {"渌口.txt"}
    assert len(filtered) == 6


@pytest.mark.usefixtures("few")
def test_it_grows_shrinks_and_keeps_no_trace_of_what_was_removed(
    tmp_path: Path, archive: Archive, encoder_cache: Path
) -> None:
    secret, vanished = "佘祺瑞", "种植水稻"
    all_texts = texts()
    files = write_files(tmp_path / "files", {"a.txt": COURT})
    archive.sync([files])
    assert kind_of(archive.check()) == "exact"
    archive.sync([write_files(files, {**all_texts, "z.txt": f"{secret}在场，水稻丰收。"})])
    assert kind_of(archive.check()) == "clustered"
    assert trace(tmp_path / "archive", secret[-2:])
    changed = {name: text.replace(vanished, "举办晚会") for name, text in all_texts.items()}
    archive.sync([write_files(files, changed)])
    assert kind_of(archive.check()) == "clustered"
    assert trace(tmp_path / "archive", secret[-2:]) == []
    assert trace(tmp_path / "archive", vanished) == []
    assert "举办晚会" in archive.search("渌口举办晚会多少次", 1)[0].passage.text
    with Archive.open(tmp_path / "anew", create=True, cache=encoder_cache) as anew:
        anew.sync([files])
        assert hits(anew) == hits(archive)
    archive.sync([write_files(files, {"a.txt": COURT, "b.txt": LIBRARY})])
    assert kind_of(archive.check()) == "exact"
    assert trace(tmp_path / "archive", "举办晚会") == []


@pytest.fixture(scope="module")
def clustered(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Path:
    """Give a folder with an archive that tests copy."""
    folder = tmp_path_factory.mktemp("clustered")
    with (
        pytest.MonkeyPatch.context() as patch,
        Archive.open(folder / "archive", create=True, cache=encoder_cache) as made,
    ):
        divide_soon(patch)
        made.sync([write_files(folder / "files", texts())])
    return folder


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("part", ["segment-00001/lists.faiss", "clusters/clusters.faiss", "segment-00000/words.terms"])
@pytest.mark.parametrize("cut", [True, False], ids=["truncated", "gone"])
def test_damaged_files_are_made_anew(
    tmp_path: Path, clustered: Path, encoder_cache: Path, part: str, cut: bool
) -> None:
    shutil.copytree(clustered / "archive", tmp_path / "archive")
    with Archive.open(tmp_path / "archive", cache=encoder_cache) as whole:
        before = hits(whole)
    (file,) = (tmp_path / "archive" / "derived").glob(f"*/{part}")
    if cut:
        file.write_bytes(file.read_bytes()[:-100])
    else:
        file.unlink()
    with Archive.open(tmp_path / "archive", cache=encoder_cache) as opened:
        (finding,) = opened.check().findings
        assert finding.part == "indexes"
        assert opened.repair().sound
        assert kind_of(opened.check()) == "clustered"
        assert hits(opened) == before


@pytest.mark.usefixtures("few")
def test_a_changed_file_makes_only_its_segments_anew(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", texts())
    archive.sync([files])
    before = {path.stat().st_ino for path in (tmp_path / "archive" / "derived").glob("*/segment-*/*")}
    (files / f"{TOWNS[4]}.txt").write_text("渌口今年没有新闻。\n", "utf-8")
    archive.sync([files])
    (folder,) = (tmp_path / "archive" / "derived").iterdir()
    segments = sorted(folder.glob("segment-*"))
    assert len(segments) > 3
    anew = [part.name for part in segments if {path.stat().st_ino for path in part.iterdir()}.isdisjoint(before)]
    assert 1 <= len(anew) <= 3
    assert "没有新闻" in archive.search("渌口今年的新闻", 1)[0].passage.text
