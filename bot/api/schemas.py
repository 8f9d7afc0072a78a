"""The bodies of requests and responses, as the OpenAPI document describes them.

The response models say what the library's ``to_dict()`` gives, field for field.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat

from retrieval.search.analysis import MAX_QUESTION_CHARACTERS
from retrieval.types import AnswerStatus, Arrangement, BlockKind, MissingKind, ReplyKind

__all__ = [
    "Answer",
    "AskRequest",
    "Context",
    "Document",
    "DocumentInfo",
    "DocumentList",
    "DocumentsQuery",
    "Fault",
    "Health",
    "Hit",
    "Problem",
    "Quote",
    "Readiness",
    "SearchQuery",
    "SearchResult",
    "Turn",
]

_MAX_TURNS = 20
Range = Annotated[
    tuple[int, int],
    Field(description="Start and end (exclusive), in characters (Unicode code points) of the document's text."),
]


def _utf8(text: str) -> str:
    """Refuse lone surrogates, which JSON can write as escapes and no encoding can carry.

    :raises ValueError: if ``text`` holds one.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("Input should be text in Unicode; half of a surrogate pair is none") from error
    return text


def _plain_number(value: object) -> object:
    """Refuse what pydantic would read as a number although JSON says that it is none.

    :raises ValueError: if ``value`` is a boolean or a string.
    """
    if isinstance(value, (bool, str)):
        raise ValueError("Input should be a number")
    return value


Text = Annotated[str, AfterValidator(_utf8)]
Whole = Annotated[int, BeforeValidator(_plain_number)]


class Turn(BaseModel):
    """An earlier question of the same conversation, and what was answered."""

    model_config = ConfigDict(extra="forbid")

    question: Text = Field(description="The question that was asked.")
    answer: Text = Field(default="", description="The text of the answer; may be left out.")


class AskRequest(BaseModel):
    """A question to the archive."""

    model_config = ConfigDict(extra="forbid")

    # The library judges the length, so that every surface says the same; here it is only documented.
    question: Text = Field(
        description="The question, in any language, as one would speak it.",
        json_schema_extra={"minLength": 1, "maxLength": MAX_QUESTION_CHARACTERS},
    )
    top: Whole = Field(default=3, ge=1, le=10, description="How many quotes to give at the most.")
    history: list[Turn] = Field(
        default=[], max_length=_MAX_TURNS, description="What was said before, oldest first, for follow-up questions."
    )


class SearchQuery(BaseModel):
    """The parameters of a search."""

    model_config = ConfigDict(extra="forbid")

    q: Text = Field(
        description="Words or a question, in any language.",
        json_schema_extra={"minLength": 1, "maxLength": MAX_QUESTION_CHARACTERS},
    )
    top: int = Field(default=10, ge=1, le=50, description="How many passages to give at the most.")


class DocumentsQuery(BaseModel):
    """Which part of the list of documents to give."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200, description="How many documents to give at the most.")
    offset: int = Field(default=0, ge=0, description="How many documents to leave out at the start.")


class Context(BaseModel):
    """What the page says around the words; an empty value means that the document does not say."""

    title: str = Field(description="The document's title.")
    publication: str = Field(description="The newspaper or series.")
    date: str = Field(description="The issue's date, ISO 8601.")
    page: str = Field(description="The page of the issue.")
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
    source: str = Field(description="The name of the file.")
    document_id: str = Field(description="The document's id, for GET /v1/documents/{document_id}.")
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


class Hit(BaseModel):
    """A passage found by a search."""

    passage_id: int = Field(description="The passage's number in the archive.")
    document_id: str = Field(description="The document's id, for GET /v1/documents/{document_id}.")
    source: str = Field(description="The name of the file.")
    kind: BlockKind = Field(description="What the passage is on its page.")
    text: str = Field(description="The passage: the document's text at the spans, joined.")
    spans: list[Range] = Field(description="Where the passage stands, in reading order.")
    score: FiniteFloat = Field(description="The greater, the better; comparable within one search only.")
    channels: dict[str, FiniteFloat] = Field(description="What each way of searching gave to the passage.")
    context: Context


class SearchResult(BaseModel):
    """The passages found, best first."""

    query: str = Field(description="The query as it was sent.")
    hits: list[Hit]


class DocumentInfo(BaseModel):
    """A document without its text."""

    id: str = Field(description="The document's id.")
    source: str = Field(description="The name of the file.")
    title: str = Field(description="The document's title; empty when it has none.")
    publication: str = Field(description="The newspaper or series; empty when the document does not say.")
    date: str = Field(description="The issue's date, ISO 8601; empty when the document does not say.")
    encoding: str = Field(description="The encoding in which the file was read.")
    revision: str = Field(description="SHA-256 of the file's bytes, in hexadecimal.")
    characters: int = Field(description="The length of the text in characters (Unicode code points).")
    passages: int = Field(description="How many passages it was cut into.")
    uploaded: bool = Field(default=False, description="Whether its file is kept in the archive itself.")
    warnings: list[str] = Field(default=[], description="What of the file could not be read, and what to do about it.")


class Document(DocumentInfo):
    """A document with its text, to which all spans refer."""

    text: str = Field(description="The file's text, untouched.")


class DocumentList(BaseModel):
    """A part of the list of documents, sorted by source."""

    total: int = Field(description="How many documents the archive holds.")
    documents: list[DocumentInfo]


class Health(BaseModel):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """The archive is open and can answer."""

    status: Literal["ready"] = "ready"
    documents: int = Field(description="How many documents the archive holds.")
    passages: int = Field(description="How many passages they were cut into.")
    generation: int = Field(description="Grows by one with every change of the archive.")
    encoder: str = Field(description="The encoder that the archive was built with.")


class Fault(BaseModel):
    """One value of a request that is not as documented."""

    where: str = Field(description="The part of the request: body, query, path or header.")
    field: str = Field(description="The field, as in history.0.question; empty for the whole part.")
    detail: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """Why a request failed (RFC 9457)."""

    type: str = Field(description="The kind of problem, a URI that stays the same; x-problem-types lists them.")
    title: str = Field(description="The kind in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong this time, and what to do about it.")
    request_id: str = Field(description="The request's id, as in the header X-Request-ID and in the server's log.")
    errors: list[Fault] = Field(default=[], description="The values at fault; only for request-invalid.")
