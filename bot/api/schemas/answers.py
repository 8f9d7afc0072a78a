"""What the archive says; the fields are those of the library's ``to_dict()``."""

from pydantic import BaseModel, Field, FiniteFloat

from bot.api.schemas.fields import DocumentId, IssueDate, IssuePage, Publication, Range, Source
from retrieval.types import AnswerStatus, Arrangement, MissingKind, ReplyKind

__all__ = ["Answer", "AskResponse", "Citation", "Context", "Missing", "Quote", "Summary", "SummarySentence"]


class Context(BaseModel):
    """What the page says around the words; an empty value means that the document does not say."""

    title: str = Field(description="The document's title.")
    publication: Publication
    date: IssueDate
    page: IssuePage
    article: str = Field(description="The article's headline.")
    headings: list[str] = Field(description="The headings from the article's sub-headline down to the nearest one.")
    byline: str = Field(description="Who wrote it.")
    place: str = Field(description="The place that it is about.")
    section: str = Field(default="", description="The page's section.")
    weekday: str = Field(default="", description="The issue's weekday, as the page prints it.")
    period: str = Field(
        default="", description="The year that the text reports on, or the first and last of several: 2021/2022."
    )
    people: list[str] = Field(default=[], description="Whom the passage names, with their posts.")


class Quote(BaseModel):
    """Words of a document, letter for letter, with the place where they stand."""

    text: str = Field(description="The quoted words: the document's text at the spans, joined.")
    source: Source
    document_id: DocumentId
    spans: list[Range] = Field(description="Where the words stand, in reading order.")
    lines: tuple[int, int] = Field(description="The first and the last line that the quote touches, counted from 1.")
    highlights: list[Range] = Field(description="The part that answers most directly; each lies inside one span.")
    score: FiniteFloat = Field(description="The greater, the better; comparable within one answer only.")
    context: Context


class Missing(BaseModel):
    """A part of the question that the archive lacks."""

    kind: MissingKind = Field(description="Which part: a year, a place or a name.")
    asked: str = Field(description="What the question asks for.")
    available: list[str] = Field(description="What the nearest passages have instead.")


class SummarySentence(BaseModel):
    """A sentence of a summary, checked against the quotes that it cites."""

    text: str
    quotes: list[int] = Field(description="The numbers of the quotes cited, from 1.")


class Summary(BaseModel):
    """What a language model wrote over the quotes; sentences that failed the check were dropped."""

    sentences: list[SummarySentence]
    dropped: int = Field(description="How many sentences failed the check.")


class Answer(BaseModel):
    """What the archive says to a question. That it says nothing is an answer too: status ``not_found``."""

    status: AnswerStatus = Field(description="Whether the archive answers the question.")
    question: str = Field(description="The question as it was asked.")
    language: str = Field(description="The question's language, a BCP 47 tag.")
    understood_as: str = Field(
        default="", description="The whole question that was searched, when a follow-up was completed; else empty."
    )
    probability: FiniteFloat = Field(default=0.0, description="How likely the archive answers at all, 0 to 1.")
    arrangement: Arrangement = Field(
        default=Arrangement.RANKED,
        description="How the quotes belong together: ranked, compared, disagreeing.",
    )
    quotes: list[Quote] = Field(description="Best first; empty when nothing was found.")
    near_misses: list[Quote] = Field(description="Passages nearby that do not answer; only when nothing was found.")
    missing: list[Missing] = Field(default=[], description="What of the question the archive lacks.")
    reply: ReplyKind | None = Field(
        default=None, description="Set when the message was no question but a greeting, say."
    )
    total: int = Field(
        default=0, description="All the entries of a list of which the quotes are the first, such as articles; else 0."
    )
    summary: Summary | None = Field(default=None, description="A language model's summary, when one was asked for.")
    timings_ms: dict[str, FiniteFloat] = Field(description="How long each stage took, in milliseconds.")


class Citation(BaseModel):
    """Where a quote of the answer stands, as a reader would cite it."""

    number: int = Field(description="The quote's number in the answer, from 1.")
    document_id: DocumentId
    source: Source
    title: str = Field(description="The headline of the article, or the document's title.")
    publication: Publication
    date: IssueDate
    page: IssuePage
    text: str = Field(description="The quoted words.")
    spans: list[Range] = Field(description="Where the words stand.")
    url: str = Field(description="A link that opens the document at the words.")


class AskResponse(Answer):
    """An answer, with its citations."""

    citations: list[Citation] = Field(description="The places of the quotes, or of the near misses if there is none.")
    conversation_id: str | None = Field(default=None, description="The conversation that the question has joined.")
