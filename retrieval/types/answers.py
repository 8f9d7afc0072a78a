from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from retrieval.types.documents import Context
from retrieval.types.spans import Span

__all__ = [
    "Answer",
    "AnswerStatus",
    "Arrangement",
    "Missing",
    "MissingKind",
    "Quote",
    "ReplyKind",
    "Segment",
    "Summary",
    "Timing",
    "Turn",
]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a quote that is either all highlighted or not at all."""

    text: str
    highlighted: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document, letter for letter, with the place where they stand.

    ``spans`` are the pieces in reading order, ``text`` is their text joined; ``lines`` are the first and last line
    (counted from 1) of the document that the quote touches; ``highlights`` are the words in it that answer most
    directly, as document offsets, each inside one of ``spans``.
    """

    text: str
    source: str
    document_id: str
    spans: tuple[Span, ...]
    lines: tuple[int, int]
    highlights: tuple[Span, ...]
    score: float
    context: Context

    def segments(self) -> tuple[Segment, ...]:
        """Cut ``text`` at the highlights' edges; the segments' texts joined are ``text`` again."""
        segments: list[Segment] = []
        offset = 0
        for span in self.spans:
            cuts = sorted(h for h in self.highlights if span.start <= h.start and h.end <= span.end)
            position = span.start
            for cut in cuts:
                start = max(cut.start, position)
                if start > position:
                    segments.append(Segment(self.text[offset : offset + start - position], highlighted=False))
                    offset += start - position
                if cut.end > start:
                    segments.append(Segment(self.text[offset : offset + cut.end - start], highlighted=True))
                    offset += cut.end - start
                position = max(position, cut.end)
            if position < span.end:
                segments.append(Segment(self.text[offset : offset + span.end - position], highlighted=False))
                offset += span.end - position
        return tuple(segments)

    def to_dict(self) -> dict[str, Any]:
        """Give the quote as the public interface lays it down."""
        return {
            "text": self.text,
            "source": self.source,
            "document_id": self.document_id,
            "spans": [[span.start, span.end] for span in self.spans],
            "lines": list(self.lines),
            "highlights": [[span.start, span.end] for span in self.highlights],
            "score": self.score,
            "context": self.context.to_dict(),
        }


class AnswerStatus(StrEnum):
    """Whether the archive answers the question."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one stage took, in milliseconds."""

    stage: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of this conversation and the text that answered it."""

    question: str
    answer: str = ""


class ReplyKind(StrEnum):
    """What a message that is no question gets: a short reply of the surface's wording, and no quote."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    CAPABILITIES = "capabilities"
    INSTRUCTION = "instruction"
    ABUSE = "abuse"
    NONSENSE = "nonsense"


class Arrangement(StrEnum):
    """How an answer's quotes belong together.

    Ranked: the best first, each by itself. Comparison: the first ones are those that the question compares, in its
    order. Disagreement: the first ones give different figures for the same thing. Collection: all together answer.
    """

    RANKED = "ranked"
    COMPARISON = "comparison"
    DISAGREEMENT = "disagreement"
    COLLECTION = "collection"


class MissingKind(StrEnum):
    """Which part of a question the archive does not have."""

    YEAR = "year"
    PLACE = "place"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Missing:
    """What a question asks for that the archive lacks, and what of the same kind its nearest passages have instead."""

    kind: MissingKind
    asked: str
    available: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON-ready values."""
        return {"kind": self.kind.value, "asked": self.asked, "available": list(self.available)}


@dataclass(frozen=True, slots=True)
class Summary:
    """A language model's sentences over the quotes, each checked against those that it cites.

    ``sentences`` hold the text and the numbers, from 1, of the quotes cited; ``dropped`` counts sentences that failed.
    """

    sentences: tuple[tuple[str, tuple[int, ...]], ...]
    dropped: int

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON-ready values."""
        return {
            "sentences": [{"text": text, "quotes": list(numbers)} for text, numbers in self.sentences],
            "dropped": self.dropped,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says to a question.

    ``quotes`` are best first and empty when ``status`` is ``not_found``; ``near_misses`` are filled only then.
    ``language`` is the question's, as a BCP 47 tag. ``understood_as`` is the whole question that was searched when a
    follow-up was completed from the conversation, else empty. ``probability``, 0 to 1, is that of the archive answering
    at all. ``reply`` is set, and no quote given, when the message is no question. ``missing`` tells what of the
    question the archive lacks when nothing was found. ``total`` counts all the entries of a list of which ``quotes``
    gives the first, such as the archive's articles, else 0. ``summary`` is None unless a surface had one written.
    Only ``timings`` differ between two runs.
    """

    status: AnswerStatus
    question: str
    language: str
    quotes: tuple[Quote, ...] = ()
    near_misses: tuple[Quote, ...] = ()
    understood_as: str = ""
    probability: float = 0.0
    arrangement: Arrangement = Arrangement.RANKED
    missing: tuple[Missing, ...] = ()
    reply: ReplyKind | None = None
    total: int = 0
    summary: Summary | None = None
    timings: tuple[Timing, ...] = field(default=(), compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Give the answer as the public interface lays it down; every surface renders this."""
        return {
            "status": self.status.value,
            "question": self.question,
            "language": self.language,
            "understood_as": self.understood_as,
            "probability": self.probability,
            "arrangement": self.arrangement.value,
            "quotes": [quote.to_dict() for quote in self.quotes],
            "near_misses": [quote.to_dict() for quote in self.near_misses],
            "missing": [missing.to_dict() for missing in self.missing],
            "reply": self.reply.value if self.reply is not None else None,
            "total": self.total,
            "summary": self.summary.to_dict() if self.summary is not None else None,
            "timings_ms": {timing.stage: round(timing.milliseconds, 3) for timing in self.timings},
        }
