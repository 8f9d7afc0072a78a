from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

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


class _Places:
    """The different places of an archive by name and by sound."""

    def __init__(self, values: Sequence[str], pinyin: Pinyin) -> None:
        self._pinyin = pinyin
        self._named: dict[str, set[str]] = {}
        self._sounding: dict[str, set[str]] = {}
        for value in filter(None, values):
            self._named.setdefault(bare_place(value), set()).add(value)
            for form in pinyin.sounds(value):
                self._sounding.setdefault(form, set()).add(value)

    def meant(self, asked: str) -> set[str]:
        """Give the places that ``asked`` may name: in either script, in pinyin, with or without its division."""
        forms = self._pinyin.place_forms(asked)
        return self._named.get(bare_place(asked), set()).union(*(self._sounding.get(form, ()) for form in forms))


class FacetTable:
    """What filters look at, a row for each passage: as many values are compared as there are, not as rows."""

    def __init__(self, facets: Iterable[PassageFacets], passage_ids: NDArray[np.int64], pinyin: Pinyin) -> None:
        """Lay out facets, given by ascending passage id, in the rows of ``passage_ids``."""
        wanted = set(passage_ids.tolist())
        rows = [row for row in facets if row.passage_id in wanted]
        self._sources = _Column.of(row.source for row in rows)
        self._kinds = _Column.of(row.kind for row in rows)
        self._dates = _Column.of(row.date for row in rows)
        self._places = _Column.of(row.place for row in rows)
        self._pinyin = pinyin

    def mask(self, filters: Filters) -> NDArray[np.bool_]:
        """Give which rows pass, bool ``(rows,)``."""
        passing = np.ones(len(self._sources.codes), bool)
        if filters.sources:
            passing &= self._sources.rows(source.startswith(filters.sources) for source in self._sources.values)
        if filters.kinds:
            passing &= self._kinds.rows(kind in filters.kinds for kind in self._kinds.values)
        if filters.since or filters.until:
            passing &= self._dates.rows(_within(date, filters) for date in self._dates.values)
        if filters.places:
            meant = set().union(*(self._by_name.meant(place) for place in filters.places))
            passing &= self._places.rows(place in meant for place in self._places.values)
        return passing

    @cached_property
    def _by_name(self) -> _Places:
        return _Places(self._places.values, self._pinyin)


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
            self._table = FacetTable(snapshot.facets(), passage_ids, pinyin)
        return self._table.mask(filters)


def _within(date: str, filters: Filters) -> bool:
    """Compare as far as both the date and the bound are given: 2022-05 is within 2022, and the other way round."""
    if not date:
        return False
    since, until = filters.since[: len(date)], filters.until[: len(date)]
    return date[: len(since)] >= since and (not until or date[: len(until)] <= until)
