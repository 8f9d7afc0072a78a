"""A text cut into characters, words and numbers, and what each of these is, as numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.language.english import is_stop
from retrieval.language.folding import fold
from retrieval.search.expectation import AnswerKind, find_answers

__all__ = ["FIXED", "TextUnits", "has_meaning", "unit_names", "unit_words"]

_TAGS = ("nr", "ns", "nt", "nz", "n", "v", "m", "t", "eng", "a", "x", "function")
_TAG_NUMBER = {tag: number for number, tag in enumerate(_TAGS)}
FIXED = (
    *(f"tag_{tag}" for tag in _TAGS),
    "word_begins",
    "word_ends",
    "quoted",
    "title",
    "bracketed",
    "after_opener",
    "before_closer",
    "number",
    "date",
    "list",
    "sentence_begins",
    "sentence_ends",
    "clause_begins",
    "clause_ends",
)
"""What a unit is, whatever is asked."""
_LETTER = r"[a-z\u00c0-\u024f\u0370-\u052f]"
_UNIT = re.compile(rf"\d+(?:[.,]\d+)*|{_LETTER}+(?:['’.-]{_LETTER}+)*|\S")
_SPACED = re.compile(_LETTER)
_CLAUSE_MARKS = frozenset("，,、；;：:。！？!?…—")
_OPENERS, _CLOSERS = frozenset("“「『‘《〈(（[【"), frozenset("”」』’》〉)）]】")
_QUOTED = re.compile(r"[“「『‘\"][^”」』’\"]{1,60}[”」』’\"]")
_TITLE = re.compile(r"[《〈][^》〉]{1,60}[》〉]")
_BRACKETED = re.compile(r"[(（\[【][^)）\]】]{1,80}[)）\]】]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True, eq=False)
class TextUnits:
    """A text cut into Chinese characters, words of letters and numbers.

    ``starts`` and ``ends`` are offsets into the text, ``names`` the folded characters or the class of each unit,
    ``words`` the word that each is of, empty where it is none that has a meaning, ``fixed`` is float32
    ``(units, len(FIXED))``, ``sentence`` the number of each unit's sentence.
    """

    folded: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    names: tuple[str, ...]
    words: tuple[str, ...]
    fixed: NDArray[np.float32]
    sentence: NDArray[np.int32]

    @classmethod
    def of(cls, text: str, sentences: Sequence[tuple[int, int]]) -> "TextUnits":
        """Cut a text.

        :param sentences: offsets of its sentences; what stands outside them is left out.
        """
        folded = fold(text)
        units = [
            (match.start(), match.end(), number)
            for number, (start, end) in enumerate(sentences)
            for match in _UNIT.finditer(folded, start, end)
        ]
        starts = np.array([unit[0] for unit in units], np.int32)
        ends = np.array([unit[1] for unit in units], np.int32)
        sentence = np.array([unit[2] for unit in units], np.int32)
        names = tuple(_name(folded[start:end]) for start, end, _ in units)
        tagged = list(_tagged(folded))
        fixed = _fixed(text, folded, tagged, starts, ends, sentence)
        words = _words(folded, tagged, starts.tolist(), ends.tolist())
        return cls(folded, starts, ends, names, words, fixed, sentence)

    def __len__(self) -> int:
        """Count the units."""
        return len(self.names)


def unit_names(text: str) -> tuple[str, ...]:
    """Give the names of a folded text's units: a character itself, the class of a word of letters or a number."""
    return tuple(_name(match.group()) for match in _UNIT.finditer(text))


def unit_words(text: str) -> tuple[str, ...]:
    """Give the word that each unit of a folded text is of, empty where it is none that has a meaning."""
    spans = [match.span() for match in _UNIT.finditer(text)]
    return _words(text, list(_tagged(text)), [start for start, _ in spans], [end for _, end in spans])


def _words(
    folded: str, tagged: Sequence[tuple[int, int, int]], starts: Sequence[int], ends: Sequence[int]
) -> tuple[str, ...]:
    """Give each unit's word: between spaces the unit itself, else that of the dictionary in which it begins."""
    word_at = [""] * len(folded)
    for start, end, _ in tagged:
        word_at[start:end] = [folded[start:end]] * (end - start)
    found = (
        folded[start:end] if _SPACED.match(folded, start) else word_at[start]
        for start, end in zip(starts, ends, strict=True)
    )
    return tuple(word if has_meaning(word) else "" for word in found)


def has_meaning(word: str) -> bool:
    """Tell whether a word has a meaning that its vector could tell: a single character and a number have none."""
    return len(word) > 1 and word[0].isalpha()


def _fixed(
    text: str,
    folded: str,
    tagged: Sequence[tuple[int, int, int]],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    sentence: NDArray[np.int32],
) -> NDArray[np.float32]:
    size = len(starts)
    fixed = np.zeros((size, len(FIXED)), np.float32)
    if not size:
        return fixed
    column = {name: fixed[:, number] for number, name in enumerate(FIXED)}
    tag_at, begins = np.full(len(text) + 1, _TAG_NUMBER["x"]), np.zeros(len(text) + 1, bool)
    for start, end, tag in tagged:
        tag_at[start:end], begins[start] = tag, True
    begins[len(text)] = True
    tags = tag_at[starts]
    for number in [number for number, start in enumerate(starts.tolist()) if _SPACED.match(folded, start)]:
        opens = number == 0 or sentence[number - 1] != sentence[number]
        tags[number] = _spaced_tag(text[starts[number] : ends[number]], opens=opens)
    fixed[np.arange(size), tags] = 1.0
    column["word_begins"][:], column["word_ends"][:] = begins[starts], begins[ends]
    at = np.searchsorted
    for name, pattern in (("quoted", _QUOTED), ("title", _TITLE), ("bracketed", _BRACKETED)):
        for match in pattern.finditer(text):
            column[name][at(starts, match.start()) : at(starts, match.end())] = 1.0
    for name, kind in (("number", AnswerKind.NUMBER), ("date", AnswerKind.DATE), ("list", AnswerKind.LIST)):
        for start, end in find_answers(kind, folded):
            column[name][at(starts, start) : at(starts, end)] = 1.0
    characters = [text[start] for start in starts.tolist()]
    opener = np.array([character in _OPENERS for character in characters])
    closer = np.array([character in _CLOSERS for character in characters])
    mark = np.array([character in _CLAUSE_MARKS for character in characters])
    column["after_opener"][1:], column["before_closer"][:-1] = opener[:-1], closer[1:]
    first = np.concatenate(([True], np.diff(sentence) != 0))
    column["sentence_begins"][:], column["sentence_ends"][:] = first, np.concatenate((first[1:], [True]))
    column["clause_begins"][:] = first | np.concatenate(([True], mark[:-1]))
    column["clause_ends"][:] = np.concatenate((first[1:] | mark[1:], [True]))
    return fixed


def _tagged(folded: str) -> Iterator[tuple[int, int, int]]:
    """Cut a folded text into words, and give each one's offsets and the number of its part of speech."""
    import rjieba

    position = 0
    for word, tag in rjieba.tag(folded):
        yield position, position + len(word), _tag_number(tag)
        position += len(word)


def _spaced_tag(word: str, *, opens: bool) -> int:
    """Give the number of the part of speech of a word that stands between spaces; it is a name if it has a capital.

    The first word of a sentence has one anyway.
    """
    if not opens and word[0].isupper():
        return _TAG_NUMBER["nr"]
    return _TAG_NUMBER["function" if is_stop(word.lower()) else "eng"]


@lru_cache(maxsize=256)
def _tag_number(tag: str) -> int:
    for length in (3, 2, 1):
        if tag[:length] in _TAG_NUMBER:
            return _TAG_NUMBER[tag[:length]]
    return _TAG_NUMBER["n"] if tag[0] in "ijl" else _TAG_NUMBER["function"]


@lru_cache(maxsize=1 << 15)
def _name(unit: str) -> str:
    """Give the name under which a unit has its embedding: itself when it is one character, else its class."""
    if unit[0].isdigit():
        if any(mark in unit for mark in ".,"):
            return "<decimal>"
        if len(unit) == 4:
            return "<year>" if unit[:2] in ("17", "18", "19", "20") else "<4>"
        return f"<{min(len(unit), 5)}>"
    if len(unit) == 1 and not unit.isascii() and not _KANA.match(unit) and not _HANGUL.match(unit):
        return unit
    if len(unit) == 1 and not unit.isalnum():
        return unit
    if _KANA.match(unit):
        return "<kana>"
    return "<hangul>" if _HANGUL.match(unit) else "<latin>"
