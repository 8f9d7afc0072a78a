from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError, EncoderError
from retrieval.index import ExactIndex, ExactVectors, Store, UnitScores, VectorBlock
from tests.retrieval.index.samples import make_units

WIDTH = 24


def make_index(unit_counts: list[int], seed: int = 0) -> tuple[ExactIndex, NDArray[np.float32]]:
    """Index passages 10, 12, 14 … with so many units each."""
    vectors = make_units(np.random.default_rng(seed), sum(unit_counts), WIDTH)
    return over([make_vectors(unit_counts, vectors)], ids_of(unit_counts)), vectors


def ids_of(unit_counts: list[int]) -> NDArray[np.int64]:
    return 10 + 2 * np.arange(len(unit_counts))


def make_vectors(unit_counts: list[int], vectors: NDArray[np.float32]) -> ExactVectors:
    passage_ids = np.repeat(ids_of(unit_counts), unit_counts)
    units = np.concatenate([np.empty(0, np.int32), *[np.arange(count, dtype=np.int32) for count in unit_counts]])
    return ExactVectors.build(ids_of(unit_counts), VectorBlock(passage_ids, units, vectors))


def over(segments: list[ExactVectors], passage_ids: NDArray[np.int64], width: int = WIDTH) -> ExactIndex:
    return ExactIndex(segments, passage_ids, width)


@pytest.fixture
def score(store: Store) -> "Score":
    return Score(store)


class Score:
    """Asks an index, which has no need of the store here."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __call__(self, index: ExactIndex, query: NDArray[np.float32], rows: list[int] | None = None) -> UnitScores:
        with self._store.snapshot() as snapshot:
            return index.score(query, snapshot, None if rows is None else np.array(rows, np.int64))


@given(st.lists(st.integers(1, 6), min_size=1, max_size=30), st.integers(0, 1000), st.integers(1, 40))
@settings(max_examples=30, deadline=None)
def test_nearest_are_those_of_the_highest_units(unit_counts: list[int], seed: int, count: int) -> None:
    index, vectors = make_index(unit_counts, seed)
    query = make_units(np.random.default_rng(seed + 1), 1, WIDTH)[0]
    starts = np.cumsum([0, *unit_counts])
    best = np.array([max(float(vector @ query) for vector in vectors[s:e]) for s, e in pairwise(starts)])
    found = index.nearest(query, count)
    assert found.scores.dtype == np.float32
    assert len(found.rows) == min(count, len(unit_counts))
    np.testing.assert_allclose(found.scores, np.sort(best)[::-1][:count], atol=1e-6)
    np.testing.assert_allclose(found.scores, best[found.rows], atol=1e-6)
    passing = np.arange(len(unit_counts)) % 2 == 0
    assert set(index.nearest(query, count, passing).rows) <= set(np.flatnonzero(passing))


def test_ties_go_by_row() -> None:
    vectors = np.tile(make_units(np.random.default_rng(1), 1, WIDTH), (500, 1))
    index = over([make_vectors([5] * 100, vectors)], ids_of([5] * 100))
    assert index.nearest(vectors[0], 30).rows.tolist() == list(range(30))


def test_scores_of_a_passage_are_those_of_its_units_in_order(score: Score) -> None:
    index, vectors = make_index([2, 3, 1])
    units = score(index, vectors[3])
    np.testing.assert_allclose(units.of_passage(12), vectors[2:5] @ vectors[3], atol=1e-6)
    np.testing.assert_array_equal(units.of_passage(14), units.scores[5:])
    assert [len(units.of_passage(passage_id)) for passage_id in (9, 10, 11, 15)] == [0, 2, 0, 0]
    some = score(index, vectors[3], [0, 2])
    assert some.passage_ids.tolist() == [10, 14]
    np.testing.assert_array_equal(some.scores, units.scores[[0, 1, 5]])
    np.testing.assert_array_equal(some.best_per_passage(), units.best_per_passage()[[0, 2]])


def test_empty_index_finds_nothing(tmp_path: Path, score: Score) -> None:
    empty = make_vectors([], np.empty((0, WIDTH), np.float32))
    empty.save(tmp_path)
    for vectors in (empty, ExactVectors.load(tmp_path)):
        index = over([vectors], ids_of([]))
        assert score(index, np.ones(WIDTH, np.float32)).best_per_passage().shape == (0,)
        assert index.nearest(np.ones(WIDTH, np.float32), 5).rows.shape == (0,)
        assert (index.info.kind, index.info.vectors) == ("exact", 0)


@pytest.mark.parametrize("small", [True, False])
def test_saved_and_cut_into_segments_it_gives_the_same_scores_to_the_bit(
    tmp_path: Path, score: Score, monkeypatch: pytest.MonkeyPatch, small: bool
) -> None:
    if not small:
        monkeypatch.setattr("retrieval.index.exact._SMALL", 0)
    counts = [3, 1, 4, 1, 5] * 40
    index, vectors = make_index(counts)
    whole = make_vectors(counts, vectors)
    whole.save(tmp_path)
    rows = np.arange(len(counts))
    halves = [whole.without_rows(kept, ids_of(counts)) for kept in (rows < 77, rows >= 77)]
    for segments in ([ExactVectors.load(tmp_path)], halves, [halves[0].joined(halves[1])]):
        other = over(segments, ids_of(counts))
        assert other.info.vectors == len(vectors)
        for query in vectors[:5]:
            np.testing.assert_array_equal(score(other, query).scores, score(index, query).scores)


@pytest.mark.parametrize("content", [None, b"", b"garbage" * 50, "cut", "longer"])
def test_damaged_files_are_told(tmp_path: Path, content: bytes | str | None) -> None:
    make_vectors([2, 2], make_units(np.random.default_rng(0), 4, WIDTH)).save(tmp_path)
    file = tmp_path / "vectors.bin"
    if content is None:
        file.unlink()
    elif content == "cut":
        file.write_bytes(file.read_bytes()[:-1])
    elif content == "longer":
        file.write_bytes(file.read_bytes() + b"\0")
    else:
        file.write_bytes(bytes(content))  # type: ignore[arg-type]
    with pytest.raises((OSError, ValueError)):
        ExactVectors.load(tmp_path)


def test_query_of_another_encoder_is_refused(score: Score) -> None:
    index, _ = make_index([2])
    for query in (np.ones(WIDTH + 1, np.float32), np.ones((1, WIDTH), np.float32)):
        with pytest.raises(EncoderError, match="shape"):
            score(index, query)
        with pytest.raises(EncoderError, match="shape"):
            index.nearest(query, 1)


def test_passage_without_a_vector_is_damage() -> None:
    vectors = make_units(np.random.default_rng(0), 2, WIDTH)
    block = VectorBlock(np.array([1, 3]), np.zeros(2, np.int32), vectors)
    with pytest.raises(ArchiveDamagedError, match=r"passage 2 has no vector.*doctor --repair"):
        ExactVectors.build(np.array([1, 2, 3]), block)


def test_float64_query_is_scored_too(score: Score) -> None:
    index, vectors = make_index([2, 3])
    np.testing.assert_array_equal(
        score(index, vectors[0].astype(np.float64)).scores,
        score(index, vectors[0]).scores,
    )


def test_an_index_too_large_for_numpy_gives_equal_scores_to_equal_vectors(score: Score) -> None:
    vectors = np.random.default_rng(5).standard_normal((9000, 512)).astype(np.float32)
    vectors[4711] = vectors[17]
    index = over([make_vectors([1] * 9000, vectors)], ids_of([1] * 9000), 512)
    scores = score(index, vectors[3]).best_per_passage()
    np.testing.assert_allclose(scores, vectors @ vectors[3], rtol=1e-4, atol=1e-3)
    assert scores[4711] == scores[17]
