from bisect import bisect_left
from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray


class TermTable:
    """Terms in the order of their 64-bit hashes, looked up by bisection: nothing has to be built when it is loaded.

    Two of ten million different terms have the same hash in one archive of 370,000; they would count as one.
    """

    def __init__(self, hashes: NDArray[np.uint64], blob: NDArray[np.uint8], offsets: NDArray[np.int64]) -> None:
        """Use the hashes, ascending, of terms in UTF-8; term ``i`` is ``blob[offsets[i] : offsets[i + 1]]``."""
        self.hashes = hashes
        self.blob = blob
        self.offsets = offsets
        # Bisecting a memoryview takes half the time of numpy's search for one value.
        self._sorted = np.ascontiguousarray(hashes).data

    @classmethod
    def build(cls, terms: Sequence[bytes], hashes: NDArray[np.uint64]) -> "TermTable":
        """Lay out distinct ``terms``, which are sorted by their ``hashes``."""
        offsets = np.zeros(len(terms) + 1, np.int64)
        np.cumsum([len(term) for term in terms], out=offsets[1:])
        return cls(hashes, np.frombuffer(b"".join(terms), np.uint8), offsets)

    def __len__(self) -> int:
        """Count the terms."""
        return len(self.hashes)

    def find(self, hashed: int) -> int | None:
        """Give the number of the term of this hash, or None if the table lacks it."""
        number = bisect_left(self._sorted, hashed)
        return number if number < len(self._sorted) and self._sorted[number] == hashed else None

    def term(self, number: int) -> str:
        """Give the term of a number."""
        return self.blob[self.offsets[number] : self.offsets[number + 1]].tobytes().decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        """Give the terms in their order."""
        content, offsets = self.blob.tobytes(), self.offsets.tolist()
        for number in range(len(self)):
            yield content[offsets[number] : offsets[number + 1]].decode("utf-8", "surrogatepass")

    def chosen(self, mask: NDArray[np.bool_]) -> "TermTable":
        """Give the terms that a mask, bool ``(terms,)``, is true for."""
        lengths = np.diff(self.offsets)
        return TermTable(self.hashes[mask], self.blob[np.repeat(mask, lengths)], ends(lengths[mask]))


def to_bytes(term: str) -> bytes:
    """Encode a term; a lone surrogate, which a chat may send, is a character like another."""
    return term.encode("utf-8", "surrogatepass")


def to_hash(term: bytes) -> int:
    """Give a term's hash, the same in every process."""
    return int.from_bytes(blake2b(term, digest_size=8).digest(), "little")


def ends(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give where runs of these lengths begin, one after the other, and where the last one ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
