import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.language.folding import fold

__all__ = ["CopyGroup", "find_copies"]

# Shorter texts say the same by chance: 记者 李明 摄, "The meeting closed at nine."
_MIN_CHARACTERS = 40
_SHINGLE = 5
# Characters that OCR reads differently change five shingles each; a fifth of a copy's may differ.
_MIN_SHARED = 0.6
_MIN_LENGTH_SHARE = 0.5
# This year's report reads like last year's, but its numbers are others.
_MIN_NUMBERS = 0.8
# One county's notice reads like another's, but names another place; a name may be misread.
_MIN_PLACES = 0.5
# Each text is entered under so many of its smallest shingle hashes; two copies of 60 % agree on one nearly surely.
_KEYS = 12
# So many texts under one key are boilerplate; comparing with the first of them is enough.
_MAX_BUCKET = 24
_NUMBER = re.compile(r"\d+")
_PLACE = re.compile(r"[\u4e00-\u9fff]{2}(?=[县縣市区區镇鎮乡鄉村州省])")
_WORDS = re.compile(r"[^\W_]+")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """Texts that say the same, by their positions: the one to keep, and its copies in ascending order."""

    kept: int
    copies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What tells apart texts that are worded alike."""

    numbers: frozenset[str]
    places: frozenset[str]

    @classmethod
    def by(cls, text: str) -> "_Told":
        return cls(frozenset(_NUMBER.findall(text)), frozenset(_PLACE.findall(text)))

    def agrees(self, other: "_Told") -> bool:
        """Tell whether another text has these numbers and places, but for those that may be misread."""
        numbers, places = len(self.numbers & other.numbers), len(self.places & other.places)
        return numbers >= _MIN_NUMBERS * len(self.numbers) and places >= _MIN_PLACES * len(self.places)


def find_copies(texts: Sequence[str]) -> list[CopyGroup]:
    """Find the texts that stand in others, letter for letter or with a few letters read differently.

    The longest of the texts that say the same is kept, the first of several equally long ones. Time and memory grow
    with the texts' total length.

    :returns: the groups by their kept text's position; a text is in one group at the most.
    """
    shingles = [_shingles(text) for text in texts]
    told = [_Told.by(text) for text in texts]
    order = sorted(range(len(texts)), key=lambda index: (-len(shingles[index]), index))
    buckets: dict[int, list[int]] = {}
    copies: dict[int, list[int]] = {}
    for index in order:
        hashes = shingles[index]
        if len(hashes) == 0:
            continue
        kept = _kept(index, shingles, told, buckets)
        if kept is not None:
            copies.setdefault(kept, []).append(index)
            continue
        for key in hashes[:_KEYS].tolist():
            bucket = buckets.setdefault(key, [])
            if len(bucket) < _MAX_BUCKET:
                bucket.append(index)
    return [CopyGroup(kept, tuple(sorted(found))) for kept, found in sorted(copies.items())]


def _kept(
    index: int,
    shingles: Sequence[NDArray[np.uint32]],
    told: Sequence[_Told],
    buckets: dict[int, list[int]],
) -> int | None:
    hashes = shingles[index]
    found: set[int] = set()
    for key in hashes[: 4 * _KEYS].tolist():
        if key in buckets:
            found.update(buckets[key])
    most = len(hashes) / _MIN_LENGTH_SHARE
    best: tuple[float, int] | None = None
    for candidate in found:
        other = shingles[candidate]
        if other.size > most:
            continue
        if not told[index].agrees(told[candidate]):
            continue
        # Both are ascending and hold no hash twice.
        shared = int(np.count_nonzero(other.take(other.searchsorted(hashes), mode="clip") == hashes)) / len(hashes)
        if shared >= _MIN_SHARED and (best is None or (-shared, candidate) < best):
            best = (-shared, candidate)
    return best[1] if best else None


def _shingles(text: str) -> NDArray[np.uint32]:
    """Give the hashes of a text's runs of five letters, each once, ascending; none for a short text."""
    letters = "".join(_WORDS.findall(fold(text)))
    if len(letters) < _MIN_CHARACTERS:
        return np.zeros(0, dtype=np.uint32)
    codes = np.frombuffer(letters.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    rolled = np.zeros(len(codes) - _SHINGLE + 1, dtype=np.uint64)
    for offset in range(_SHINGLE):
        rolled *= _MULTIPLIER
        rolled += codes[offset : len(codes) - _SHINGLE + 1 + offset]
    # Without mixing, the smallest hashes would be those of the same few characters in every text.
    rolled ^= rolled >> np.uint64(31)
    rolled *= _MIX
    rolled ^= rolled >> np.uint64(29)
    hashes = np.sort((rolled >> np.uint64(32)).astype(np.uint32))
    # As np.unique does, which imports numpy's masked arrays for it: a tenth of a second.
    first = np.ones(len(hashes), dtype=bool)
    first[1:] = hashes[1:] != hashes[:-1]
    return hashes[first]
