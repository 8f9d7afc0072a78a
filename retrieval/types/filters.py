import re
from dataclasses import dataclass

from retrieval.errors import FilterError
from retrieval.types.documents import BlockKind

__all__ = ["Filters"]

_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which passages of an archive are searched; those that fail one of them are as if they were not there.

    ``sources`` are names of files, or folders, or beginnings of names; ``since`` and ``until`` bound the issue's date,
    both included: a year, a month or a day (``2022``, ``2022-05``, ``2022-05-01``), of which all days count; ``places``
    are places that the passage is about, in either script or pinyin, with or without 县 or County; ``kinds`` are values
    of :class:`BlockKind`. Of several values of one field, one is enough. Empty means any. A document without a date
    fails a bound.
    """

    sources: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    places: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what can never be right.

        :raises FilterError: if a bound is no date, the bounds are swapped, a value is empty, or a kind unknown.
        """
        for name, bound in (("since", self.since), ("until", self.until)):
            if bound and not _DAY.fullmatch(bound):
                raise FilterError(f"{name} is {bound[:40]!r}: write a date as 2022, 2022-05 or 2022-05-01")
        if self.since and self.until and self.since > f"{self.until}~":
            raise FilterError(f"since {self.since} is later than until {self.until}: exchange them")
        for name, values in (("source", self.sources), ("place", self.places), ("kind", self.kinds)):
            if any(not value.strip() for value in values):
                raise FilterError(f"a {name} is empty: name one, or leave it out")
        for kind in self.kinds:
            if kind not in [known.value for known in BlockKind]:
                raise FilterError(f"kind is {kind[:40]!r}: choose of {', '.join(BlockKind)}")

    def __bool__(self) -> bool:
        """Tell whether anything is left out at all."""
        return bool(self.sources or self.since or self.until or self.places or self.kinds)
