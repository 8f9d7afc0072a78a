from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.asking import asked_text
from retrieval.answering.marks import marks_of
from retrieval.answering.pointer import Pointer
from retrieval.answering.text_units import TextUnits
from retrieval.search import Candidate, Findings
from retrieval.search.question_terms import QuestionTerms
from retrieval.types import Passage, Span

__all__ = ["Answering", "PassageReading", "read_candidates", "sentence_ranges"]

_LIKELY_RUNS = 24

_Scorer = Callable[[TextUnits, NDArray[np.float32]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Answering:
    """Words of a passage that may answer: offsets ``[start, end)`` into its text, their sentence, and a logit."""

    start: int
    end: int
    sentence: int
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class PassageReading:
    """A candidate as it was read: for each sentence its best words, None where it has none, and the logits' sum.

    ``best`` has one entry a sentence, ``evidence`` is float64 ``(sentences,)``: the log-sum-exp over its words' logits.
    """

    candidate: Candidate
    best: tuple[Answering | None, ...]
    evidence: NDArray[np.float64]


def read_candidates(findings: Findings, count: int, pointer: Pointer) -> list[PassageReading]:
    """Read the first ``count`` candidates of a search with the pointer."""
    asked, vectors = asked_text(findings.terms), findings.vectors
    # The vectors of an encoder of another kind would say nothing to the pointer.
    if vectors is None or vectors.dimension != pointer.dimension:
        return [
            _read(findings.terms, candidate, partial(pointer.scores, asked))
            for candidate in findings.candidates[:count]
        ]
    sought = vectors.sought(asked.words)

    def scores(units: TextUnits, marks: NDArray[np.float32]) -> NDArray[np.float32]:
        return pointer.scores(asked, units, marks, sought, vectors.own(units.words))

    return [_read(findings.terms, candidate, scores) for candidate in findings.candidates[:count]]


def _read(terms: QuestionTerms, candidate: Candidate, scores_of: _Scorer) -> PassageReading:
    """Find in each sentence of a candidate the words that answer best."""
    passage = candidate.passage
    ranges = sentence_ranges(passage)
    units = _units(passage.text, tuple(ranges))
    best: list[Answering | None] = [None] * len(ranges)
    evidence = np.full(len(ranges), -50.0)
    if len(units):
        scores = scores_of(units, marks_of(terms, units))
        for number in range(len(ranges)):
            rows = np.flatnonzero(units.sentence == number)
            if not len(rows):
                continue
            part = scores[rows].astype(np.float64)
            top = part.max()
            evidence[number] = top + np.log(np.exp(part - top).sum())
            first, last = _fittest(part)
            first, last = int(rows[0]) + first, int(rows[0]) + last
            best[number] = Answering(int(units.starts[first]), int(units.ends[last]), number, float(top))
    return PassageReading(candidate, tuple(best), evidence)


@lru_cache(maxsize=256)
def _units(text: str, sentences: tuple[tuple[int, int], ...]) -> TextUnits:
    """Cut a passage into units, which are the same for every question."""
    return TextUnits.of(text, sentences)


def _fittest(scores: NDArray[np.float64]) -> tuple[int, int]:
    """Give the run that shares most units with the likely ones on average (their expected F1), not the likeliest.

    Between a name and the same name with its post, which are about as likely, that is the better guess.

    :param scores: by first unit and length - 1.
    """
    flat = scores.ravel()
    likely = np.argpartition(-flat, min(_LIKELY_RUNS, len(flat) - 1))[:_LIKELY_RUNS]
    likely = likely[np.lexsort((likely, -flat[likely]))]
    firsts, extras = np.divmod(likely, scores.shape[1])
    lasts, share = firsts + extras, np.exp(flat[likely] - flat[likely[0]])
    shared = np.minimum(lasts[:, None], lasts) - np.maximum(firsts[:, None], firsts) + 1
    fit = 2 * np.maximum(shared, 0) / (extras[:, None] + extras + 2)
    chosen = int(np.argmax(fit @ share))
    return int(firsts[chosen]), int(lasts[chosen])


def sentence_ranges(passage: Passage) -> list[tuple[int, int]]:
    """Give each sentence's offsets into the passage's text."""
    return [
        (_offset(passage.spans, pieces[0].start), _offset(passage.spans, pieces[-1].end - 1) + 1)
        for pieces in passage.sentences
    ]


def _offset(spans: Sequence[Span], position: int) -> int:
    """Give the offset into the joined text of ``spans`` at which a document's character stands."""
    offset = 0
    for span in spans:
        if span.start <= position < span.end:
            return offset + position - span.start
        offset += len(span)
    raise ValueError(f"character {position} lies outside the passage")
