"""Questions as they were searched and read: those that an archive answers, and those that it does not.

Of a reading set: its questions over the paragraphs held out, the same where the sentences that answer are taken out of
their paragraph, and another set's. Over the pages: the tune half of the questions, the same where the words that answer
are taken out of the pages, and those with another place or year in the place of theirs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.conversation import understand
from retrieval.answering.elements import ElementKind, find_elements
from retrieval.answering.pointer import load_pointer
from retrieval.answering.quoting import squeezed
from retrieval.answering.reader import PassageReading, read_candidates
from retrieval.answering.selection import READ
from retrieval.evaluation.questions import ArchiveQuestion
from retrieval.language.scripts import has_han
from retrieval.search import Findings, analyse
from retrieval.segmenting.sentences import split_sentences
from retrieval.views import View
from training.pages import PageSet, archive_of
from training.reading import ReadingQuestion, held_out, read_sets

__all__ = ["OFF_TOPIC", "Found", "page_questions", "reading_questions", "swapped", "without"]

_PLACES = ("汝城", "醴陵", "浏阳", "衡南", "桃源", "宁远")
_LATIN_PLACES = ("Rucheng", "Liling", "Liuyang", "Hengnan", "Taoyuan", "Ningyuan")
_Question = TypeVar("_Question")

_DIVISION = re.compile("[县縣市区區镇鎮乡鄉村州省]$")
_CAPITALISED = re.compile(r"[A-Z][\w-]+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

OFF_TOPIC = Path(__file__).with_name("off_topic.txt")
"""What readers of any archive may ask, and no newspaper of a county answers: a question a line."""
# A paragraph of which less is left is no text.
_SHORTEST = 60
# So many questions of a paragraph are asked where its answer is taken out; the pages are made anew so many times.
_OF_A_PARAGRAPH, _EDITIONS = 3, 4
# Of each set of pages so many questions are asked of another place, and where the words that answer are taken out.
_MOST = 300
# Shorter words are taken out of pages by chance, and shorter answers stay in them by chance.
_SHORT_QUOTE, _SHORT_ANSWER = 12, 3


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A question as it was searched and read; ``answers`` are right ones, ``quotes`` what a passage with one says."""

    question: str
    group: str
    language: str
    findings: Findings
    readings: tuple[PassageReading, ...]
    answers: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()

    def holds(self, text: str) -> bool:
        """Tell whether a passage of this text holds an answer."""
        said = squeezed(text)
        return any(squeezed(quote) in said for quote in self.quotes)

    def right(self, reading: PassageReading) -> NDArray[np.bool_]:
        """Tell which sentences of a candidate hold an answer."""
        candidate = reading.candidate
        wanted = self.answers or self.quotes
        if not self.holds(candidate.passage.text):
            return np.zeros(len(candidate.sentences), bool)
        return np.array(
            [any(squeezed(words) in squeezed(text) for words in wanted) for text in candidate.sentences], bool
        )


def look_up(view: View, question: str, group: str, answers: Sequence[str] = (), quotes: Sequence[str] = ()) -> Found:
    """Search and read one question."""
    query = analyse(question)
    found = view.searcher.find(query, view.snapshot)
    readings = tuple(read_candidates(found, 2 * READ, load_pointer()))
    return Found(question, group, query.language, found, readings, tuple(answers), tuple(quotes))


def swapped(question: str, number: int) -> str:
    """Ask the same of another place or year, of which the pages say nothing; empty when the question names none."""
    for element in find_elements(question):
        if element.kind is ElementKind.PLACE:
            division = _DIVISION.search(element.text)
            name = element.text.removesuffix(division.group() if division else "")
            if has_han(name):
                return question.replace(name, _PLACES[number % len(_PLACES)])
            latin = _CAPITALISED.search(name)
            return question.replace(latin.group(), _LATIN_PLACES[number % len(_LATIN_PLACES)]) if latin else ""
    year = _YEAR.search(question)
    return question.replace(year.group(), str(int(year.group()) - 7 - number % 3)) if year else ""


def without(paragraph: str, answers: Sequence[str]) -> str:
    """Take the sentences that hold an answer out of a paragraph; empty when too little is left, or it answers still."""
    sentences = [paragraph[sentence.start : sentence.end] for sentence in split_sentences(paragraph)]
    wanted = [squeezed(answer) for answer in answers]
    left = "".join(text for text in sentences if not any(answer in squeezed(text) for answer in wanted))
    return left if len(left) >= _SHORTEST and not any(answer in squeezed(left) for answer in wanted) else ""


def reading_questions(files: Sequence[Path], limit: int, cache: Path | None) -> Iterator[Found]:
    """Ask each set's held-out questions over an archive of its held-out paragraphs, and some of the next set's."""
    sets = [held_out(read_sets([file])) for file in files]
    for number, questions in enumerate(sets):
        strangers = sets[(number + 1) % len(sets)] if len(sets) > 1 else []
        texts = {str(question.number): question.paragraph for question in questions}
        with archive_of(texts, cache) as view:
            for question in _spread(questions, limit):
                yield look_up(view, question.text, "reading", question.answers, [question.paragraph])
            for question in _spread(strangers, limit // 4):
                yield look_up(view, question.text, "reading")
        for turn in range(_OF_A_PARAGRAPH):
            left, asked = _bereft(questions, turn)
            with archive_of(texts | left, cache) as view:
                for question in _spread(asked, limit):
                    yield look_up(view, question.text, "sentence removed")


def _bereft(questions: Sequence[ReadingQuestion], turn: int) -> tuple[dict[str, str], list[ReadingQuestion]]:
    """Give the paragraphs without what answers one of their questions, and these questions."""
    of_paragraph: dict[int, list[ReadingQuestion]] = {}
    for question in questions:
        of_paragraph.setdefault(question.number, []).append(question)
    left, asked = {}, []
    for number, members in of_paragraph.items():
        if turn < len(members) and (text := without(members[turn].paragraph, members[turn].answers)):
            left[str(number)] = text
            asked.append(members[turn])
    return left, asked


def page_questions(pages: PageSet, strangers: Sequence[str], cache: Path | None) -> Iterator[Found]:
    """Ask questions over their pages, the same with another place or year, a reading set's questions, and others'."""
    with archive_of(pages.texts, cache) as view:
        for question in pages.questions:
            text = understand(question.question, question.history).text
            yield look_up(view, text, "pages", question.answers, question.quotes)
        answered = _spread([question for question in pages.questions if question.answerable], _MOST)
        for number, question in enumerate(answered[::2]):
            if other := swapped(understand(question.question, question.history).text, number):
                yield look_up(view, other, "swapped")
        for text in strangers:
            yield look_up(view, text, "strangers")
        for text in OFF_TOPIC.read_text(encoding="utf-8").splitlines():
            yield look_up(view, text, "off topic")
    for turn in range(_EDITIONS):
        left, asked = _edition(pages.texts, answered[turn::_EDITIONS])
        with archive_of(left, cache) as view:
            for question in asked:
                text = understand(question.question, question.history).text
                yield look_up(view, text, "words removed")


def _edition(
    texts: Mapping[str, str], questions: Sequence[ArchiveQuestion]
) -> tuple[dict[str, str], list[ArchiveQuestion]]:
    """Give the pages without the words that answer some questions, and those of these that nothing answers then."""
    left = dict(texts)
    some = [question for question in questions if min(map(len, question.quotes)) >= _SHORT_QUOTE]
    for quote in (quote for question in some for quote in question.quotes):
        left = {name: text.replace(quote, "") for name, text in left.items()}
    said = squeezed("".join(left.values()))
    return left, [q for q in some if not any(squeezed(a) in said for a in q.answers if len(a) >= _SHORT_ANSWER)]


def _spread(questions: Sequence[_Question], limit: int) -> Sequence[_Question]:
    """Take so many of the questions, from all over."""
    return questions[:: max(1, len(questions) // max(limit, 1))][:limit]
