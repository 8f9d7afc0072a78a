"""Questions' candidate sentences with their features, which the ranking is fitted to."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval import Passage
from retrieval.answering.conversation import understand
from retrieval.answering.quoting import squeezed
from retrieval.evaluation.questions import ArchiveQuestion
from retrieval.evaluation.squad import load_squad
from retrieval.search import Query, analyse, text_at
from retrieval.search.ranking import Ranker
from retrieval.views import View
from training.pages import PageSet, archive_of

__all__ = ["RankingExample", "page_examples", "reading_examples"]

_SEED = 20261122

_Answers = Callable[[Passage, int], bool]


@dataclass(frozen=True, slots=True, eq=False)
class RankingExample:
    """A question's candidate sentences: features ``(n, len(FEATURES))``, which answer, and each one's passage."""

    features: NDArray[np.float32]
    answers: NDArray[np.bool_]
    passages: NDArray[np.int64]
    known_share: float
    foreign: bool


def example(view: View, query: Query, answers: _Answers) -> RankingExample | None:
    """Look up a question; None when no candidate answers it."""
    found = view.searcher.find(query, view.snapshot, ranker=Ranker.indifferent())
    rows = [
        (candidate.features[number], answers(candidate.passage, number), candidate.passage.id)
        for candidate in found.candidates
        for number in range(len(candidate.sentences))
    ]
    labels = np.array([row[1] for row in rows], bool)
    if not labels.any():
        return None
    return RankingExample(
        np.stack([row[0] for row in rows]),
        labels,
        np.array([row[2] for row in rows], np.int64),
        0.0 if query.foreign else found.terms.known_share,
        query.foreign,
    )


def reading_examples(file: Path, limit: int, cache: Path | None = None) -> Iterator[RankingExample]:
    """Ask a reading set's questions over the archive of its paragraphs, in its words and as if in foreign ones.

    Each question is asked as a foreign one twice, by meaning alone and through a dictionary.
    """
    paragraphs = load_squad(file)
    questions = [(number, question) for number, paragraph in enumerate(paragraphs) for question in paragraph.questions]
    random.Random(_SEED).shuffle(questions)
    with archive_of({f"{number:05d}": paragraph.text for number, paragraph in enumerate(paragraphs)}, cache) as view:
        for number, question in questions[:limit]:
            source, starts = f"{number:05d}.txt", question.starts

            def answers(passage: Passage, row: int, source: str = source, starts: Sequence[int] = starts) -> bool:
                pieces = passage.sentences[row]
                return view.snapshot.source(passage.document_id) == source and any(
                    piece.start <= start < piece.end for start in starts for piece in pieces
                )

            query = analyse(question.text)
            foreign = replace(query, words=(), bigrams=(), phrases=(), foreign=True)
            for asked in (query, foreign, replace(foreign, glossed=True)):
                found = example(view, asked, answers)
                if found is not None:
                    yield found


def page_examples(pages: PageSet, cache: Path | None = None) -> Iterator[RankingExample]:
    """Ask the questions that an archive of pages answers."""
    with archive_of(pages.texts, cache) as view:
        for question in pages.questions:
            if not question.answerable:
                continue

            def answers(passage: Passage, row: int, question: ArchiveQuestion = question) -> bool:
                name = view.snapshot.source(passage.document_id)
                if not name.startswith(question.sources):
                    return False
                sentence, whole = squeezed(text_at(passage, passage.sentences[row])), squeezed(passage.text)
                return any(
                    squeezed(quote) in sentence
                    or (len(sentence) >= 10 and sentence in squeezed(quote))
                    or (squeezed(quote) in whole and any(squeezed(answer) in sentence for answer in question.answers))
                    for quote in question.quotes
                )

            found = example(view, analyse(understand(question.question, question.history).text), answers)
            if found is not None:
                yield found
