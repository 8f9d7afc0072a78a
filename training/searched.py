"""Questions over pages as the pointer is trained on them: with the passages that the search finds, right and wrong."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from retrieval.answering.asking import asked_text
from retrieval.answering.conversation import understand
from retrieval.answering.marks import marks_of
from retrieval.answering.quoting import squeezed, squeezed_with_places
from retrieval.answering.reader import sentence_ranges
from retrieval.answering.text_units import TextUnits
from retrieval.evaluation.questions import ArchiveQuestion
from retrieval.search import analyse
from retrieval.search.question_terms import QuestionTerms
from retrieval.types import Passage
from training.pages import PageSet, archive_of
from training.reading import LONGEST, Example, Marked, ReadingQuestion

__all__ = ["searched_examples"]

# So many candidates are looked through, and so many of those that answer are learned.
_CANDIDATES, _RIGHT = 8, 2


def searched_examples(pages: PageSet, cache: Path | None) -> Iterator[Example]:
    """Search for each question, and give the passages found that answer it, or the first where none does.

    Beside each stands the first passage found that does not answer.
    """
    with archive_of(pages.texts, cache) as view:
        for number, question in enumerate(pages.questions):
            text = understand(question.question, question.history).text
            found = view.searcher.find(analyse(text), view.snapshot)
            passages = [candidate.passage for candidate in found.candidates[:_CANDIDATES]]
            marked = {passage.id: _marked(found.terms, passage) for passage in passages}
            golds = {passage.id: _gold(question, passage, marked[passage.id].units) for passage in passages}
            right = [passage for passage in passages if golds[passage.id]]
            # A passage with the quote in it whose answer is cut off neither answers nor does not.
            wrong = [passage for passage in passages if not _quoted(question, passage.text)]
            asked = asked_text(found.terms)
            for passage in right[:_RIGHT] or wrong[:1]:
                others = [marked[other.id] for other in wrong if other is not passage]
                yield Example(
                    ReadingQuestion(text, question.answers, (), number, passage.text),
                    asked,
                    marked[passage.id],
                    golds[passage.id],
                    others[0] if others else None,
                    as_is=True,
                )


def _marked(terms: QuestionTerms, passage: Passage) -> Marked:
    units = TextUnits.of(passage.text, sentence_ranges(passage))
    return Marked(units, marks_of(terms, units))


def _gold(question: ArchiveQuestion, passage: Passage, units: TextUnits) -> tuple[tuple[int, int], ...]:
    """Give the runs of units of a passage that are one of the answers in one of the quotes."""
    found = set()
    for low, high in _quoted(question, passage.text):
        for start, end in (span for answer in question.answers for span in _occurrences(answer, passage.text)):
            first = int(np.searchsorted(units.ends, start, side="right"))
            last = int(np.searchsorted(units.starts, end)) - 1
            whole = first <= last < first + LONGEST and units.sentence[first] == units.sentence[last]
            if low <= start and end <= high and whole:
                found.add((first, last))
    return tuple(sorted(found))


def _quoted(question: ArchiveQuestion, text: str) -> list[tuple[int, int]]:
    return [span for quote in question.quotes for span in _occurrences(quote, text)]


def _occurrences(words: str, text: str) -> list[tuple[int, int]]:
    """Find words in a text, white space aside: offsets ``(start, end)``."""
    (dense, places), sought = squeezed_with_places(text), squeezed(words)
    found, at = [], dense.find(sought)
    while at >= 0:
        found.append((places[at], places[at + len(sought) - 1] + 1))
        at = dense.find(sought, at + 1)
    return found
