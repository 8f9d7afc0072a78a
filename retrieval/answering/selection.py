import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.fitted_models import read_fitted
from retrieval.answering.fitting import fitted
from retrieval.answering.pointer import load_pointer
from retrieval.answering.provenance import MAX_QUOTE
from retrieval.answering.reader import PassageReading, read_candidates, sentence_ranges
from retrieval.language.folding import fold
from retrieval.search import Candidate, Findings, text_at
from retrieval.search.features import FEATURES
from retrieval.search.question_terms import QuestionTerms
from retrieval.types import Passage, Span
from retrieval.types.spans import located

__all__ = [
    "READ",
    "SELECTING",
    "Selection",
    "Selector",
    "choose",
    "choose_by",
    "choose_from",
    "load_selector",
    "sentence_evidence",
    "shares_of",
]

READ = 5
"""How many candidates are read word by word; those after them keep the search's order."""

# A shorter sentence is a topic line or half a thought: its neighbour is quoted with it.
_TOO_SHORT = 24
# A neighbouring sentence is quoted with the best one when it is this likely to answer, beside the best, and the quote
# stays so short: for questions in other words than the archive's (the second) the best is a guess more often.
_LIKELY = (0.05, 0.01)
_COMFORTABLE = 200

# A page's own question is no answer, however much it says of the reader's.
_ASKS = re.compile(r"[?？؟][”’」』\"')）]*\s*$")
_LESS_FOR_ASKING = 3.0

_FROM_FEATURES = ("kind_present", "unit_present")
_COLUMNS = [FEATURES.index(name) for name in _FROM_FEATURES]
SELECTING = ("ranking", "words", "words_in_passage", "fit", *_FROM_FEATURES)
"""What tells which sentence answers: the search's score, the pointer's logits, the best words' share of them, and
whether it has a number, name or unit as the question asks for."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The sentences of a candidate that answer best, and in them the words that do.

    ``spans`` and ``highlights`` are spans of the document, ``text`` is that of ``spans``, ``score`` the probability,
    0 to 1, that these sentences answer if any do, ``sentence`` the number of the best, ``words`` the highlight's logit.
    """

    candidate: Candidate
    spans: tuple[Span, ...]
    text: str
    score: float
    sentence: int
    highlights: tuple[Span, ...] = ()
    words: float = -50.0


@dataclass(frozen=True, slots=True, eq=False)
class Selector:
    """A linear model over :data:`SELECTING` of which sentence answers, for questions in the archive's words and others.

    Trained by ``training/answers.py``.
    """

    native: NDArray[np.float64]
    foreign: NDArray[np.float64]

    def scores(self, evidence: NDArray[np.float64], known_share: float) -> NDArray[np.float64]:
        """Score sentences: float64 ``(n,)`` from ``(n, len(SELECTING))``."""
        weights = known_share * self.native + (1 - known_share) * self.foreign
        return np.asarray(evidence @ weights, np.float64)


@lru_cache(maxsize=1)
def load_selector() -> Selector:
    """Load the model that comes with the package.

    :raises ValueError: if its file was trained for other evidence.
    """
    data = read_fitted("selection", SELECTING, "answers")
    return Selector(np.array(data["native"]), np.array(data["foreign"]))


def sentence_evidence(reading: PassageReading) -> NDArray[np.float64]:
    """Describe each sentence of a candidate, float64 ``(sentences, len(SELECTING))``."""
    words = reading.evidence
    highest = words.max()
    whole = highest + np.log(np.exp(words - highest).sum())
    tops = np.array([answer.score if answer is not None else -50.0 for answer in reading.best])
    candidate = reading.candidate
    columns = (candidate.scores.astype(np.float64), words / 10, np.full(len(words), whole / 10), tops - words)
    return np.hstack((np.stack(columns, axis=1), candidate.features[:, _COLUMNS]))


def choose(findings: Findings, count: int) -> list[Selection]:
    """Choose what to quote of each candidate, best first, ``count`` at the most."""
    return choose_from(read_candidates(findings, READ, load_pointer()), findings, count, load_selector())


def choose_from(
    readings: Sequence[PassageReading], findings: Findings, count: int, selector: Selector
) -> list[Selection]:
    """Choose what to quote of candidates that were read, as :func:`choose` does."""
    if not readings:
        return []
    chosen = choose_by(shares_of(readings, findings, selector), readings, findings)
    for candidate in findings.candidates[len(readings) : count]:
        chosen.append(_unread(candidate, min(chosen[-1].score, findings.share(candidate))))
    return chosen[:count]


def shares_of(readings: Sequence[PassageReading], findings: Findings, selector: Selector) -> list[NDArray[np.float64]]:
    """Give for each sentence of candidates that were read the probability, 0 to 1, that it answers if any does."""
    known = findings.terms.known_share
    scored = [selector.scores(sentence_evidence(reading), known) - _for_asking(reading) for reading in readings]
    total = np.logaddexp.reduce(np.concatenate(scored))
    return [np.exp(scores - total) for scores in scored]


def choose_by(
    shares: Sequence[NDArray[np.float64]], readings: Sequence[PassageReading], findings: Findings
) -> list[Selection]:
    """Choose what to quote of each candidate that was read, by the probabilities of its sentences, best first."""
    chosen = [_select(findings.terms, reading, own) for reading, own in zip(readings, shares, strict=True)]
    return sorted(chosen, key=lambda selection: (-selection.score, selection.candidate.passage.id))


def _for_asking(reading: PassageReading) -> NDArray[np.float64]:
    asks = [_ASKS.search(sentence) is not None for sentence in reading.candidate.sentences]
    return _LESS_FOR_ASKING * np.array(asks, np.float64)


def _select(terms: QuestionTerms, reading: PassageReading, shares: NDArray[np.float64]) -> Selection:
    passage = reading.candidate.passage
    best = int(np.argmax(shares))
    likely = terms.known_share * _LIKELY[0] + (1 - terms.known_share) * _LIKELY[1]
    first, last = _grow(passage, best, shares, likely)
    spans = _spans(passage, first, last)
    answer, marked = reading.best[best], None
    if answer is not None:
        ranges = sentence_ranges(passage)
        marked = fitted(terms, fold(passage.text), ranges[best], (answer.start, answer.end), passage.context)
    return Selection(
        candidate=reading.candidate,
        spans=spans,
        text=text_at(passage, spans),
        score=float(shares[best]),
        sentence=best,
        highlights=located(passage.spans, *marked) if marked is not None else (),
        words=answer.score if answer is not None else -50.0,
    )


def _unread(candidate: Candidate, score: float) -> Selection:
    best = candidate.best
    shares = np.zeros(len(candidate.sentences))
    spans = _spans(candidate.passage, *_grow(candidate.passage, best, shares, 1.0))
    return Selection(candidate, spans, text_at(candidate.passage, spans), score, best)


def _grow(passage: Passage, best: int, shares: NDArray[np.float64], likely: float) -> tuple[int, int]:
    """Give the first and last sentence to quote around the best.

    :param likely: a neighbour is quoted if its share is at least this part of the best one's.
    """
    first = last = best
    while True:
        short = _length(passage, first, last) < _TOO_SHORT
        wanted = [
            index
            for index in (first - 1, last + 1)
            if 0 <= index < len(shares)
            and (short or shares[index] >= likely * shares[best])
            and _length(passage, min(first, index), max(last, index)) <= (MAX_QUOTE if short else _COMFORTABLE)
        ]
        if not wanted:
            return first, last
        chosen = max(wanted, key=lambda index: (float(shares[index]), index))
        first, last = min(first, chosen), max(last, chosen)


def _spans(passage: Passage, first: int, last: int) -> tuple[Span, ...]:
    """Give the pieces of the passage's spans from the first sentence's start to the last one's end."""
    start, end = passage.sentences[first][0].start, passage.sentences[last][-1].end
    spans = passage.spans
    begin = next(number for number, span in enumerate(spans) if span.start <= start < span.end)
    stop = next(number for number, span in enumerate(spans) if span.start < end <= span.end)
    return tuple(
        Span(start if number == begin else spans[number].start, end if number == stop else spans[number].end)
        for number in range(begin, stop + 1)
    )


def _length(passage: Passage, first: int, last: int) -> int:
    """Count the characters of a quote of these sentences, with the white space between them."""
    return sum(map(len, _spans(passage, first, last)))
