"""An archive's passages in Milvus: a collection of their vectors, and one of their terms."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BackendError
from retrieval.index.milvus import FieldKind, MilvusField, MilvusServer
from retrieval.index.records import VectorBlock
from retrieval.index.term_counts import FIELDS, NO_TERM, TermVector

__all__ = ["MilvusPassages", "PassageWeights", "passing_condition"]

_PASSAGE, _VECTOR, _TERMS = "passage", "vector", "terms"
_LENGTHS = tuple(f"{field}_length" for field in FIELDS)
_PREFIX = "wenju_"
# A message may have 64 MB: vectors of 512 numbers are 4 MB, terms of long passages 10 MB at once.
_VECTORS_AT_ONCE, _PASSAGES_AT_ONCE, _IDS_AT_ONCE = 2000, 1000, 1000
# The most that Milvus gives.
_MOST_FOUND = 16_384
# Runs of at least so many passages that pass are named by their ends, others one by one.
_RUN = 64
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, eq=False)
class PassageWeights:
    """A passage's terms, and what each of them counts in a score where its rarity is 1: float32, beside them."""

    passage_id: int
    terms: TermVector
    weights: NDArray[np.float32]


class MilvusPassages:
    """The rows of one archive's passages on a server. Every method can raise ``BackendError``."""

    def __init__(self, server: MilvusServer, name: str) -> None:
        """Use what :meth:`create` made under ``name``."""
        self._server = server
        self.name = name
        self._units = f"{name}_units"
        self._passages = f"{name}_passages"

    @staticmethod
    def new_name() -> str:
        """Draw a name that nothing has on any server."""
        return f"{_PREFIX}{os.urandom(8).hex()}"

    def create(self, dimension: int) -> None:
        """Make the collections, for vectors of ``dimension`` numbers."""
        passage = MilvusField(_PASSAGE, FieldKind.NUMBER, indexed=True)
        self._server.create(self._units, [passage, MilvusField(_VECTOR, FieldKind.DENSE, dimension)])
        lengths = [MilvusField(name, FieldKind.NUMBER) for name in _LENGTHS]
        self._server.create(self._passages, [passage, *lengths, MilvusField(_TERMS, FieldKind.SPARSE)])

    def drop(self) -> None:
        """Remove the collections, as far as they are there."""
        for name in (self._units, self._passages):
            self._server.drop(name)

    def exist(self) -> bool:
        """Tell whether both collections are there."""
        return self._server.has(self._units) and self._server.has(self._passages)

    def insert(self, passages: Iterable[PassageWeights], vectors: Iterable[VectorBlock]) -> None:
        """Put passages in, their terms and the vectors of all their units."""
        for some in _cut(passages, _PASSAGES_AT_ONCE):
            self._server.insert(self._passages, [_row(passage) for passage in some])
        for block in vectors:
            for start in range(0, len(block.passage_ids), _VECTORS_AT_ONCE):
                part = slice(start, start + _VECTORS_AT_ONCE)
                ids = block.passage_ids[part].tolist()
                rows = [{_PASSAGE: n, _VECTOR: v} for n, v in zip(ids, block.vectors[part], strict=True)]
                self._server.insert(self._units, rows)

    def settle(self) -> None:
        """Let what was inserted be searched as fast as the rest."""
        for name in (self._units, self._passages):
            self._server.settle(name)

    def delete(self, passage_ids: Sequence[int]) -> None:
        """Remove passages; those that are not there already do no harm."""
        for some in _cut(passage_ids, _IDS_AT_ONCE):
            for name in (self._units, self._passages):
                self._server.delete(name, _among(some))

    def delete_after(self, passage_id: int) -> None:
        """Remove the passages of higher ids, which an update that was not finished has left, if there are any."""
        condition = f"{_PASSAGE} > {passage_id}"
        for name in (self._units, self._passages):
            if self._server.rows(name, condition, [_PASSAGE], most=1):
                self._server.delete(name, condition)

    def terms(self, passage_ids: Sequence[int]) -> list[TermVector]:
        """Give which terms passages have, not how often, nor of which field.

        :raises BackendError: if one is not there, or twice.
        """
        found: dict[int, TermVector] = {}
        count = 0
        for some in _cut(passage_ids, _IDS_AT_ONCE):
            for row in self._server.rows(self._passages, _among(some), [_PASSAGE, _TERMS, *_LENGTHS]):
                dimensions = np.array(sorted(set(row[_TERMS]) - {NO_TERM}), np.uint32)
                lengths = np.array([row[name] for name in _LENGTHS], np.int32)
                ones, fields = np.ones(len(dimensions), np.uint16), np.zeros(len(dimensions), np.uint8)
                found[row[_PASSAGE]] = TermVector(dimensions, ones, fields, lengths)
                count += 1
        if len(found) != len(passage_ids) or count != len(found):
            raise BackendError(
                f"Milvus at {self._server.name} has {count} rows for {len(passage_ids)} passages of this archive. "
                "Make its indexes anew with: wenju doctor --repair"
            )
        return [found[int(passage_id)] for passage_id in passage_ids]

    def nearest_units(self, vector: NDArray[np.float32], most: int, condition: str) -> list[tuple[int, float]]:
        """Find the units of the highest inner products, best first: passage id and product."""
        return self._server.nearest(self._units, _VECTOR, vector, min(most, _MOST_FOUND), condition, _PASSAGE)

    def nearest_terms(self, query: Mapping[int, float], most: int, condition: str) -> list[tuple[int, float]]:
        """Find the passages whose terms have the highest inner products with a query's, best first."""
        if not query:
            return []
        found = self._server.nearest(self._passages, _TERMS, dict(query), min(most, _MOST_FOUND), condition, _PASSAGE)
        return [(passage_id, score) for passage_id, score in found if score > 0]

    def score_terms(self, query: Mapping[int, float], passage_ids: Sequence[int]) -> dict[int, float]:
        """Give the inner products of some passages' terms with a query's, where they are not 0."""
        found: dict[int, float] = {}
        for some in _cut(passage_ids, _IDS_AT_ONCE):
            found.update(self.nearest_terms(query, len(some), _among(some)))
        return found

    def counts(self) -> tuple[int, int]:
        """Count the passages and the units."""
        return self._server.count(self._passages), self._server.count(self._units)


def passing_condition(passage_ids: NDArray[np.int64], passing: NDArray[np.bool_] | None) -> str:
    """Write, for Milvus, which of ``passage_ids``, ascending and not none, may be found: those ``passing``, or all.

    Ids between two that follow one another may pass too: no passage of this state has them.
    """
    if passing is None or passing.all():
        return f"{_PASSAGE} <= {passage_ids[-1]}"
    edges = np.flatnonzero(np.diff(passing.astype(np.int8), prepend=0, append=0))
    parts, single = [], list[int]()
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if end - start < _RUN:
            single.extend(passage_ids[start:end].tolist())
        else:
            parts.append(f"({_PASSAGE} >= {passage_ids[start]} and {_PASSAGE} <= {passage_ids[end - 1]})")
    return " or ".join([*parts, _among(single)] if single or not parts else parts)


def _among(passage_ids: Sequence[int]) -> str:
    return f"{_PASSAGE} in [{', '.join(map(str, passage_ids))}]"


def _row(passage: PassageWeights) -> dict[str, object]:
    terms = dict(zip(passage.terms.dimensions.tolist(), passage.weights.tolist(), strict=True))
    lengths = dict(zip(_LENGTHS, passage.terms.lengths.tolist(), strict=True))
    # Milvus takes no vector without a number.
    return {_PASSAGE: passage.passage_id, _TERMS: terms or {NO_TERM: 1.0}, **lengths}


def _cut(items: Iterable[_Item], most: int) -> Iterator[list[_Item]]:
    remaining = iter(items)
    while some := list(islice(remaining, most)):
        yield some
