from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["KnownFile", "Origin", "PassageFacets", "StoreVersion", "VectorBlock"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Which file a document was read from.

    ``location`` is its absolute path as the system writes it, None for an upload and where it is not known: a plain
    text, as there may be a hundred thousand of them. ``stamp`` tells an untouched file without reading it; empty where
    nothing may be concluded from it.
    """

    location: str | None = None
    uploaded: bool = False
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as the store knows it: its document's id, the SHA-256 of its bytes, and where it was."""

    document_id: str
    revision: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class StoreVersion:
    """Which state of a store's contents this is.

    ``generation`` counts the changes. ``token`` is drawn anew with each: two stores, or a store and a restored backup
    of it, may reach the same generation with different contents, but never the same token. States of one ``line`` come
    from each other by adding and removing passages; '' where the store does not note that.
    """

    generation: int
    token: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class PassageFacets:
    """What filters look at: a passage's source, block kind, issue date and place, '' where the document is silent."""

    passage_id: int
    source: str
    kind: str
    date: str
    place: str


@dataclass(frozen=True, slots=True, eq=False)
class VectorBlock:
    """Vectors in ascending order of (passage id, unit).

    ``passage_ids`` is int64 ``(n,)``, ``units`` int32 ``(n,)``, ``vectors`` float32 ``(n, dimension)``. Unit 0 is the
    whole passage, 1 and up are its sentences.
    """

    passage_ids: NDArray[np.int64]
    units: NDArray[np.int32]
    vectors: NDArray[np.float32]

    @classmethod
    def join(cls, blocks: Iterable["VectorBlock"], dimension: int) -> "VectorBlock":
        """Put blocks one after the other; no blocks give an empty block of ``dimension`` columns."""
        ids, units, vectors = [np.empty(0, np.int64)], [np.empty(0, np.int32)], [np.empty((0, dimension), np.float32)]
        for block in blocks:
            ids.append(block.passage_ids)
            units.append(block.units)
            vectors.append(block.vectors)
        return cls(np.concatenate(ids), np.concatenate(units), np.concatenate(vectors))
