from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class TermTable:
    """Sorted terms in one run of bytes, looked up by bisection: nothing has to be built when it is loaded."""

    def __init__(self, blob: NDArray[np.uint8], offsets: NDArray[np.int64]) -> None:
        """Use terms in ascending order of their UTF-8 bytes; term ``i`` is ``blob[offsets[i] : offsets[i + 1]]``."""
        self.blob = blob
        self.offsets = offsets
        # Slices of a memoryview cost a tenth of an array's.
        self._bytes = np.ascontiguousarray(blob).data
        self._edges = np.ascontiguousarray(offsets).data

    @classmethod
    def build(cls, terms: Sequence[bytes]) -> "TermTable":
        """Lay out ``terms``, which are sorted and distinct."""
        offsets = np.zeros(len(terms) + 1, np.int64)
        np.cumsum([len(term) for term in terms], out=offsets[1:])
        return cls(np.frombuffer(b"".join(terms), np.uint8), offsets)

    def __len__(self) -> int:
        """Count the terms."""
        return len(self.offsets) - 1

    def find(self, term: str) -> int | None:
        """Give the term's number, or None if the table lacks it."""
        wanted, number = to_bytes(term), self.place(term)
        return number if number < len(self) and self._term(number) == wanted else None

    def place(self, term: str) -> int:
        """Give the number that the term has, or would have."""
        return bisect_left(range(len(self)), to_bytes(term), key=self._term)

    def term(self, number: int) -> str:
        """Give the term of a number."""
        return self._term(number).decode("utf-8", "surrogatepass")

    def _term(self, number: int) -> bytes:
        return bytes(self._bytes[self._edges[number] : self._edges[number + 1]])


def to_bytes(term: str) -> bytes:
    """Encode a term; a lone surrogate, which a chat may send, is a character like another."""
    return term.encode("utf-8", "surrogatepass")
