import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from retrieval.language.cedict import Entry, cedict_file, read_entries
from retrieval.language.english import is_stop
from retrieval.language.scripts import has_han
from retrieval.language.syllables import SYLLABLES, cut_syllables, plain_pinyin
from retrieval.language.tables import Arrays, StringTable, load_arrays

__all__ = ["Readings"]

# Grows with every change of what is kept, so that caches of an older form are made anew.
_FORMAT = 1
_MAX_READINGS = 3
_MAX_COMBINATIONS = 4
# Words whose readings are remembered, half a KB each: names come again and again.
_MOST_WORDS = 8192
# A reading that a character has in fewer of its words is left out.
_MIN_SHARE = 0.1
_ORDINARY = re.compile(r"(?<![\w'])[a-z]{2,}(?![\w'])")
_ASIDE = re.compile(r"\[[^\]]*\]|\([^()]*\)")


class Readings:
    """How Chinese characters and words are read, in pinyin without tones; which are surnames."""

    def __init__(self, arrays: Arrays) -> None:
        """Use ``load`` instead.

        :raises KeyError: if an array is missing.
        """
        self._characters = StringTable.of(arrays, "characters")
        self._readings = StringTable.of(arrays, "readings")
        self._surnames = StringTable.of(arrays, "surnames")
        self._surname_readings = StringTable.of(arrays, "surname_readings")
        self._words = StringTable.of(arrays, "words")
        self._word_readings = StringTable.of(arrays, "word_readings")
        self._english = StringTable.of(arrays, "english")
        self._read = lru_cache(maxsize=_MOST_WORDS)(self._find)

    @classmethod
    def load(cls, cache: Path | None = None) -> "Readings":
        """Open the readings, which come from CC-CEDICT and are kept in a folder under ``cache``.

        A missing, damaged or outdated folder is made anew; one that cannot be written is done without.

        :raises DictionaryError: if the package with CC-CEDICT is missing or damaged.
        """
        source = cedict_file()
        status = source.stat()
        folder = None if cache is None else cache / "readings"
        stamp = (_FORMAT, status.st_size, status.st_mtime_ns)
        return cls(load_arrays(folder, stamp, lambda: _collect(source)))

    def of(self, word: str) -> list[tuple[str, ...]]:
        """Give the syllables of a word in simplified characters, a few readings where it has several, likeliest first.

        It has none if a character is unknown.
        """
        return list(self._read(word))

    def _find(self, word: str) -> tuple[tuple[str, ...], ...]:
        number = self._words.find(word)
        if number is not None:
            return (tuple(self._word_readings[number].split()),)
        choices = [self._of(self._readings, character) for character in word]
        if word:
            # Some characters are read otherwise as a surname, which comes first.
            choices[0] = list(dict.fromkeys([*choices[0], *self._of(self._surname_readings, word[0])]))
        return tuple(itertools.islice(itertools.product(*choices), _MAX_COMBINATIONS))

    def is_surname(self, word: str) -> bool:
        """Tell whether ``word`` is a Chinese surname."""
        return self._surnames.find(word) is not None

    def is_english(self, word: str) -> bool:
        """Tell whether a word in small letters, which could be pinyin, is an English word."""
        return is_stop(word) or self._english.find(word) is not None

    def _of(self, table: StringTable, character: str) -> list[str]:
        number = (self._characters if table is self._readings else self._surnames).find(character)
        return table[number].split() if number is not None else []


def _collect(source: Path) -> Arrays:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    surnames: dict[str, list[str]] = {}
    words: dict[str, tuple[str, ...]] = {}
    english: set[str] = set()
    for entry in read_entries(source):
        syllables = _plain(entry)
        if len(syllables) == len(entry.simplified) and has_han(entry.simplified):
            for character, syllable in zip(entry.simplified, syllables, strict=True):
                counts[character][syllable] += 1
            if any(sense.startswith("surname ") for sense in entry.senses):
                surnames.setdefault(entry.simplified, []).append(" ".join(syllables))
            elif len(syllables) > 1:
                words.setdefault(entry.simplified, syllables)
        for sense in entry.senses:
            english.update(_ORDINARY.findall(_ASIDE.sub(" ", sense)))
    readings = {character: _chosen(of) for character, of in counts.items()}
    # Most words are read as their characters mostly are.
    special = {
        word: syllables
        for word, syllables in words.items()
        if any(readings[character][0] != syllable for character, syllable in zip(word, syllables, strict=True))
    }
    return {
        **_sorted_table({character: " ".join(of) for character, of in readings.items()}, "characters", "readings"),
        **_sorted_table({word: " ".join(of) for word, of in special.items()}, "words", "word_readings"),
        **_sorted_table({name: " ".join(of) for name, of in surnames.items()}, "surnames", "surname_readings"),
        **StringTable.lay_out(sorted((word for word in english if cut_syllables(word)), key=str.encode), "english"),
    }


def _plain(entry: Entry) -> tuple[str, ...]:
    return tuple(plain for syllable in entry.syllables if (plain := _plain_syllable(syllable)) in SYLLABLES)


@lru_cache(maxsize=4096)
def _plain_syllable(syllable: str) -> str:
    plain = plain_pinyin(syllable)
    return "er" if plain == "r" else plain


def _chosen(counts: Counter[str]) -> list[str]:
    least = _MIN_SHARE * counts.total()
    ordered = sorted(counts, key=lambda syllable: (-counts[syllable], syllable))
    return [syllable for syllable in ordered if counts[syllable] >= least][:_MAX_READINGS]


def _sorted_table(values: Mapping[str, str], keys_name: str, values_name: str) -> dict[str, NDArray[Any]]:
    keys = sorted(values, key=str.encode)
    return {**StringTable.lay_out(keys, keys_name), **StringTable.lay_out([values[key] for key in keys], values_name)}
