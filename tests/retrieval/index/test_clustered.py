from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError, EncoderError
from retrieval.index import ClusteredIndex, ClusteredVectors, Codebook, Segment, Snapshot, Store, VectorBlock
from tests.retrieval.index.samples import DIMENSION, make_document, make_drafts, make_segment, make_units

COUNT = 600
UNITS = 3


def make_block(first: int = 1, count: int = COUNT, seed: int = 0) -> VectorBlock:
    """Three vectors a passage, near to one of forty middles."""
    random = np.random.default_rng(seed)
    middles = make_units(np.random.default_rng(9), 40, DIMENSION)
    vectors = middles[random.integers(0, 40, count * UNITS)] + 0.3 * make_units(random, count * UNITS, DIMENSION)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = np.repeat(np.arange(first, first + count), UNITS)
    return VectorBlock(ids, np.tile(np.arange(UNITS, dtype=np.int32), count), vectors.astype(np.float32))


BLOCK = make_block()
IDS = np.arange(1, COUNT + 1)


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    trained = Codebook.train(BLOCK.vectors, len(BLOCK.vectors))

    def found(tried: Codebook) -> list[NDArray[np.int64]]:
        index = ClusteredIndex([ClusteredVectors.build(tried, IDS, BLOCK)], IDS, tried)
        return [IDS[index.nearest(vector, 40).rows] for vector in BLOCK.vectors[:50]]

    return trained.measured(found, [exact(vector)[:10] for vector in BLOCK.vectors[:50]])


def exact(query: NDArray[np.float32], block: VectorBlock = BLOCK) -> NDArray[np.int64]:
    """Give all passages, nearest first, by looking at all vectors."""
    ids, starts = np.unique(block.passage_ids, return_index=True)
    best = np.maximum.reduceat(block.vectors @ query, starts)
    return np.asarray(ids[np.argsort(-best, kind="stable")], np.int64)


def recall(index: ClusteredIndex, block: VectorBlock, ids: NDArray[np.int64]) -> float:
    shares = []
    for query in make_block(seed=3).vectors[:60]:
        shares.append(len(np.intersect1d(ids[index.nearest(query, 40).rows], exact(query, block)[:10])) / 10)
    return float(np.mean(shares))


def test_recall_is_measured_and_reached(codebook: Codebook) -> None:
    assert codebook.info.kind == "clustered"
    assert 0.98 <= codebook.info.recall <= 1
    assert codebook.info.probes <= codebook.info.clusters == 64
    index = ClusteredIndex([ClusteredVectors.build(codebook, IDS, BLOCK)], IDS, codebook)
    assert index.info == codebook.info
    assert not index.is_exact
    assert recall(index, BLOCK, IDS) >= 0.97


def test_probes_are_raised_until_enough_is_found() -> None:
    codebook = Codebook.train(BLOCK.vectors, len(BLOCK.vectors))
    tried: list[int] = []

    def found(asked: Codebook) -> list[NDArray[np.int64]]:
        tried.append(asked.info.probes)
        return [np.arange(asked.info.probes)]

    assert codebook.measured(found, [np.arange(33)]).info.recall == 1
    assert tried == [8, 16, 32, 64]
    measured = codebook.measured(lambda _: [np.arange(5)], [np.arange(10)])
    assert (measured.info.probes, measured.info.recall) == (64, 0.5)
    assert [codebook.fits(units) for units in (400, 450, 7200, 7300)] == [False, True, True, False]


def test_scores_of_what_is_found_are_near_the_exact_ones(codebook: Codebook) -> None:
    index = ClusteredIndex([ClusteredVectors.build(codebook, IDS, BLOCK)], IDS, codebook)
    query = BLOCK.vectors[100]
    found = index.nearest(query, 20)
    assert len(found.rows) == 20
    assert (np.diff(found.scores) <= 0).all()
    starts = np.arange(0, len(BLOCK.vectors), UNITS)
    best = np.maximum.reduceat(BLOCK.vectors @ query, starts)
    np.testing.assert_allclose(found.scores, best[found.rows], atol=0.02)
    with pytest.raises(EncoderError, match="shape"):
        index.nearest(np.ones(DIMENSION + 1, np.float32), 1)


def test_only_passing_rows_are_found(codebook: Codebook) -> None:
    index = ClusteredIndex([ClusteredVectors.build(codebook, IDS, BLOCK)], IDS, codebook)
    passing = np.zeros(COUNT, bool)
    passing[100:140] = True
    rows = index.nearest(BLOCK.vectors[330], 50, passing).rows
    assert 110 in rows
    assert passing[rows].all()
    assert len(index.nearest(BLOCK.vectors[330], 50, np.zeros(COUNT, bool)).rows) == 0


def test_segments_that_changed_find_what_one_built_anew_finds(codebook: Codebook, tmp_path: Path) -> None:
    more = make_block(first=1000, count=200, seed=5)
    kept = np.arange(COUNT) % 7 != 0
    left = ClusteredVectors.build(codebook, IDS, BLOCK).without_rows(kept, IDS)
    added = ClusteredVectors.build(codebook, np.arange(1000, 1200), more)
    assert (left.units, added.units) == (int(kept.sum()) * UNITS, 600)
    ids = np.concatenate([IDS[kept], np.arange(1000, 1200)])
    both = VectorBlock(
        np.concatenate([BLOCK.passage_ids[np.repeat(kept, UNITS)], more.passage_ids]),
        np.concatenate([BLOCK.units[np.repeat(kept, UNITS)], more.units]),
        np.concatenate([BLOCK.vectors[np.repeat(kept, UNITS)], more.vectors]),
    )
    anew = ClusteredIndex([ClusteredVectors.build(codebook, ids, both)], ids, codebook)
    left.save(tmp_path)
    mapped = ClusteredVectors.load(codebook, tmp_path)
    for segments in ([left, added], [mapped, added], [mapped.joined(added)]):
        index = ClusteredIndex(segments, ids, codebook)
        assert index.info.vectors == len(both.vectors)
        for query in more.vectors[:20]:
            ours, theirs = index.nearest(query, 30), anew.nearest(query, 30)
            np.testing.assert_allclose(ours.scores, theirs.scores, atol=1e-6)
            assert set(ours.rows[:20]) <= set(theirs.rows)
    assert ClusteredVectors.load(codebook, tmp_path).units == left.units


@pytest.mark.parametrize("name", ["lists.faiss", "lists.bin"])
@pytest.mark.parametrize("damage", ["gone", "cut", "garbage", "other"])
def test_damaged_lists_are_told(codebook: Codebook, tmp_path: Path, name: str, damage: str) -> None:
    segment = make_segment(COUNT, DIMENSION).with_vectors(ClusteredVectors.build(codebook, IDS, BLOCK))
    segment.save(tmp_path)
    assert len(Segment.load(tmp_path, codebook)) == COUNT
    file = tmp_path / name
    if damage == "gone":
        file.unlink()
    elif damage == "other":
        other = Codebook.train(BLOCK.vectors[:50], 50)
        ClusteredVectors.build(other, IDS, BLOCK).save(tmp_path)
    else:
        file.write_bytes(file.read_bytes()[:-100] if damage == "cut" else b"\1" * file.stat().st_size)
    with pytest.raises(ArchiveDamagedError, match="made anew"):
        Segment.load(tmp_path, codebook)


@pytest.mark.parametrize("name", ["clusters.faiss", "clusters.json"])
def test_codebook_is_given_back_or_told_damaged(codebook: Codebook, tmp_path: Path, name: str) -> None:
    codebook.save(tmp_path)
    loaded = Codebook.load(tmp_path)
    assert loaded.info == codebook.info
    first, second = (
        ClusteredIndex([ClusteredVectors.build(book, IDS, BLOCK)], IDS, book).nearest(BLOCK.vectors[7], 30)
        for book in (codebook, loaded)
    )
    np.testing.assert_array_equal(first.rows, second.rows)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-20])
    with pytest.raises(ValueError, match=r"damaged|delimiter|Expecting|Unterminated"):
        Codebook.load(tmp_path)


@pytest.fixture
def filled(store: Store) -> Iterator[Snapshot]:
    """Passages of one line each, with the vectors of ``BLOCK``."""
    document = make_document("a.txt", "".join(f"第{n:03}行文字\n" for n in range(COUNT)))
    drafts = make_drafts(document)
    with store.writing() as writer:
        writer.put(document, zip(drafts, BLOCK.vectors.reshape(COUNT, UNITS, DIMENSION), strict=True))
    with store.snapshot() as snapshot:
        yield snapshot


def test_asked_for_scores_come_from_the_store(codebook: Codebook, filled: Snapshot) -> None:
    index = ClusteredIndex([ClusteredVectors.build(codebook, IDS, BLOCK)], IDS, codebook)
    units = index.score(BLOCK.vectors[4], filled, np.array([1, 5, 500]))
    assert units.passage_ids.tolist() == [2, 6, 501]
    for row in (1, 5, 500):
        expected = BLOCK.vectors[row * UNITS : (row + 1) * UNITS] @ BLOCK.vectors[4]
        np.testing.assert_allclose(units.of_passage(row + 1), expected, atol=1e-6)
    every = index.score(BLOCK.vectors[4], filled)
    assert len(every.scores) == COUNT * UNITS
    assert int(np.argmax(every.best_per_passage())) == 1


def test_sample_is_spread_over_all_vectors(filled: Snapshot) -> None:
    assert filled.vector_count() == COUNT * UNITS
    some = filled.vector_sample(10)
    assert len(some.vectors) == 10
    assert (some.passage_ids[0], some.passage_ids[-1]) == (1, COUNT)
    assert len(filled.vector_sample(10**6).vectors) == COUNT * UNITS
    assert filled.vectors_of([3, 600]).passage_ids.tolist() == [3, 3, 3, 600, 600, 600]
    assert [block.passage_ids[[0, -1]].tolist() for block in filled.vectors(10, 12)] == [[11, 12]]
