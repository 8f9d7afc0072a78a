from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.index import TermVectors
from retrieval.index.near_terms import NearTerm, NearTerms
from retrieval.index.term_sketch import TermSketch

TERMS = ("志愿者", "法院", "警察")
VECTORS = np.array([[1, 0, 0], [0, 1, 0], [0, 0.6, 0.8]], np.float32)


def nearest(terms: TermVectors, query: list[float], count: int = 3, least: float = 0.5) -> list[str]:
    (found,) = terms.nearest(np.array([query], np.float32), count, least)
    return [near.term for near in found]


def test_the_nearest_terms_come_first() -> None:
    terms = TermVectors.build(TERMS, VECTORS)
    assert len(terms) == 3
    assert nearest(terms, [0, 1, 0]) == ["法院", "警察"]
    assert nearest(terms, [0, 1, 0], count=1) == ["法院"]
    assert nearest(terms, [1, 0, 0], least=0.99) == ["志愿者"]
    (found,) = terms.nearest(np.array([[0, 0.6, 0.8]], np.float32), 1, 0.0)
    assert found[0].cosine == pytest.approx(1.0, abs=1e-3)


def test_saved_terms_are_found_again(tmp_path: Path) -> None:
    TermVectors.build(TERMS, VECTORS).save(tmp_path)
    loaded = TermVectors.load(tmp_path)
    assert len(loaded) == 3
    assert nearest(loaded, [0, 1, 0]) == ["法院", "警察"]


def test_no_terms_and_no_queries_find_nothing(tmp_path: Path) -> None:
    empty = TermVectors.build((), np.empty((0, 3), np.float32))
    assert nearest(empty, [0, 1, 0]) == []
    empty.save(tmp_path)
    assert nearest(TermVectors.load(tmp_path), [0, 1, 0]) == []
    assert TermVectors.build(TERMS, VECTORS).nearest(np.empty((0, 3), np.float32), 3, 0.0) == []


@pytest.mark.parametrize("name", ["vectors.faiss", "terms.bin"])
def test_missing_files_are_damage(tmp_path: Path, name: str) -> None:
    TermVectors.build(TERMS, VECTORS).save(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ArchiveDamagedError):
        TermVectors.load(tmp_path)


def test_a_file_cut_short_is_damage(tmp_path: Path) -> None:
    TermVectors.build(TERMS, VECTORS).save(tmp_path)
    file = tmp_path / "vectors.faiss"
    file.write_bytes(file.read_bytes()[:20])
    with pytest.raises(ArchiveDamagedError):
        TermVectors.load(tmp_path)


def _many(count: int, dimension: int = 32) -> tuple[list[str], NDArray[np.float32]]:
    rng = np.random.default_rng(7)
    vectors = rng.normal(size=(count, dimension)).astype(np.float32) * np.linspace(1, 0.1, dimension, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [f"词{number:05d}" for number in range(count)], vectors


def test_a_large_index_finds_what_a_small_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terms, vectors = _many(3000)
    queries = vectors[:60] + np.float32(0.01)
    small = TermVectors.build(terms, vectors).nearest(queries, 5, 0.1)
    monkeypatch.setattr("retrieval.index.term_vectors._SMALL", 0)
    built = TermVectors.build(terms, vectors)
    built.save(tmp_path)
    large = TermVectors.load(tmp_path)
    found = large.nearest(queries, 5, 0.1)
    assert built.nearest(queries, 5, 0.1) == found
    pairs = [pair for ours, theirs in zip(small, found, strict=True) for pair in zip(ours, theirs, strict=True)]
    same = sum(ours.term == theirs.term for ours, theirs in pairs)
    assert same >= 0.99 * 60 * 5
    for ours, theirs in zip(small, found, strict=True):
        assert [near.cosine for near in ours[:1]] == pytest.approx([near.cosine for near in theirs[:1]], abs=1e-5)
    # What is asked for in the same call changes nothing.
    assert [row for query in queries for row in large.nearest(query[None], 5, 0.1)] == found
    assert large.nearest(queries[:1], 5, 1.5) == [()]
    assert len(large.nearest(queries[:1], 3000, -1.0)[0]) == 3000


@pytest.mark.parametrize("small", [1 << 24, 0])
def test_the_terms_near_a_term_are_those_near_its_vector(small: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.index.term_vectors._SMALL", small)
    terms, vectors = _many(600)
    index = TermVectors.build(terms, vectors)
    asked = [terms[40], "nowhere", terms[3]]
    found = index.near(asked, 4, 0.1)
    expected = index.nearest(index.vectors_of([terms[40], terms[3]]), 4, 0.1)
    assert [[near.term for near in one] for one in found] == [
        [near.term for near in expected[0]],
        [],
        [near.term for near in expected[1]],
    ]
    assert found[0][0].term == terms[40]
    # Asked for with others, or again, a term's are the same to the last bit.
    assert index.near([terms[3]], 4, 0.1) == found[2:] if small == 0 else index.near(asked, 4, 0.1) == found
    assert index.near(["nowhere"], 4, 0.1) == [()]


def test_what_is_near_is_remembered_of_so_many_terms() -> None:
    remembered = NearTerms(most=2)
    for term in ("a", "b", "c"):
        remembered.keep((term, 1, 0.0), (NearTerm(term, 1.0),))
    assert len(remembered) == 1
    assert remembered.get(("c", 1, 0.0)) == (NearTerm("c", 1.0),)
    assert remembered.get(("a", 1, 0.0)) is remembered.get(("c", 2, 0.0)) is None


def test_a_changed_large_index_keeps_its_way_of_sketching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.index.term_vectors._SMALL", 0)
    terms, vectors = _many(2000)
    before = TermVectors.build(terms[:1900], vectors[:1900])
    before.save(tmp_path)
    changed = TermVectors.load(tmp_path).changed(set(terms[:10]), terms[1900:], vectors[1900:])
    found = changed.nearest(vectors, 1, 0.5)
    assert [near[0].term for near in found[10:]] == terms[10:]
    assert all(near.term not in terms[:10] for row in found for near in row)
    # The terms that stayed are sketched as they were, and after it is written as before.
    (tmp_path / "changed").mkdir()
    changed.save(tmp_path / "changed")
    assert TermVectors.load(tmp_path / "changed").nearest(vectors, 1, 0.5) == found


def test_an_index_of_twice_as_many_terms_is_sketched_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.index.term_vectors._SMALL", 0)
    terms, vectors = _many(1300)
    for count in (1200, 1300):
        folder = tmp_path / str(count)
        folder.mkdir()
        changed = TermVectors.build(terms[:600], vectors[:600]).changed((), terms[600:count], vectors[600:count])
        changed.save(folder)
        assert TermSketch.load(folder, count).fits(601) is (count == 1200)


@pytest.mark.parametrize("name", ["sketch.faiss", "sketch.bin"])
def test_a_missing_or_damaged_sketch_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("retrieval.index.term_vectors._SMALL", 0)
    terms, vectors = _many(300)
    TermVectors.build(terms, vectors).save(tmp_path)
    file = tmp_path / name
    file.write_bytes(file.read_bytes()[:20])
    with pytest.raises(ArchiveDamagedError):
        TermVectors.load(tmp_path).nearest(vectors[:1], 3, 0.0)
    file.unlink()
    with pytest.raises(ArchiveDamagedError, match="no sketch of 300 terms"):
        TermVectors.load(tmp_path)


def test_a_term_gives_its_vector(tmp_path: Path) -> None:
    order = sorted(range(3), key=TERMS.__getitem__)
    built = TermVectors.build([TERMS[number] for number in order], VECTORS[order])
    built.save(tmp_path)
    for given in (
        built.vectors_of(("法院", "大象", "警察")),
        TermVectors.load(tmp_path).vectors_of(("法院", "大象", "警察")),
    ):
        assert given == pytest.approx(np.array([[0, 1, 0], [0, 0, 0], [0, 0.6, 0.8]]), abs=1e-3)
    assert not built.vectors_of(("大象",)).any()


def test_threads_that_look_up_the_first_word_together_open_the_index_once(tmp_path: Path) -> None:
    TermVectors.build(TERMS, VECTORS).save(tmp_path)
    for _ in range(20):
        loaded, together = TermVectors.load(tmp_path), Barrier(8)

        def look_up(_number: int, loaded: TermVectors = loaded, together: Barrier = together) -> list[str]:
            together.wait(10)
            return nearest(loaded, [0, 1, 0])

        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(look_up, range(8))) == [["法院", "警察"]] * 8


@pytest.mark.parametrize("saved", [True, False])
def test_changed_terms_are_as_if_built_anew_and_those_left_out_leave_nothing(tmp_path: Path, saved: bool) -> None:
    order = sorted(range(3), key=TERMS.__getitem__)
    terms = TermVectors.build([TERMS[number] for number in order], VECTORS[order], passages=7)
    for name in ("first", "grown", "anew"):
        (tmp_path / name).mkdir()
    terms.save(tmp_path / "first")
    if saved:
        terms = TermVectors.load(tmp_path / "first")
    none = np.empty((0, 3), np.float32)
    assert terms.changed({"大象"}, [], none) is terms
    changed = terms.changed({"法院", "大象"}, ["书记", "鱼"], np.array([[0, 0, 1], [0, 1, 0]], np.float32))
    assert (changed.terms(), changed.passages) == (sorted(["志愿者", "警察", "书记", "鱼"]), 7)
    assert nearest(changed, [0, 1, 0]) == ["鱼", "警察"]
    changed.save(tmp_path / "grown")
    vectors = {"志愿者": VECTORS[0], "警察": VECTORS[2], "书记": [0, 0, 1], "鱼": [0, 1, 0]}
    rows = np.array([vectors[term] for term in changed.terms()], np.float32)
    TermVectors.build(changed.terms(), rows, 7).save(tmp_path / "anew")
    for path in (tmp_path / "grown").iterdir():
        assert path.read_bytes() == (tmp_path / "anew" / path.name).read_bytes()
        assert "法院".encode() not in path.read_bytes()


def test_a_loaded_index_is_saved_by_a_second_name_for_its_files(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
    TermVectors.build(TERMS, VECTORS).save(tmp_path / "a")
    loaded = TermVectors.load(tmp_path / "a")
    loaded.save(tmp_path / "b")
    assert (tmp_path / "b" / "terms.bin").samefile(tmp_path / "a" / "terms.bin")
    loaded.vectors()
    for path in (tmp_path / "a").iterdir():
        path.unlink()
    (tmp_path / "a").rmdir()
    loaded.save(tmp_path / "c")
    assert nearest(TermVectors.load(tmp_path / "c"), [0, 1, 0]) == ["法院", "警察"]
