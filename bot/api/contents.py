import threading
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.api import schemas
from retrieval.archive import Archive
from retrieval.errors import ArchiveEmptyError
from retrieval.types import DocumentInfo

__all__ = ["Contents", "iso_time", "months", "publications"]

_MONTH = len("2021-11")


class Contents:
    """Which places the documents are about, read once for each state of the archive. Safe for threads."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self._lock = threading.Lock()
        self._generation = -1
        self._places: dict[str, frozenset[str]] = {}

    def places(self, archive: Archive) -> dict[str, frozenset[str]]:
        """Give the places of each document that has any, by the name of its file."""
        with self._lock:
            try:
                with archive.reading() as view:
                    if view.snapshot.generation != self._generation:
                        found: defaultdict[str, set[str]] = defaultdict(set)
                        for facets in view.snapshot.facets():
                            if facets.place:
                                found[facets.source].add(facets.place)
                        self._places = {source: frozenset(places) for source, places in found.items()}
                        self._generation = view.snapshot.generation
            except ArchiveEmptyError:
                return {}
            return self._places

    def sources(self, archive: Archive) -> schemas.Sources:
        """Tell what the archive is made of."""
        documents = archive.documents()
        counted = Counter(place for places in self.places(archive).values() for place in places)
        info = archive.info()
        return schemas.Sources(
            documents=info.documents,
            passages=info.passages,
            generation=info.generation,
            publications=publications(documents),
            months=months(documents),
            places=[
                schemas.PlaceCount(place=place, documents=count)
                for place, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
            ],
        )

    def select(self, archive: Archive, query: schemas.DocumentsQuery) -> list[DocumentInfo]:
        """Give the documents that a query for the list means, by the name of their file.

        :raises FilterError: if a bound is no date.
        """
        bounds = query.to_filters()
        words = query.q.casefold().split() if query.q else []
        places = self.places(archive) if query.place else {}
        return [
            info
            for info in archive.documents()
            if _in_time(info.date, bounds.since, bounds.until)
            and (query.publication is None or info.publication == query.publication)
            and (query.place is None or query.place in places.get(info.source, ()))
            and all(word in f"{info.title}\n{info.source}".casefold() for word in words)
        ]


def months(documents: Iterable[DocumentInfo]) -> list[schemas.MonthCount]:
    """Count the documents of each month of issue, the first month first; those without a date are left out."""
    counted = Counter(info.date[:_MONTH] for info in documents if info.date)
    return [schemas.MonthCount(month=month, documents=count) for month, count in sorted(counted.items())]


def publications(documents: Iterable[DocumentInfo]) -> list[schemas.PublicationCount]:
    """Count the documents of each newspaper or series, with its first and last day of issue."""
    dates: defaultdict[str, list[str]] = defaultdict(list)
    for info in documents:
        dates[info.publication].append(info.date)
    told = []
    for name, all_dates in sorted(dates.items()):
        known = sorted(date for date in all_dates if date)
        first, last = (known[0], known[-1]) if known else ("", "")
        told.append(schemas.PublicationCount(publication=name, documents=len(all_dates), first=first, last=last))
    return told


def iso_time(seconds: float) -> str:
    """Write a time, given in seconds since 1970, in ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _in_time(date: str, since: str, until: str) -> bool:
    if not since and not until:
        return True
    # '~' sorts behind all digits, so that 2022 as the last day means the year's last.
    return bool(date) and (not since or date >= since) and (not until or date <= f"{until}~")
