from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.answering.provenance import MAX_QUOTE
from retrieval.search import Candidate, text_at
from retrieval.types import Passage, Span

__all__ = ["Selection", "select"]

# A quote grows by a neighbouring sentence while it stays below this and the neighbour answers nearly as well.
_COMFORTABLE = 160
_NEAR = 1.5
# A shorter sentence is a topic line or half a thought: its neighbour is quoted with it.
_TOO_SHORT = 24


@dataclass(frozen=True, slots=True)
class Selection:
    """The sentences of a candidate that answer best: their spans in the document, their text, how good they are."""

    candidate: Candidate
    spans: tuple[Span, ...]
    text: str
    score: float


def select(candidate: Candidate, score: float) -> Selection:
    """Choose the sentences of a passage to quote: whole, next to each other, at most ``MAX_QUOTE`` characters.

    :param score: how likely the candidate answers, for the quote to carry.
    """
    first, last = _grow(candidate)
    passage = candidate.passage
    spans = _spans(passage, first, last)
    return Selection(candidate=candidate, spans=spans, text=text_at(passage, spans), score=score)


def _grow(candidate: Candidate) -> tuple[int, int]:
    texts, scores, best = candidate.sentences, candidate.scores, candidate.best
    passage = candidate.passage
    first = last = best
    while True:
        short = _length(passage, first, last) < _TOO_SHORT
        wanted = [
            index
            for index in (first - 1, last + 1)
            if 0 <= index < len(texts)
            and (short or scores[index] >= scores[best] - _NEAR)
            and _length(passage, min(first, index), max(last, index)) <= (MAX_QUOTE if short else _COMFORTABLE)
        ]
        if not wanted:
            return first, last
        chosen = max(wanted, key=lambda index: (float(scores[index]), index))
        first, last = min(first, chosen), max(last, chosen)


def _spans(passage: Passage, first: int, last: int) -> tuple[Span, ...]:
    return _between(passage.sentences[first][0].start, passage.sentences[last][-1].end, passage.spans)


def _length(passage: Passage, first: int, last: int) -> int:
    """Count the characters of a quote of these sentences, with the white space between them."""
    return sum(map(len, _spans(passage, first, last)))


def _between(start: int, end: int, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Give the pieces of the passage's spans from the first sentence's start to the last one's end."""
    first = next(number for number, span in enumerate(spans) if span.start <= start < span.end)
    last = next(number for number, span in enumerate(spans) if span.start < end <= span.end)
    return tuple(
        Span(start if number == first else spans[number].start, end if number == last else spans[number].end)
        for number in range(first, last + 1)
    )
