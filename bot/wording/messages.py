import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["LANGUAGES", "Messages", "messages"]

LANGUAGES = ("en", "zh")
"""The languages that have message files, sorted; a folder for each, in it a file for each surface."""


@dataclass(frozen=True, slots=True)
class Messages:
    """The sentences of one language: ``language`` is its tag, ``texts`` the templates by key."""

    language: str
    texts: Mapping[str, str] = field(repr=False)

    def text(self, key: str, /, **values: str | int) -> str:
        """Give the sentence ``key`` with its named places filled: ``text("line", line=12)``.

        The keywords are the names that stand in braces in the message file; tests hold both files to the same ones.

        :raises KeyError: if there is no such sentence, or a named place is left without a value.
        """
        return self.texts[key].format_map(values)

    def lines(self, first: int, last: int) -> str:
        """Say which lines, counted from 1: ``line 12`` or ``lines 12–14``."""
        return self.text("line", line=first) if first == last else self.text("lines", first=first, last=last)

    def date(self, iso: str) -> str:
        """Write an ISO 8601 day the way the language does; anything else comes back as it is."""
        parts = iso.split("-")
        if [len(part) for part in parts] != [4, 2, 2] or not all(part.isdecimal() for part in parts):
            return iso
        year, month, day = (int(part) for part in parts)
        return self.text("date", iso=iso, year=year, month=month, day=day)


def messages(language: str) -> Messages:
    """Give the messages that suit a BCP 47 tag best: Chinese for every ``zh…``, else English."""
    primary = language.lower().replace("_", "-").partition("-")[0]
    return _load("zh" if primary == "zh" else "en")


@cache
def _load(language: str) -> Messages:
    texts: dict[str, str] = {}
    for room in sorted(files(__package__).joinpath(language).iterdir(), key=lambda file: file.name):
        texts.update(json.loads(room.read_text("utf-8")))
    return Messages(language, MappingProxyType(texts))
