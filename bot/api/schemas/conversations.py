"""What the server remembers for its clients."""

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from bot.api.schemas.fields import Range, Text, Whole

__all__ = ["Conversation", "FeedbackList", "FeedbackQuery", "FeedbackRecord", "FeedbackRequest", "KeptTurn", "Received"]


class KeptTurn(BaseModel):
    """A question of a conversation."""

    question: str
    answer: str = Field(description="The words that answered it; empty when nothing was found.")
    asked: str = Field(description="When, ISO 8601.")


class Conversation(BaseModel):
    """A conversation that the server keeps."""

    id: str = Field(description="For conversation_id of POST /v1/ask. Who knows it can read the conversation.")
    created: str = Field(description="When it began, ISO 8601.")
    expires: str = Field(description="When it will be deleted if nobody goes on with it, ISO 8601.")
    turns: list[KeptTurn] = Field(description="What was asked, oldest first.")


class FeedbackRequest(BaseModel):
    """What a reader thinks of an answer."""

    model_config = ConfigDict(extra="forbid")

    question: Text = Field(min_length=1, max_length=2000, description="The question that was asked.")
    helpful: StrictBool = Field(description="Whether the answer was of use.")
    document_id: Text = Field(default="", max_length=200, description="The document of the quote that is meant.")
    spans: list[tuple[Whole, Whole]] = Field(default=[], max_length=20, description="The spans of the quote meant.")
    comment: Text = Field(default="", max_length=2000, description="In words.")
    surface: Text = Field(default="rest", pattern="^[a-z]{1,20}$", description="Where it was given: rest, web, ….")


class Received(BaseModel):
    """The feedback was kept."""

    id: str


class FeedbackRecord(BaseModel):
    """Feedback that was given."""

    id: str
    given: str = Field(description="When, ISO 8601.")
    surface: str
    helpful: bool
    question: str
    document_id: str
    spans: list[Range]
    comment: str


class FeedbackQuery(BaseModel):
    """Which part of the feedback to give."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200, description="How many to give at the most.")
    offset: int = Field(default=0, ge=0, le=1_000_000, description="How many to leave out at the start.")


class FeedbackList(BaseModel):
    """A part of the feedback, latest first."""

    total: int
    feedback: list[FeedbackRecord]
