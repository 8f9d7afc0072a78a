from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.language.cedict import cedict_file
from retrieval.language.english import EnglishWord, base_forms, english_words, is_stop
from retrieval.language.inversion import MAX_PHRASE, invert
from retrieval.language.numerals import numeral_terms
from retrieval.language.tables import Arrays, StringTable, load_arrays
from retrieval.language.tokens import words

__all__ = ["EnglishChineseDictionary", "Translation", "WeightedTranslation"]

# Grows with every change of what is kept, so that caches of an older form are made anew.
_FORMAT = 1
# These weights were tuned on the even questions of XQuAD (English questions, Chinese paragraphs).
_BASE_FORM_WEIGHT = 0.8
_PHRASE_WORD_WEIGHT = 0.5
_UNKNOWN_WEIGHT = 0.7
# A word and its base form begin alike, but for those that no phrase of the dictionary has.
_MIN_COMMON = 2


@dataclass(frozen=True, slots=True)
class WeightedTranslation:
    """A term to look for, folded as the word index is, and how surely it translates its source (0 to 1)."""

    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class Translation:
    """An expression of a question and its translations, best first, which are to be scored as one term.

    ``weight`` says how much the expression counts beside the others.
    """

    source: str
    terms: tuple[WeightedTranslation, ...]
    weight: float = 1.0


class EnglishChineseDictionary:
    """English expressions and their Chinese translations: CC-CEDICT, turned round."""

    def __init__(self, arrays: Arrays) -> None:
        """Use ``load`` instead.

        :raises KeyError: if an array is missing.
        """
        self._keys = StringTable.of(arrays, "keys")
        self._terms = StringTable.of(arrays, "terms")
        self._starts = arrays["starts"]
        self._numbers = arrays["numbers"]
        self._weights = arrays["weights"]

    @classmethod
    def load(cls, cache: Path | None = None) -> "EnglishChineseDictionary":
        """Open the dictionary.

        Turning CC-CEDICT round takes seconds, so that the result is kept in a folder under ``cache`` and mapped into
        memory from there next time. A missing, damaged or outdated one is made anew; one that cannot be written is
        done without.

        :raises DictionaryError: if the package with CC-CEDICT is missing or damaged.
        """
        source = cedict_file()
        status = source.stat()
        folder = None if cache is None else cache / "dictionary"
        stamp = (_FORMAT, status.st_size, status.st_mtime_ns)
        return cls(load_arrays(folder, stamp, lambda: invert(source)))

    def translate(self, question: str) -> tuple[Translation, ...]:
        """Translate an English question expression by expression, in its order, the longest phrases first.

        The words of a phrase follow it with less weight. Function and question words are left out. A word stands
        among its own translations, for Chinese texts keep many foreign names; numbers have no other translation.
        """
        found: list[Translation] = []
        asked = english_words(question)
        position = 0
        while position < len(asked):
            length = self._phrase_length(asked[position:])
            span = asked[position : position + length]
            if length > 1:
                found.append(self._phrase(span))
            weight = 1.0 if length == 1 else _PHRASE_WORD_WEIGHT
            # In "You County" the first word is a name, which has no translation apart from the second.
            bare = [word for word in span if not (word.is_stop or (length > 1 and is_stop(word.text)))]
            found.extend(self._word(word.text, weight) for word in bare)
            position += length
        return tuple(found)

    def senses(self, expression: str) -> tuple[WeightedTranslation, ...]:
        """Give the Chinese words that an English expression in small letters means, likeliest first."""
        return _ranked(self._merge([expression]))

    def _phrase_length(self, asked: Sequence[EnglishWord]) -> int:
        # One search tells for most words that no phrase begins with them.
        if len(asked) == 1 or not self._keys.has_prefix(f"{asked[0].text} {asked[1].text[:_MIN_COMMON]}"):
            return 1
        for length in range(min(MAX_PHRASE, len(asked)), 1, -1):
            first, last = asked[0], asked[length - 1]
            # At a sentence's start, "You County" looks like a stop word and a name.
            if last.is_stop or (first.is_stop and not (last.is_name and asked[1].is_name)):
                continue
            if any(self._keys.find(key) is not None for key in _phrase_keys(asked[:length])):
                return length
        return 1

    def _phrase(self, span: Sequence[EnglishWord]) -> Translation:
        weights = self._merge(_phrase_keys(span))
        return Translation(" ".join(word.text for word in span), _ranked(weights))

    def _word(self, word: str, weight: float) -> Translation:
        itself = dict.fromkeys(words(word), 1.0)
        weights = {} if word.isdigit() else self._merge([word, *base_forms(word)])
        weights |= {term: max(value, weights.get(term, 0.0)) for term, value in numeral_terms(word).items()}
        known = bool(weights) or any(term[0].isdigit() for term in itself)
        return Translation(word, _ranked(weights | itself), weight if known else weight * _UNKNOWN_WEIGHT)

    def _merge(self, keys: Sequence[str]) -> dict[str, float]:
        weights: dict[int, float] = {}
        for rank, key in enumerate(keys):
            number = self._keys.find(key)
            if number is None:
                continue
            part = slice(int(self._starts[number]), int(self._starts[number + 1]))
            factor = 1.0 if rank == 0 else _BASE_FORM_WEIGHT
            for term, weight in zip(self._numbers[part].tolist(), self._weights[part].tolist(), strict=True):
                weights[term] = max(weights.get(term, 0.0), factor * weight)
        highest = max(weights.values(), default=1.0)
        return {self._terms[term]: weight / highest for term, weight in weights.items()}


def _ranked(weights: dict[str, float]) -> tuple[WeightedTranslation, ...]:
    order = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return tuple(WeightedTranslation(term, round(weight, 4)) for term, weight in order)


def _phrase_keys(span: Sequence[EnglishWord]) -> list[str]:
    start = " ".join(word.text for word in span[:-1])
    return [f"{start} {last}" for last in (span[-1].text, *base_forms(span[-1].text))]
