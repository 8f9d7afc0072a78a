import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from bot.wording.formats import Formats

__all__ = ["LANGUAGES", "LANGUAGE_NAMES", "Messages", "messages"]

LANGUAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "de": "Deutsch",
        "en": "English",
        "es": "Español",
        "fr": "Français",
        "ja": "日本語",
        "ko": "한국어",
        "ru": "Русский",
        "zh": "简体中文",
        "zh-Hant": "繁體中文",
    }
)
"""The languages that can be read and written, sorted, and what each calls itself; ``zh`` is simplified Chinese.

Each has a folder of this name, in it a file for each surface and ``formats.json``. To add one, add both.
"""
LANGUAGES = tuple(LANGUAGE_NAMES)
"""The languages by their tags."""
_FALLBACK = "en"
_FORMATS = "formats.json"
# Regions and languages that write traditional characters when a tag does not name the script.
_TRADITIONAL = frozenset(("hk", "mo", "tw"))
_CHINESE = frozenset(("zh", "cmn", "yue"))


@dataclass(frozen=True, slots=True)
class Messages:
    """The sentences of one language: ``language`` is its tag, ``texts`` the templates by key.

    A template that depends on a count is a mapping from CLDR's plural categories to its forms.
    """

    language: str
    texts: Mapping[str, str | Mapping[str, str]] = field(repr=False)
    formats: Formats = field(repr=False)

    def text(self, key: str, /, **values: str | int) -> str:
        """Give the sentence ``key`` with its named places filled: ``text("line", line=12)``.

        The keywords are the names that stand in braces in the message file; tests hold all files to the same ones. The
        keyword ``count``, a whole number, chooses the plural form and is written as the language writes numbers.

        :raises KeyError: if there is no such sentence, or a named place is left without a value.
        """
        template = self.texts[key]
        count = values.get("count")
        if not isinstance(template, str):
            if not isinstance(count, int):
                raise KeyError("count")
            template = template[self.formats.plural.category(count)]
        if isinstance(count, int):
            values["count"] = self.formats.number(count)
        return template.format_map(values)

    def lines(self, first: int, last: int) -> str:
        """Say which lines, counted from 1: ``line 12`` or ``lines 12–14``."""
        return self.text("line", line=first) if first == last else self.text("lines", first=first, last=last)

    def date(self, iso: str) -> str:
        """Write an ISO 8601 day the way the language does; anything else comes back as it is."""
        return self.formats.date(iso)

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number the way the language does."""
        return self.formats.number(value, decimals)

    def percentage(self, share: float) -> str:
        """Write a share from 0 to 1 as a whole percentage."""
        return self.formats.percentage(share)

    def listing(self, items: Sequence[str]) -> str:
        """Write items one after another."""
        return self.formats.listing(items)


def messages(language: str) -> Messages:
    """Give the messages that suit a BCP 47 tag best; English where there are none in its language.

    Chinese goes by script: ``zh-Hant``, ``zh-TW``, ``zh-HK`` and ``yue`` get traditional characters.
    """
    return _load(_suiting(language))


def _suiting(tag: str) -> str:
    primary, *subtags = tag.lower().replace("_", "-").split("-")
    if primary in _CHINESE:
        by_region = primary == "yue" or not _TRADITIONAL.isdisjoint(subtags)
        return "zh-Hant" if "hant" in subtags or (by_region and "hans" not in subtags) else "zh"
    return primary if primary in LANGUAGES else _FALLBACK


@cache
def _load(language: str) -> Messages:
    # A sentence that a language does not have yet is said in English rather than not at all.
    texts = {} if language == _FALLBACK else dict(_load(_FALLBACK).texts)
    folder = files(__package__).joinpath(language)
    for room in sorted(folder.iterdir(), key=lambda file: file.name):
        if room.name != _FORMATS:
            texts.update(json.loads(room.read_text("utf-8")))
    formats = Formats.of(json.loads(folder.joinpath(_FORMATS).read_text("utf-8")))
    return Messages(language, MappingProxyType(texts), formats)
