from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import ArchiveDamagedError
from retrieval.index import ExactVectors, Segment, segment_rows, settled
from tests.retrieval.index.samples import make_segment


def assert_same(first: Segment, second: Segment) -> None:
    assert first.passage_ids.tolist() == second.passage_ids.tolist()
    for name, array in first.postings["words"].to_arrays().items():
        np.testing.assert_array_equal(array, second.postings["words"].to_arrays()[name])
    assert isinstance(first.vectors, ExactVectors)
    assert isinstance(second.vectors, ExactVectors)
    np.testing.assert_array_equal(first.vectors.vectors, second.vectors.vectors)
    np.testing.assert_array_equal(first.vectors.starts, second.vectors.starts)


def test_what_is_taken_apart_and_joined_again_is_the_same() -> None:
    whole = make_segment(60, 8)
    rows = np.arange(60)
    parts = [whole.without_rows(kept) for kept in (rows < 20, (rows >= 20) & (rows < 21), rows >= 21)]
    assert [len(part) for part in parts] == [20, 1, 39]
    assert_same(parts[0].joined(parts[1]).joined(parts[2]), whole)


def test_saved_segment_is_given_back(tmp_path: Path) -> None:
    segment = make_segment(60, 8)
    segment.save(tmp_path)
    loaded = Segment.load(tmp_path, None)
    assert_same(loaded, segment)
    assert loaded.folder == tmp_path


@pytest.mark.parametrize("name", ["rows.bin", "words.terms", "vectors.bin"])
@pytest.mark.parametrize("damage", ["gone", "empty", "garbage", "cut", "other"])
def test_damaged_files_are_told(tmp_path: Path, name: str, damage: str) -> None:
    make_segment(20, 8).save(tmp_path)
    file = tmp_path / name
    if damage == "gone":
        file.unlink()
    elif damage == "other":
        (tmp_path / "x").mkdir()
        make_segment(21, 8).save(tmp_path / "x")
        (tmp_path / "x" / name).replace(file)
    else:
        content = {"empty": b"", "garbage": b"garbage" * 50, "cut": file.read_bytes()[:-64]}[damage]
        file.write_bytes(content)
    with pytest.raises(ArchiveDamagedError, match="made anew"):
        Segment.load(tmp_path, None)


def test_a_segment_whose_files_are_gone_is_written_from_memory(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    make_segment(20, 8).save(tmp_path / "a")
    loaded = Segment.load(tmp_path / "a", None)
    for path in (tmp_path / "a").iterdir():
        path.unlink()
    (tmp_path / "a").rmdir()
    loaded.save(tmp_path / "b")
    assert_same(Segment.load(tmp_path / "b", None), make_segment(20, 8))


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([3, 5, 2], [10]),
        ([1000, 100], [1000, 100]),
        ([1000, 24], [1024]),
        ([4000, 90, 20], [4000, 110]),
        ([4000, 300, 1000], [4000, 1300]),
        ([3000, 1000, 90], [4000, 90]),
        ([4096, 4096, 4096], [4096, 4096, 4096]),
    ],
)
def test_small_segments_are_joined(sizes: list[int], expected: list[int]) -> None:
    firsts = np.cumsum([1, *sizes]).tolist()
    segments = [make_segment(size, 2, first) for size, first in zip(sizes, firsts, strict=False)]
    joined = settled(segments, sum(sizes))
    assert [len(segment) for segment in joined] == expected
    assert np.concatenate([segment.passage_ids for segment in joined]).tolist() == list(range(1, sum(sizes) + 1))


def test_segments_grow_with_the_archive() -> None:
    assert [segment_rows(total) for total in (0, 100_000, 1_000_000, 10_000_000)] == [4096, 4096, 31250, 65536]
