"""The values that pass between the stages: frozen, slotted, and free of behaviour that needs a stage.

All offsets are character offsets into ``Document.text``; a span ``[start, end)`` excludes its end.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

__all__ = [
    "Answer",
    "AnswerStatus",
    "ArchiveInfo",
    "Block",
    "BlockKind",
    "ChannelScore",
    "Context",
    "Document",
    "DocumentInfo",
    "Failure",
    "Hit",
    "Passage",
    "PassageDraft",
    "ProgressCallback",
    "Quote",
    "Segment",
    "Span",
    "SyncReport",
    "Timing",
    "Turn",
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters ``[start, end)`` of a document's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse an empty or negative range: it could quote nothing.

        :raises ValueError: if not ``0 <= start < end``.
        """
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got [{self.start}, {self.end})")

    def __len__(self) -> int:
        """Count the characters of the span."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Document:
    """One source as it was read.

    ``source`` is the file's name inside the archive (its path below the folder that was synced), ``text`` the decoded
    file, untouched. ``revision`` is the SHA-256 of the file's bytes in hexadecimal.
    """

    id: str
    source: str
    text: str
    encoding: str
    revision: str


class BlockKind(StrEnum):
    """What a block of a page is.

    A shoulder stands above a headline and a subheadline below it; a note is the editors', a pull quote repeats words
    of its article in large type.
    """

    SHOULDER = "shoulder"
    HEADLINE = "headline"
    SUBHEADLINE = "subheadline"
    HEADING = "heading"
    BYLINE = "byline"
    IMPRINT = "imprint"
    CARD = "card"
    CAPTION = "caption"
    NOTE = "note"
    PULL_QUOTE = "pull-quote"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines of a document that belong together, and what they are.

    ``gap`` counts the blank lines before it: OCR leaves more than one where a picture stood.
    """

    kind: BlockKind
    span: Span
    gap: int = 1


@dataclass(frozen=True, slots=True)
class Context:
    """What a passage is about beyond its own words: where it stands and what the page says around it.

    ``date`` is the issue's date, ISO 8601; ``weekday`` is as the page prints it. ``headings`` run from the article's
    sub-headlines down to the nearest one. ``period`` is the year that the text reports on, or the first and the last
    of several: ``2022`` or ``2021/2022``. ``people`` are those whom the passage names, with the posts that the article
    gives them: ``曹慧泉（市委书记）``. Empty strings and tuples mean that the document does not say.
    """

    title: str = ""
    publication: str = ""
    date: str = ""
    page: str = ""
    article: str = ""
    headings: tuple[str, ...] = ()
    byline: str = ""
    place: str = ""
    section: str = ""
    weekday: str = ""
    period: str = ""
    people: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON-ready values; ``headings`` and ``people`` become lists."""
        return {
            "title": self.title,
            "publication": self.publication,
            "date": self.date,
            "page": self.page,
            "article": self.article,
            "headings": list(self.headings),
            "byline": self.byline,
            "place": self.place,
            "section": self.section,
            "weekday": self.weekday,
            "period": self.period,
            "people": list(self.people),
        }


@dataclass(frozen=True, slots=True)
class Passage:
    """What is searched and quoted: one or more spans of a document, in reading order, and their context.

    ``text`` is the spans' text joined without anything between. ``sentences`` are spans too, of the document, each
    inside one span of the passage or running over a cut from one to the next (then it has several pieces).
    """

    id: int
    document_id: str
    kind: BlockKind
    spans: tuple[Span, ...]
    text: str
    sentences: tuple[tuple[Span, ...], ...]
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, slots=True)
class PassageDraft:
    """A passage before the store has given it an id; the fields are those of :class:`Passage`."""

    document_id: str
    kind: BlockKind
    spans: tuple[Span, ...]
    text: str
    sentences: tuple[tuple[Span, ...], ...]
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, slots=True)
class ChannelScore:
    """What one channel of the search gave a passage."""

    channel: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query; the greater ``score``, the better. Ties go by passage id."""

    passage: Passage
    source: str
    score: float
    channels: tuple[ChannelScore, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the hit as JSON-ready values."""
        return {
            "passage_id": self.passage.id,
            "document_id": self.passage.document_id,
            "source": self.source,
            "kind": self.passage.kind.value,
            "text": self.passage.text,
            "spans": [[span.start, span.end] for span in self.passage.spans],
            "score": self.score,
            "channels": {channel.channel: channel.score for channel in self.channels},
            "context": self.passage.context.to_dict(),
        }


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says to a question.

    ``quotes`` are best first and empty when ``status`` is ``not_found``; ``near_misses`` are filled only then.
    ``language`` is the question's, as a BCP 47 tag. Only ``timings`` differ between two runs.
    """

    status: AnswerStatus
    question: str
    language: str
    quotes: tuple[Quote, ...] = ()
    near_misses: tuple[Quote, ...] = ()
    timings: tuple[Timing, ...] = field(default=(), compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Give the answer as the public interface lays it down; every surface renders this."""
        return {
            "status": self.status.value,
            "question": self.question,
            "language": self.language,
            "quotes": [quote.to_dict() for quote in self.quotes],
            "near_misses": [quote.to_dict() for quote in self.near_misses],
            "timings_ms": {timing.stage: round(timing.milliseconds, 3) for timing in self.timings},
        }


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document without its text, for lists."""

    id: str
    source: str
    title: str
    publication: str
    date: str
    encoding: str
    revision: str
    characters: int
    passages: int

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON-ready values."""
        return {
            "id": self.id,
            "source": self.source,
            "title": self.title,
            "publication": self.publication,
            "date": self.date,
            "encoding": self.encoding,
            "revision": self.revision,
            "characters": self.characters,
            "passages": self.passages,
        }


@dataclass(frozen=True, slots=True)
class ArchiveInfo:
    """What an archive holds. ``generation`` grows by one with every change of its contents."""

    path: str
    generation: int
    documents: int
    passages: int
    encoder: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A file of which something, or all, could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did to the archive, as source names in sorted order.

    ``failures`` are files that were left out, ``warnings`` what could not be read of files that were taken in.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Failure, ...] = ()


class ProgressCallback(Protocol):
    """Told about long work: ``done`` of ``total`` steps, the last step being ``label``."""

    def __call__(self, done: int, total: int, label: str) -> None:
        """Take note of the progress; must return soon and not raise."""
