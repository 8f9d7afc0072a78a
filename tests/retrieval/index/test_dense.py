from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError, EncoderError
from retrieval.index import DenseIndex
from tests.retrieval.index.samples import make_units

WIDTH = 24


def make_index(unit_counts: list[int], seed: int = 0) -> tuple[DenseIndex, NDArray[np.float32]]:
    """Index passages 10, 12, 14 … with so many units each."""
    passage_ids = np.repeat(10 + 2 * np.arange(len(unit_counts)), unit_counts)
    units = np.concatenate([np.empty(0, np.int32), *[np.arange(count, dtype=np.int32) for count in unit_counts]])
    vectors = make_units(np.random.default_rng(seed), len(units), WIDTH)
    return DenseIndex.build(passage_ids, units, vectors), vectors


@given(st.lists(st.integers(1, 6), min_size=1, max_size=30), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_best_per_passage_is_the_highest_of_its_units(unit_counts: list[int], seed: int) -> None:
    index, vectors = make_index(unit_counts, seed)
    query = make_units(np.random.default_rng(seed + 1), 1, WIDTH)[0]
    starts = np.cumsum([0, *unit_counts])
    expected = [max(float(vector @ query) for vector in vectors[start:end]) for start, end in pairwise(starts)]
    best = index.best_per_passage(query)
    assert best.dtype == np.float32
    np.testing.assert_allclose(best, expected, atol=1e-6)
    assert index.passage_ids.tolist() == [10 + 2 * i for i in range(len(unit_counts))]


@given(st.integers(1, 300), st.integers(0, 310), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_search_finds_what_sorting_everything_finds(count: int, top: int, seed: int) -> None:
    index, vectors = make_index([1] * count, seed)
    query = make_units(np.random.default_rng(seed + 1), 1, WIDTH)[0]
    hits = index.search(query, top)
    scores = vectors @ query
    assert len(hits.scores) == min(top, count)
    np.testing.assert_allclose(hits.scores, np.sort(scores)[::-1][:top], atol=1e-6)
    np.testing.assert_allclose(hits.scores, scores[(hits.passage_ids - 10) // 2], atol=1e-6)


@pytest.mark.parametrize("top", [1, 5, 150, 500])
def test_ties_go_by_passage_id_and_unit(top: int) -> None:
    order = np.random.default_rng(0).permutation(500)
    vectors = np.tile(make_units(np.random.default_rng(1), 1, WIDTH), (500, 1))
    index = DenseIndex.build((order // 5).astype(np.int64), (order % 5).astype(np.int32), vectors)
    hits = index.search(vectors[0], top)
    assert (hits.passage_ids * 5 + hits.units).tolist() == list(range(top))
    assert len(set(index.best_per_passage(vectors[0]).tolist())) == 1


def test_scores_of_a_passage_are_those_of_its_units_in_order() -> None:
    index, vectors = make_index([2, 3, 1])
    units = index.score(vectors[3])
    np.testing.assert_allclose(units.of_passage(12), vectors[2:5] @ vectors[3], atol=1e-6)
    np.testing.assert_array_equal(units.of_passage(14), units.scores[5:])
    assert [len(units.of_passage(passage_id)) for passage_id in (9, 10, 11, 15)] == [0, 2, 0, 0]
    np.testing.assert_array_equal(units.best_per_passage(), index.best_per_passage(vectors[3]))


def test_empty_index_finds_nothing(tmp_path: Path) -> None:
    index, _ = make_index([])
    index.save(tmp_path)
    for empty in (index, DenseIndex.load(tmp_path)):
        assert empty.best_per_passage(np.ones(WIDTH, np.float32)).shape == (0,)
        assert empty.search(np.ones(WIDTH, np.float32), 5).scores.shape == (0,)
        assert (empty.passage_ids.tolist(), empty.dimension) == ([], WIDTH)


def test_saved_index_gives_the_same_scores_to_the_bit(tmp_path: Path) -> None:
    index, vectors = make_index([3, 1, 4, 1, 5] * 40)
    index.save(tmp_path)
    loaded = DenseIndex.load(tmp_path)
    for query in vectors[:5]:
        np.testing.assert_array_equal(loaded.best_per_passage(query), index.best_per_passage(query))
        np.testing.assert_array_equal(loaded.search(query, 20).passage_ids, index.search(query, 20).passage_ids)
    assert (loaded.dimension, len(loaded.passage_ids)) == (WIDTH, 200)
    (tmp_path / "again").mkdir()
    loaded.save(tmp_path / "again")
    assert [path.read_bytes() for path in sorted((tmp_path / "again").iterdir())] == [
        path.read_bytes() for path in sorted(tmp_path.iterdir()) if path.is_file()
    ]


@pytest.mark.parametrize("name", ["vectors.faiss", "passage_ids.npy", "units.npy"])
@pytest.mark.parametrize("content", [None, b"", b"garbage" * 50])
def test_damaged_files_are_told(tmp_path: Path, name: str, content: bytes | None) -> None:
    make_index([2, 2])[0].save(tmp_path)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ArchiveDamagedError, match="made anew"):
        DenseIndex.load(tmp_path)


def test_query_of_another_encoder_is_refused() -> None:
    index, _ = make_index([2])
    for query in (np.ones(WIDTH + 1, np.float32), np.ones((1, WIDTH), np.float32)):
        with pytest.raises(EncoderError, match="shape"):
            index.best_per_passage(query)
        with pytest.raises(EncoderError, match="shape"):
            index.search(query, 1)


def test_arrays_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="shapes do not match"):
        DenseIndex.build(np.arange(2), np.zeros(2, np.int32), np.ones((3, WIDTH), np.float32))


def test_float64_query_is_scored_too() -> None:
    index, vectors = make_index([2, 3])
    expected = index.best_per_passage(vectors[0])
    np.testing.assert_array_equal(index.best_per_passage(vectors[0].astype(np.float64)), expected)


def test_an_index_too_large_for_numpy_gives_the_same_scores_saved_and_not(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    vectors = rng.standard_normal((9000, 512)).astype(np.float32)
    vectors[4711] = vectors[17]
    index = DenseIndex.build(np.arange(9000), np.zeros(9000, np.int32), vectors)
    index.save(tmp_path)
    loaded = DenseIndex.load(tmp_path)
    scores = loaded.best_per_passage(vectors[3])
    np.testing.assert_array_equal(scores, index.best_per_passage(vectors[3]))
    np.testing.assert_allclose(scores, vectors @ vectors[3], rtol=1e-4, atol=1e-3)
    assert scores[4711] == scores[17]
