"""Chinese words by what they mean: in English, and in the other Chinese words that mean the same."""

import math
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np

from retrieval.language.cedict import cedict_file, read_entries
from retrieval.language.dictionary import EnglishChineseDictionary, Translation, WeightedTranslation
from retrieval.language.english import is_stop
from retrieval.language.glosses import glosses
from retrieval.language.inversion import MAX_PHRASE
from retrieval.language.scripts import has_han
from retrieval.language.tables import Arrays, StringTable, load_arrays

__all__ = ["ChineseMeanings"]

# Grows with every change of what is kept, so that caches of an older form are made anew.
_FORMAT = 1
_MAX_GLOSSES = 8
# Glosses through which synonyms are looked for: the most central ones.
_SYNONYM_GLOSSES = 3
_SYNONYM_WEIGHT = 0.6
_MAX_SYNONYMS = 12
_MAX_WORDS = 12
# Words whose synonyms are kept in memory, a few MB of them.
_KEPT = 4096
# A word of an expression says less than the expression.
_PART_WEIGHT = 0.7


class ChineseMeanings:
    """CC-CEDICT as it is: Chinese words and their English definitions."""

    def __init__(self, arrays: Arrays, back: EnglishChineseDictionary) -> None:
        """Use ``load`` instead.

        :raises KeyError: if an array is missing.
        """
        self._keys = StringTable.of(arrays, "keys")
        self._glosses = StringTable.of(arrays, "glosses")
        self._starts = arrays["starts"]
        self._numbers = arrays["numbers"]
        self._weights = arrays["weights"]
        self._back = back
        # A reader asks on: the words of one question come again in the next.
        self._synonyms = lru_cache(maxsize=_KEPT)(self._find_synonyms)

    @classmethod
    def load(cls, back: EnglishChineseDictionary, cache: Path | None = None) -> "ChineseMeanings":
        """Open the definitions, which are kept in a folder under ``cache``.

        A missing, damaged or outdated folder is made anew; one that cannot be written is done without.

        :param back: the dictionary that leads from a definition to the Chinese words that have it.
        :raises DictionaryError: if the package with CC-CEDICT is missing or damaged.
        """
        source = cedict_file()
        status = source.stat()
        folder = None if cache is None else cache / "meanings"
        stamp = (_FORMAT, status.st_size, status.st_mtime_ns)
        return cls(load_arrays(folder, stamp, lambda: _collect(source)), back)

    def translate(self, word: str) -> Translation:
        """Give the English words that a folded Chinese word means and the Chinese words of the same meaning.

        It has no terms when the dictionary lacks the word.
        """
        english: dict[str, float] = {}
        for text, weight in self._definitions(word):
            words = [piece for piece in text.split() if not is_stop(piece)]
            for piece in words:
                share = weight if len(words) == 1 else _PART_WEIGHT * weight
                english[piece] = max(english.get(piece, 0.0), share)
        terms = (WeightedTranslation(term, round(weight, 4)) for term, weight in _best(english, _MAX_WORDS))
        return Translation(word, (*terms, *self.synonyms(word).terms))

    def synonyms(self, word: str) -> Translation:
        """Give the Chinese words that mean the same as a folded Chinese word, through what they mean in English."""
        return self._synonyms(word)

    def _find_synonyms(self, word: str) -> Translation:
        chinese: dict[str, float] = {}
        for text, weight in self._definitions(word)[:_SYNONYM_GLOSSES]:
            for term in self._back.senses(text)[:_MAX_SYNONYMS]:
                if term.term != word:
                    value = _SYNONYM_WEIGHT * weight * term.weight
                    chinese[term.term] = max(chinese.get(term.term, 0.0), value)
        terms = (WeightedTranslation(term, round(weight, 4)) for term, weight in _best(chinese, _MAX_SYNONYMS))
        return Translation(word, tuple(terms))

    def back_and_forth(self, word: str) -> Translation:
        """Give what a dictionary would make of one of the English words for a folded Chinese word: training data."""
        definitions = self._definitions(word)
        if not definitions:
            return Translation(word, ())
        text, _ = definitions[crc32(word.encode()) % min(len(definitions), _SYNONYM_GLOSSES)]
        return Translation(word, self._back.senses(text))

    def _definitions(self, word: str) -> list[tuple[str, float]]:
        number = self._keys.find(word)
        if number is None:
            return []
        part = slice(int(self._starts[number]), int(self._starts[number + 1]))
        return [
            (self._glosses[gloss], weight)
            for gloss, weight in zip(self._numbers[part].tolist(), self._weights[part].tolist(), strict=True)
        ]


def _best(weights: dict[str, float], most: int) -> list[tuple[str, float]]:
    return sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:most]


def _collect(source: Path) -> Arrays:
    links: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for entry in read_entries(source):
        word = entry.simplified.lower()
        if not has_han(word):
            continue
        for gloss in glosses(entry):
            if len(gloss.words) <= MAX_PHRASE and gloss.length == len(gloss.words):
                text = " ".join(gloss.words)
                links[word][text] = max(1 / math.sqrt(1 + gloss.rank), links[word].get(text, 0.0))
    keys = sorted(links, key=str.encode)
    texts = sorted({text for of in links.values() for text in of}, key=str.encode)
    number_of = {text: number for number, text in enumerate(texts)}
    starts, numbers, weights = [0], list[int](), list[float]()
    for key in keys:
        best = _best(links[key], _MAX_GLOSSES)
        numbers.extend(number_of[text] for text, _ in best)
        weights.extend(weight for _, weight in best)
        starts.append(len(numbers))
    return {
        **StringTable.lay_out(keys, "keys"),
        **StringTable.lay_out(texts, "glosses"),
        "starts": np.array(starts, np.uint32),
        "numbers": np.array(numbers, np.uint32),
        "weights": np.array(weights, np.float16),
    }
