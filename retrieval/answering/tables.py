import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from retrieval.language.scripts import HANGUL, has_han, has_kana

__all__ = ["ENDS", "FollowUpTables", "follow_up_tables", "tongue_of"]

ENDS = " \t\n?？.。!！~～…"
"""What a question may end with."""

_HANGUL = re.compile(f"[{HANGUL}]")


@dataclass(frozen=True, slots=True, eq=False)
class FollowUpTables:
    """The words by which questions lean on earlier ones, by language, as ``followups.json`` has them."""

    patterns: Mapping[str, Mapping[str, str]]
    relative_years: tuple[tuple[str, int], ...]
    people: Mapping[str, tuple[str, ...]]

    def match(self, kind: str, tongue: str, text: str) -> re.Match[str] | None:
        """Match a pattern at the text's beginning."""
        return re.match(self.patterns[kind][tongue], text, re.IGNORECASE)

    def is_whole(self, kind: str, tongue: str, text: str) -> bool:
        """Tell whether the whole text is one of the words of a kind."""
        return re.fullmatch(self.patterns[kind][tongue], text, re.IGNORECASE) is not None


@lru_cache(maxsize=1)
def follow_up_tables() -> FollowUpTables:
    """Load the words that come with the package."""
    data = json.loads(files("retrieval.answering").joinpath("followups.json").read_text(encoding="utf-8"))
    years = [(word, int(step)) for step, words in data.pop("relative_years").items() for word in words]
    people = {tongue: tuple(words) for tongue, words in data.pop("people").items()}
    return FollowUpTables(data, tuple(sorted(years, key=lambda entry: (-len(entry[0]), entry[0]))), people)


def tongue_of(text: str, language: str) -> str:
    """Give the language whose words to look for: that of the script, and English for what is not told apart."""
    if has_kana(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    if has_han(text):
        return "zh"
    primary = language.partition("-")[0]
    return primary if primary in ("ru", "de", "fr", "es") else "en"
