"""What a search finds."""

from pydantic import BaseModel, Field, FiniteFloat

from bot.api.schemas.answers import Context
from bot.api.schemas.fields import DocumentId, Range, Source
from retrieval.types import BlockKind

__all__ = ["Contribution", "ExplainedHit", "Explanation", "Hit", "SearchResult"]


class Hit(BaseModel):
    """A passage found by a search."""

    passage_id: int = Field(description="The passage's number in the archive.")
    document_id: DocumentId
    source: Source
    kind: BlockKind = Field(description="What the passage is on its page.")
    text: str = Field(description="The passage: the document's text at the spans, joined.")
    spans: list[Range] = Field(description="Where the passage stands, in reading order.")
    score: FiniteFloat = Field(description="The greater, the better; comparable within one search only.")
    channels: dict[str, FiniteFloat] = Field(description="What each way of searching gave to the passage.")
    context: Context


class Contribution(BaseModel):
    """What one feature of a hit is, and what it adds to the hit's score."""

    name: str
    value: FiniteFloat
    points: FiniteFloat


class ExplainedHit(Hit):
    """A hit, the sentence of it that ranked best, and all that its score is the sum of, greatest first."""

    sentence: str
    contributions: list[Contribution]


class Explanation(BaseModel):
    """How a query was understood, and why its hits stand in this order."""

    question: str
    language: str = Field(description="A BCP 47 tag.")
    expected: str = Field(description="The kind of answer that is expected.")
    terms: list[str] = Field(description="The words as they were searched.")
    translations: list[list[str]] = Field(description="The archive's words that stand for one of the query's.")
    probability: FiniteFloat = Field(description="How likely the archive answers at all, 0 to 1.")
    hits: list[ExplainedHit]


class SearchResult(BaseModel):
    """The passages found, best first."""

    query: str = Field(description="The query as it was sent.")
    hits: list[Hit]
    explanation: Explanation | None = Field(default=None, description="Only where explain was asked for.")
