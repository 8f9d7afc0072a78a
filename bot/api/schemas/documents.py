"""What the archive holds."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from bot.api.schemas.fields import DocumentId, IssueDate, IssuePage, Places, Publication, Range, Source
from bot.api.schemas.questions import Day, Value
from bot.state import JobStatus
from retrieval import types
from retrieval.answering import MAX_QUOTE
from retrieval.types import BlockKind

__all__ = [
    "AroundQuery",
    "Article",
    "Block",
    "Box",
    "Document",
    "DocumentInfo",
    "DocumentList",
    "DocumentsQuery",
    "Job",
    "MonthCount",
    "Outline",
    "Page",
    "Pages",
    "PagesQuery",
    "Place",
    "PlaceCount",
    "PublicationCount",
    "Sources",
]

_MOST_AROUND = 20_000


class DocumentsQuery(BaseModel):
    """Which part of the list of documents to give."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200, description="How many documents to give at the most.")
    offset: int = Field(default=0, ge=0, description="How many documents to leave out at the start.")
    since: Day = Field(default="", description="The first day of issue: a year, a month or a day.")
    until: Day = Field(default="", description="The last day of issue, included: a year, a month or a day.")
    publication: Value | None = Field(default=None, description="The newspaper or series, in full.")
    place: Value | None = Field(default=None, description="A place that one of its articles is about, in full.")
    q: Value | None = Field(default=None, description="Words that stand in its title or the name of its file.")

    def to_filters(self) -> types.Filters:
        """Give the bounds as the library checks them.

        :raises FilterError: if a bound is no date, or they are the wrong way round.
        """
        return types.Filters(since=self.since, until=self.until)


class DocumentInfo(BaseModel):
    """A document without its text."""

    id: DocumentId
    source: Source
    title: str = Field(description="The document's title; empty when it has none.")
    publication: Publication
    date: IssueDate
    encoding: str = Field(description="The encoding in which the file was read.")
    revision: str = Field(description="SHA-256 of the file's bytes, in hexadecimal.")
    characters: int = Field(description="The length of the text in characters (Unicode code points).")
    passages: int = Field(description="How many passages it was cut into.")
    uploaded: bool = Field(default=False, description="Whether its file is kept in the archive itself.")
    warnings: list[str] = Field(default=[], description="What of the file could not be read, and what to do about it.")


class Article(BaseModel):
    """An article of a document."""

    headline: str
    byline: str
    place: str = Field(description="The place that it is about.")
    date: str
    period: str = Field(description="The year that it reports on, or the first and last of several: 2021/2022.")
    blocks: list[int] = Field(description="The positions of its blocks, in reading order.")


class Block(BaseModel):
    """A run of lines that belong together."""

    kind: BlockKind = Field(description="What it is on its page.")
    spans: list[Range] = Field(description="Where it stands; several where a column's end has cut it.")
    article: int | None = Field(description="The position of its article; null for what belongs to none.")
    copy_of: int | None = Field(description="The position of the block that says the same and was kept.")


class Outline(BaseModel):
    """What a document is made of."""

    document_id: DocumentId
    publication: Publication
    date: IssueDate
    weekday: str = Field(description="The issue's weekday, as the page prints it.")
    page: IssuePage
    section: str = Field(description="The page's section.")
    articles: list[Article]
    blocks: list[Block]


class Document(DocumentInfo):
    """A document with its text, to which all spans refer."""

    text: str = Field(description="The file's text, untouched.")
    outline: Outline = Field(description="Its articles and blocks.")


class DocumentList(BaseModel):
    """A part of the list of documents, sorted by source."""

    total: int = Field(description="How many documents the archive holds.")
    documents: list[DocumentInfo]


class Page(BaseModel):
    """A page of a document that has pages."""

    number: int = Field(description="From 1.")
    width: FiniteFloat = Field(description="In points (PDF) or pixels (a picture).")
    height: FiniteFloat = Field(description="In points (PDF) or pixels (a picture).")


class Box(BaseModel):
    """A rectangle in the page's unit, from the page's upper left corner."""

    left: FiniteFloat
    top: FiniteFloat
    right: FiniteFloat
    bottom: FiniteFloat


class Place(BaseModel):
    """Where words stand on a page's picture."""

    page: int = Field(description="The page's number, from 1.")
    box: Box


class PagesQuery(BaseModel):
    """Which words to look for on the pages."""

    model_config = ConfigDict(extra="forbid")

    spans: Places = ""


class AroundQuery(BaseModel):
    """Which words to give more text around, and how much."""

    model_config = ConfigDict(extra="forbid")

    spans: Places = Field(min_length=1)
    characters: int = Field(
        default=MAX_QUOTE,
        ge=1,
        le=_MOST_AROUND,
        description="How long the result may be; the words asked for are never cut.",
    )


class Pages(BaseModel):
    """The pages of a document, and where the words asked for stand on them; both empty for plain text."""

    pages: list[Page]
    places: list[Place]


class Job(BaseModel):
    """Work that an upload has begun."""

    id: str = Field(description="For GET /v1/jobs/{job_id}.")
    kind: Literal["upload"]
    name: str = Field(description="The name of the file.")
    status: JobStatus
    done: int = Field(description="How many steps of the total are done.")
    total: int
    document_id: str | None = Field(default=None, description="The document, once it is in the archive.")
    error: str | None = Field(default=None, description="Why it failed.")
    created: str = Field(description="When it began, ISO 8601.")
    updated: str = Field(description="When something last happened, ISO 8601.")


class PublicationCount(BaseModel):
    """A newspaper or series of the archive."""

    publication: str = Field(description="Empty for documents that do not say.")
    documents: int
    first: str = Field(description="The first day of issue; empty when none says.")
    last: str = Field(description="The last day of issue; empty when none says.")


class PlaceCount(BaseModel):
    """A place that documents of the archive are about."""

    place: str
    documents: int


class MonthCount(BaseModel):
    """The documents of one month of issue."""

    month: str = Field(description="ISO 8601: 2021-11.")
    documents: int


class Sources(BaseModel):
    """What the archive is made of."""

    documents: int
    passages: int
    generation: int = Field(description="Grows by one with every change of the archive.")
    publications: list[PublicationCount] = Field(description="By name.")
    months: list[MonthCount] = Field(description="The months of issue, the first one first.")
    places: list[PlaceCount] = Field(description="Those that most documents are about first.")
