from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index import PassageFacets, Snapshot
from retrieval.language.pinyin import Pinyin
from retrieval.language.placenames import bare_place
from retrieval.types import Filters

__all__ = ["FacetTable", "RowFilter"]


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """One facet of all rows: the different values, and which each row has, int32 ``(rows,)``."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, rows: Iterable[str]) -> "_Column":
        numbers: dict[str, int] = {}
        codes = [numbers.setdefault(value, len(numbers)) for value in rows]
        return cls(tuple(numbers), np.array(codes, np.int32))

    def rows(self, passes: Iterable[bool]) -> NDArray[np.bool_]:
        """Give which rows have a value that passes; ``passes`` are told in the order of the values."""
        return np.asarray(np.fromiter(passes, bool, len(self.values))[self.codes], bool)


@dataclass(frozen=True, slots=True, eq=False)
class FacetTable:
    """What filters look at, a row for each passage: as many values are compared as there are, not as rows."""

    sources: _Column
    kinds: _Column
    dates: _Column
    places: _Column

    @classmethod
    def build(cls, facets: Iterable[PassageFacets], passage_ids: NDArray[np.int64]) -> "FacetTable":
        """Lay out facets, given by ascending passage id, in the rows of ``passage_ids``."""
        wanted = set(passage_ids.tolist())
        rows = [row for row in facets if row.passage_id in wanted]
        return cls(
            _Column.of(row.source for row in rows),
            _Column.of(row.kind for row in rows),
            _Column.of(row.date for row in rows),
            _Column.of(row.place for row in rows),
        )

    def mask(self, filters: Filters, pinyin: Pinyin) -> NDArray[np.bool_]:
        """Give which rows pass, bool ``(rows,)``."""
        passing = np.ones(len(self.sources.codes), bool)
        if filters.sources:
            passing &= self.sources.rows(source.startswith(filters.sources) for source in self.sources.values)
        if filters.kinds:
            passing &= self.kinds.rows(kind in filters.kinds for kind in self.kinds.values)
        if filters.since or filters.until:
            passing &= self.dates.rows(_within(date, filters) for date in self.dates.values)
        if filters.places:
            passing &= self.places.rows(
                any(_is_place(asked, place, pinyin) for asked in filters.places) for place in self.places.values
            )
        return passing


class RowFilter:
    """Applies filters to the passages of one state of an archive, whose facets it reads when first needed."""

    def __init__(self) -> None:
        """Start without facets."""
        self._table: FacetTable | None = None

    def mask(
        self, filters: Filters, snapshot: Snapshot, passage_ids: NDArray[np.int64], pinyin: Pinyin
    ) -> NDArray[np.bool_]:
        """Give which of ``passage_ids``, those of the snapshot's passages that are searched, pass."""
        if self._table is None:
            # Threads that come at once make the same table twice.
            self._table = FacetTable.build(snapshot.facets(), passage_ids)
        return self._table.mask(filters, pinyin)


def _within(date: str, filters: Filters) -> bool:
    """Compare as far as both the date and the bound are given: 2022-05 is within 2022, and the other way round."""
    if not date:
        return False
    since, until = filters.since[: len(date)], filters.until[: len(date)]
    return date[: len(since)] >= since and (not until or date[: len(until)] <= until)


def _is_place(asked: str, place: str, pinyin: Pinyin) -> bool:
    if not place:
        return False
    return bare_place(asked) == bare_place(place) or pinyin.is_written(asked, place)
