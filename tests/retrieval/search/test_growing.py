"""Indexes that grew with their archive are those that would be built anew: to the byte, words' vectors to rounding.

What a matrix product gives for a row depends, in the last bit, on how many rows there are, on some processors.
"""

from pathlib import Path

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval import Archive
from retrieval.index import Postings
from tests.retrieval.samples import COURT, LIBRARY, RIVER, write_files

WORDS = "terms/vectors.faiss"
STEPS = (
    {"a.txt": COURT, "b.txt": LIBRARY},
    {"a.txt": COURT, "b.txt": LIBRARY, "c.txt": RIVER},
    {"a.txt": COURT.replace("312", "418"), "c.txt": RIVER},
    {"c.txt": RIVER, "d.txt": COURT},
    {"d.txt": LIBRARY},
)


def files_of(folder: Path) -> dict[str, bytes]:
    (version,) = (folder / "derived").iterdir()
    return {
        path.relative_to(version).as_posix(): path.read_bytes()
        for path in sorted(version.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def vectors_of(index: bytes) -> NDArray[np.float32]:
    read = faiss.deserialize_index(np.frombuffer(index, np.uint8))
    return np.asarray(read.reconstruct_n(0, read.ntotal), np.float32)


def test_grown_indexes_equal_those_built_anew(tmp_path: Path, archive: Archive, encoder_cache: Path) -> None:
    for texts in STEPS:
        archive.sync([write_files(tmp_path / "files", texts)])
        grown = files_of(tmp_path / "archive")
        assert len(grown) == 9
        with Archive.open(tmp_path / "archive", cache=encoder_cache) as other:
            for path in (tmp_path / "archive" / "derived").glob("*/manifest.json"):
                path.unlink()
            other.search("渌江")
        anew = files_of(tmp_path / "archive")
        # Half precision has eleven bits.
        np.testing.assert_allclose(vectors_of(anew.pop(WORDS)), vectors_of(grown.pop(WORDS)), rtol=2**-9, atol=2**-16)
        assert anew == grown


@pytest.mark.parametrize("seed", range(5))
def test_postings_grow_as_if_built_anew(seed: int) -> None:
    random = np.random.default_rng(seed)
    words = [chr(0x4E00 + n) for n in range(30)] + ["a", "b", "\ud800", ""]

    def rows(count: int) -> list[list[str]]:
        return [[str(word) for word in random.choice(words, random.integers(0, 8))] for _ in range(count)]

    first, second = rows(int(random.integers(0, 12))), rows(int(random.integers(0, 6)))
    kept = random.random(len(first)) < 0.6
    grown = Postings.build(first).without_rows(kept).joined(Postings.build(second))
    anew = Postings.build([*(row for row, stays in zip(first, kept, strict=True) if stays), *second])
    for name, array in anew.to_arrays().items():
        np.testing.assert_array_equal(grown.to_arrays()[name], array, err_msg=name)
        assert grown.to_arrays()[name].dtype == array.dtype
    assert list(grown.terms) == list(anew.terms)
