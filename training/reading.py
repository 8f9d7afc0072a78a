"""Questions of reading sets as the pointer is trained on them: marked, cut to a stretch of text, and turned.

Most are asked as they are. Some are asked as if in another language, their content words in any order and matched as
translations are, with the meanings of the other language's words beside them; some of a text as if in a language of
letters, of whose words is known what they mean and where they begin with a capital. Some are asked of a text that does
not answer: the paragraph most like the question among the others, or its own without the sentences that answer.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.asking import AskedText, asked_text, foreign_asked, spaced_asked
from retrieval.answering.marks import ASKED, fading, foreign_marks, marks_of
from retrieval.answering.text_units import FIXED, TextUnits
from retrieval.evaluation.squad import load_squad
from retrieval.index import LexicalIndex
from retrieval.language.scripts import has_han
from retrieval.language.tokens import bigrams, words
from retrieval.search import analyse
from retrieval.search.question_terms import QuestionTerms
from retrieval.segmenting.sentences import split_sentences

__all__ = [
    "LONGEST",
    "Example",
    "Marked",
    "Picker",
    "ReadingQuestion",
    "Row",
    "examples",
    "held_out",
    "is_held_out",
    "read_sets",
]

LONGEST = 40
"""Units of an answer at the most."""

# Units around the answer; how many questions are foreign, of a text of letters, of a text that does not answer.
_WINDOW, _FOREIGN, _SPACED, _UNANSWERED = 110, 0.2, 0.15, 0.2
# Of the unanswered, so many are asked of another paragraph; a rest shorter than this is no text.
_ELSEWHERE, _SHORTEST = 0.6, 8
_NEAREST = 3
# Of the first so many paragraphs of a set every third is not trained on.
_HELD, _EVERY = 300, 3
_KEPT_TAGS = frozenset(("m", "x", "function"))
_NAME_TAGS = frozenset(("nr", "ns", "nt", "nz"))
_PUNCTUATION = str.maketrans("，。、；：？！“”（）", ',.,;:?!""()')


@dataclass(frozen=True, slots=True)
class ReadingQuestion:
    """A question, its answers, where they begin, and its paragraph: its number in the reading set, and its text."""

    text: str
    answers: tuple[str, ...]
    starts: tuple[int, ...]
    number: int
    paragraph: str


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """A text's units, and what a question makes of them: float32 ``(units, len(ASKED))``."""

    units: TextUnits
    marks: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A question, its paragraph, the runs of units ``(first, last)`` that answer, and a paragraph that has none.

    One ``as_is`` is never turned into one of another language.
    """

    question: ReadingQuestion
    asked: AskedText
    own: Marked
    gold: tuple[tuple[int, int], ...]
    near: Marked | None
    as_is: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """What is trained on: units' names, words, marks ``(units, len(FIXED) + len(ASKED))``, sentences; runs to find."""

    names: tuple[str, ...]
    words: tuple[str, ...]
    marks: NDArray[np.float32]
    sentence: NDArray[np.int32]
    asked: AskedText
    gold: tuple[tuple[int, int], ...]


def read_sets(files: Sequence[Path]) -> list[ReadingQuestion]:
    """Read the questions of reading sets that have an answer."""
    return [
        ReadingQuestion(question.text, question.answers, question.starts, number, paragraph.text)
        for file in files
        for number, paragraph in enumerate(load_squad(file))
        for question in paragraph.questions
        if question.answers and question.starts
    ]


def is_held_out(number: int) -> bool:
    """Tell whether nothing is trained on a set's paragraph of this number: every third of the first 300 is held out."""
    return number < _HELD and number % _EVERY == 0


def held_out(questions: Sequence[ReadingQuestion]) -> list[ReadingQuestion]:
    """Give the questions that are not trained on: those of the paragraphs held out."""
    return [question for question in questions if is_held_out(question.number)]


def examples(questions: Sequence[ReadingQuestion]) -> list[Example]:
    """Mark the questions' paragraphs, and for each question the likest other one that does not hold its answer."""
    texts = list(dict.fromkeys(question.paragraph for question in questions))
    word_index = LexicalIndex.build((words(text) for text in texts), k1=0.9, b=0.4)
    pair_index = LexicalIndex.build((bigrams(text) for text in texts), k1=0.9, b=0.4)
    units = {text: TextUnits.of(text, [(s.start, s.end) for s in split_sentences(text)]) for text in texts}
    made = []
    for question in questions:
        query = analyse(question.text)
        terms = QuestionTerms.of(query, word_index, pair_index, (), ())
        gold = _gold(question, units[question.paragraph])
        if not gold:
            continue
        likest = np.argsort(-word_index.scores(query.words).scores, kind="stable")[: _NEAREST + 1].tolist()
        near = _without_answer(question, (texts[number] for number in likest))
        own = Marked(units[question.paragraph], marks_of(terms, units[question.paragraph]))
        other = Marked(units[near], marks_of(terms, units[near])) if near else None
        made.append(Example(question, asked_text(terms), own, gold, other))
    return made


def _without_answer(question: ReadingQuestion, texts: Iterable[str]) -> str:
    others = (text for text in texts if text != question.paragraph)
    return next((text for text in others if not any(answer in text for answer in question.answers)), "")


def _gold(question: ReadingQuestion, text: TextUnits) -> tuple[tuple[int, int], ...]:
    found = set()
    for answer, said in zip(question.answers, question.starts, strict=False):
        start = said if question.paragraph.startswith(answer, said) else question.paragraph.find(answer)
        first = int(np.searchsorted(text.ends, start, side="right"))
        last = int(np.searchsorted(text.starts, start + len(answer))) - 1
        if start >= 0 and first <= last < first + LONGEST and text.sentence[first] == text.sentence[last]:
            found.add((first, last))
    return tuple(sorted(found))


class Picker:
    """Picks a stretch of text for an example, at random but repeatably, and how it is asked."""

    def __init__(self, seed: int, translations: Mapping[str, Sequence[str]]) -> None:
        """Begin a series of choices.

        :param translations: of Chinese words into another language, for questions that are asked as if in it.
        """
        self.random = random.Random(seed)
        self.translations = translations

    def row(self, example: Example) -> Row:
        """Give an example's next form."""
        row = self._stretch(example)
        if example.as_is:
            return row
        chance = self.random.random()
        if chance < _FOREIGN:
            fixed, own = row.marks[:, : len(FIXED)], row.marks[:, len(FIXED) :]
            marks = np.concatenate((fixed, foreign_marks(own)), axis=1)
            asked = foreign_asked(example.question.text, row.asked, self.random, self.translations)
            return replace(row, marks=marks, asked=asked)
        return _spaced(row, example.question.text) if chance < _FOREIGN + _SPACED else row

    def _stretch(self, example: Example) -> Row:
        unanswered = self.random.random() < _UNANSWERED
        if unanswered and example.near is not None and self.random.random() < _ELSEWHERE:
            low = self.random.randint(0, max(0, len(example.near.units) - _WINDOW))
            return _cut(example.near, slice(low, low + _WINDOW), example.asked, ())
        if not example.gold:
            low = self.random.randint(0, max(0, len(example.own.units) - _WINDOW))
            return _cut(example.own, slice(low, low + _WINDOW), example.asked, ())
        first, last = self.random.choice(example.gold)
        size = len(example.own.units)
        low = max(0, first - self.random.randint(0, max(1, _WINDOW - (last - first) - 1)))
        low = max(0, min(low, size - _WINDOW))
        row = _cut(example.own, slice(low, min(size, low + _WINDOW)), example.asked, example.gold)
        return _bereft(row) if unanswered else row


def _cut(text: Marked, part: slice, asked: AskedText, gold: Sequence[tuple[int, int]]) -> Row:
    runs = tuple((a - part.start, b - part.start) for a, b in gold if part.start <= a and b < part.stop)
    marks = np.concatenate((text.units.fixed[part], text.marks[part]), axis=1)
    return Row(text.units.names[part], text.units.words[part], marks, text.units.sentence[part], asked, runs)


def _bereft(row: Row) -> Row:
    """Take the sentences that answer out of a stretch, if enough is left."""
    answering = sorted({int(row.sentence[first]) for first, _ in row.gold})
    kept = np.flatnonzero(~np.isin(row.sentence, answering))
    if len(kept) < _SHORTEST:
        return row
    names, words = (tuple(some[n] for n in kept.tolist()) for some in (row.names, row.words))
    return Row(names, words, row.marks[kept], row.sentence[kept], row.asked, ())


def _spaced(row: Row, question: str) -> Row:
    """Turn a stretch of Chinese into one of a language of letters: a word a unit, and nothing known of most words."""
    han = np.array([len(name) == 1 and has_han(name) for name in row.names])
    begins = ~han | (row.marks[:, FIXED.index("word_begins")] > 0)
    begins[0] = True
    # A word does not run on over what is no character.
    begins[1:] |= ~han[:-1]
    firsts, group = np.flatnonzero(begins), np.cumsum(begins) - 1
    marks = np.maximum.reduceat(row.marks, firsts, axis=0)
    marks[:, : len(FIXED)] = _spaced_fixed(row.marks[firsts, : len(FIXED)], marks[:, : len(FIXED)])
    column = {name: len(FIXED) + number for number, name in enumerate(ASKED)}
    marks[:, column["character"]] = 0.0
    marks[:, column["bigram"]], marks[:, column["shared_bigrams"]] = marks[:, column["word"]], marks[:, column["share"]]
    said = np.max(marks[:, [column["word"], column["neighbour"]]], axis=1)
    for name, value in fading(said).items():
        marks[:, column[name]] = value
    names = tuple("<latin>" if han[first] else row.names[first].translate(_PUNCTUATION) for first in firsts.tolist())
    words = tuple(row.words[first] for first in firsts.tolist())
    gold = tuple((int(group[first]), int(group[last])) for first, last in row.gold)
    return Row(names, words, marks, row.sentence[firsts], spaced_asked(question, row.asked), gold)


def _spaced_fixed(first: NDArray[np.float32], whole: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give what is known of words of letters: of names that they are names, of numbers and function words the same."""
    fixed = whole.copy()
    for number, name in enumerate(FIXED):
        if name.startswith("tag_"):
            fixed[:, number] = first[:, number] if name.removeprefix("tag_") in _KEPT_TAGS else 0.0
    tags = {name.removeprefix("tag_"): number for number, name in enumerate(FIXED) if name.startswith("tag_")}
    fixed[:, tags["nr"]] = first[:, [tags[tag] for tag in sorted(_NAME_TAGS)]].max(axis=1)
    fixed[:, tags["eng"]] = 1.0 - fixed[:, list(tags.values())].max(axis=1)
    return fixed
