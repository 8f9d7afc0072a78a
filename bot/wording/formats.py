from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.wording.plurals import PLURAL_RULES, PluralRule

__all__ = ["Formats"]


@dataclass(frozen=True, slots=True)
class Formats:
    """How a language writes numbers, days and lists.

    ``group`` stands between thousands in numbers from ``group_from`` on, ``months`` are the names as a date has them
    (empty where months are numbers), ``first_day`` is the first of a month, ``separator`` stands between the items of
    a list, ``percent`` and ``date_pattern`` are templates.
    """

    plural: PluralRule
    decimal: str
    group: str
    group_from: int
    percent: str
    date_pattern: str
    months: tuple[str, ...]
    first_day: str
    separator: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Formats":
        """Read the contents of a ``formats.json``.

        :raises KeyError: if an entry is missing or names a plural rule that there is not.
        """
        return cls(
            plural=PLURAL_RULES[data["plural"]],
            decimal=data["decimal"],
            group=data["group"],
            group_from=data["group_from"],
            percent=data["percent"],
            date_pattern=data["date"],
            months=tuple(data["months"]),
            first_day=data["first_day"],
            separator=data["list"],
        )

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number: ``12,345.6``, ``12.345,6``."""
        grouping = "," if abs(value) >= self.group_from else ""
        plain = f"{value:{grouping}.{decimals}f}"
        return plain.translate({ord(","): self.group, ord("."): self.decimal})

    def percentage(self, share: float) -> str:
        """Write a share from 0 to 1 as a whole percentage."""
        return self.percent.format(number=self.number(100 * share))

    def date(self, iso: str) -> str:
        """Write an ISO 8601 day; anything else comes back as it is."""
        parts = iso.split("-")
        if [len(part) for part in parts] != [4, 2, 2] or not all(part.isdecimal() for part in parts):
            return iso
        year, month, day = (int(part) for part in parts)
        if not 1 <= month <= 12:
            return iso
        return self.date_pattern.format(
            year=year,
            month=month,
            month_name=self.months[month - 1] if self.months else month,
            day=self.first_day if day == 1 else day,
        )

    def listing(self, items: Sequence[str]) -> str:
        """Write items one after another."""
        return self.separator.join(items)
