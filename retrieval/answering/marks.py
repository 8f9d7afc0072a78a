"""What a text's characters are and what a question makes of them, as numbers: the input of the :class:`Pointer`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from retrieval.language.english import is_stop
from retrieval.language.folding import fold
from retrieval.language.tokens import stem
from retrieval.search.expectation import AnswerKind, find_answers
from retrieval.search.features import QuestionTerms, TermSet

__all__ = ["ASKED", "FIXED", "TextUnits", "fading", "foreign_marks", "marks_of", "unit_names"]

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
ASKED = (
    "word",
    "bigram",
    "neighbour",
    "character",
    "left",
    "right",
    "near_left",
    "near_right",
    "share",
    "shared_bigrams",
    "shared_neighbours",
    "unit",
    "fits",
    "said",
)
"""What a question makes of a unit."""
_UNIT = re.compile(r"\d+(?:[.,]\d+)*|[a-z\u00c0-\u024f\u0370-\u052f]+(?:['’.-][a-z\u00c0-\u024f\u0370-\u052f]+)*|\S")
_SPACED = re.compile(r"[a-z\u00c0-\u024f\u0370-\u052f]")
_WORD = re.compile(r"[^\W_]+")
_CLAUSE_MARKS = frozenset("，,、；;：:。！？!?…—")
_OPENERS, _CLOSERS = frozenset("“「『‘《〈(（[【"), frozenset("”」』’》〉)）]】")
_QUOTED = re.compile(r"[“「『‘\"][^”」』’\"]{1,60}[”」』’\"]")
_TITLE = re.compile(r"[《〈][^》〉]{1,60}[》〉]")
_BRACKETED = re.compile(r"[(（\[【][^)）\]】]{1,80}[)）\]】]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
# How fast the question's words stop telling about the units after and before them: far and near.
_FAR, _NEAR = 0.06, 0.3


@dataclass(frozen=True, slots=True, eq=False)
class TextUnits:
    """A text cut into Chinese characters, words of letters and numbers.

    ``starts`` and ``ends`` are offsets into the text, ``names`` the folded characters or the class of each unit,
    ``fixed`` is float32 ``(units, len(FIXED))``, ``sentence`` the number of each unit's sentence.
    """

    folded: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    names: tuple[str, ...]
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
        fixed = _fixed(text, folded, starts, ends, sentence)
        return cls(folded, starts, ends, names, fixed, sentence)

    def __len__(self) -> int:
        """Count the units."""
        return len(self.names)


def marks_of(terms: QuestionTerms, units: TextUnits) -> NDArray[np.float32]:
    """Give what a question makes of each unit, float32 ``(units, len(ASKED))``."""
    size = len(units)
    text = units.folded
    tokens = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
    word = _covered(terms.words, text, tokens)
    bigram = _covered(terms.bigrams, text, tokens)
    neighbour = np.zeros(len(text), np.float32)
    highest = max((weight for _, weight in terms.groups), default=0.0) or 1.0
    for members, weight in terms.groups:
        neighbour = np.maximum(neighbour, _covered(members, text, tokens) * np.float32(weight / highest))
    starts = units.starts
    marks = np.zeros((size, len(ASKED)), np.float32)
    if not size:
        return marks
    marks[:, 0], marks[:, 1], marks[:, 2] = word[starts], bigram[starts], neighbour[starts]
    asked = frozenset(terms.folded) if not terms.query.foreign else frozenset[str]()
    marks[:, 3] = [len(name) == 1 and name in asked for name in units.names]
    said = np.max(marks[:, :3], axis=1)
    for name, value in fading(said).items():
        marks[:, ASKED.index(name)] = value
    _share_by_sentence(terms, units, tokens, marks)
    if terms.unit is not None:
        _fill(marks[:, 11], units, [match.span() for match in terms.unit.finditer(text)])
    kind = terms.query.expected
    fitting = find_answers(kind, text) if kind in _BY_PATTERN else []
    _fill(marks[:, 12], units, fitting)
    if not terms.query.foreign:
        _fill(marks[:, 13], units, [span for span in fitting if text[slice(*span)].strip() in terms.folded])
    return marks


def unit_names(text: str) -> tuple[str, ...]:
    """Give the names of a folded text's units: a character itself, the class of a word of letters or a number."""
    return tuple(_name(match.group()) for match in _UNIT.finditer(text))


def foreign_marks(marks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn a question's words in a text into words that are translations of the question's. For training."""
    turned = marks.copy()
    for neighbour, word in (("neighbour", "word"), ("shared_neighbours", "share")):
        turned[:, ASKED.index(neighbour)] = marks[:, ASKED.index(word)]
    for name in ("word", "bigram", "character", "share", "shared_bigrams", "said"):
        turned[:, ASKED.index(name)] = 0.0
    return turned


_BY_PATTERN = frozenset((AnswerKind.NUMBER, AnswerKind.DATE, AnswerKind.LIST))


def _share_by_sentence(
    terms: QuestionTerms, units: TextUnits, tokens: Sequence[tuple[str, int, int]], marks: NDArray[np.float32]
) -> None:
    total = sum(weight for _, weight in terms.groups)
    for first, last in _runs(units.sentence):
        start, end = int(units.starts[first]), int(units.ends[last - 1])
        sentence = units.folded[start:end]
        own = [token for token, begin, stop in tokens if start <= begin and stop <= end]
        have = frozenset((*own, *map(stem, own)))
        marks[first:last, 8] = terms.words.share(sentence, have)
        marks[first:last, 9] = terms.bigrams.share(sentence, have)
        if total:
            found = sum(weight for members, weight in terms.groups if members.share(sentence, have))
            marks[first:last, 10] = found / total


def _runs(numbers: NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    edges = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    for first, last in pairwise(edges):
        if first < last:
            yield first, last


def _covered(terms: TermSet, text: str, tokens: Sequence[tuple[str, int, int]]) -> NDArray[np.float32]:
    """Give each character the weight of the weightiest term that covers it, the weightiest of all being 1."""
    covered = np.zeros(len(text), np.float32)
    highest = max((weight for _, weight in (*terms.characters, *terms.whole)), default=0.0) or 1.0
    for term, weight in terms.characters:
        at = text.find(term)
        while at >= 0:
            part = covered[at : at + len(term)]
            np.maximum(part, weight / highest, out=part)
            at = text.find(term, at + 1)
    if terms.whole:
        weights = dict(terms.whole)
        for token, start, end in tokens:
            # What stands for the pairs of characters of other scripts is the stems of words.
            found = token if token in weights else stem(token)
            if found in weights:
                part = covered[start:end]
                np.maximum(part, weights[found] / highest, out=part)
    return covered


def fading(said: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """Carry each unit's weight on to those after it and before it, fading with the distance; the strongest counts."""
    return {
        "left": _faded(said, _FAR),
        "right": _faded(said[::-1], _FAR)[::-1],
        "near_left": _faded(said, _NEAR),
        "near_right": _faded(said[::-1], _NEAR)[::-1],
    }


def _faded(said: NDArray[np.float32], rate: float) -> NDArray[np.float32]:
    steps = rate * np.arange(len(said))
    with np.errstate(divide="ignore"):
        grown = np.log(said) + steps
    return np.asarray(np.exp(np.maximum.accumulate(grown) - steps), np.float32)


def _fill(column: NDArray[np.float32], units: TextUnits, spans: Sequence[tuple[int, int]]) -> None:
    for start, end in spans:
        column[np.searchsorted(units.starts, start) : np.searchsorted(units.starts, end)] = 1.0


def _fixed(
    text: str, folded: str, starts: NDArray[np.int32], ends: NDArray[np.int32], sentence: NDArray[np.int32]
) -> NDArray[np.float32]:
    size = len(starts)
    fixed = np.zeros((size, len(FIXED)), np.float32)
    if not size:
        return fixed
    column = {name: fixed[:, number] for number, name in enumerate(FIXED)}
    tag_at, begins = np.full(len(text) + 1, _TAG_NUMBER["x"]), np.zeros(len(text) + 1, bool)
    for start, end, tag in _tagged(folded):
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
