from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from retrieval.types.spans import Span

__all__ = [
    "Block",
    "BlockKind",
    "Context",
    "Document",
    "DocumentInfo",
    "Passage",
    "PassageDraft",
]


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
class DocumentInfo:
    """A document without its text, for lists.

    ``uploaded`` says that its file is kept in the archive; ``warnings`` what of the file could not be read.
    """

    id: str
    source: str
    title: str
    publication: str
    date: str
    encoding: str
    revision: str
    characters: int
    passages: int
    uploaded: bool = False
    warnings: tuple[str, ...] = ()

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
            "uploaded": self.uploaded,
            "warnings": list(self.warnings),
        }
