"""What clients ask."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from bot.api.schemas.fields import Text, Whole
from retrieval import types
from retrieval.search.analysis import MAX_QUESTION_CHARACTERS
from retrieval.types import BlockKind

__all__ = ["MAX_TURNS", "AskRequest", "ConversationId", "Day", "Filters", "SearchQuery", "Turn", "Value"]

MAX_TURNS = 20
_MAX_VALUES = 20
ConversationId = Annotated[Text, Field(min_length=1, max_length=200)]
Value = Annotated[Text, Field(min_length=1, max_length=500)]
# As few as one may be written without a list, in an address anyway.
Values = Annotated[list[Value], Field(max_length=_MAX_VALUES)]
_DAY = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
Day = Annotated[Text, Field(json_schema_extra={"pattern": f"{_DAY}|^$", "examples": ["2022", "2022-05", "2022-05-01"]})]


class Turn(BaseModel):
    """An earlier question of the same conversation, and what was answered."""

    model_config = ConfigDict(extra="forbid")

    question: Text = Field(description="The question that was asked.")
    answer: Text = Field(default="", description="The text of the answer; may be left out.")


class Filters(BaseModel):
    """Which part of the archive is searched; what is left out leaves nothing out."""

    model_config = ConfigDict(extra="forbid")

    since: Day = Field(default="", description="The first day of issue: a year, a month or a day.")
    until: Day = Field(default="", description="The last day of issue, included: a year, a month or a day.")
    places: Values = Field(default=[], description="Places that the passage is about, as 攸县; one must fit.")
    sources: Values = Field(default=[], description="Names of files or folders, or their beginnings; one must fit.")
    kinds: list[BlockKind] = Field(
        default=[], max_length=_MAX_VALUES, description="What the passage is on its page; one must fit."
    )

    def to_filters(self) -> types.Filters | None:
        """Give the library's value; None where nothing is left out.

        :raises FilterError: if a bound is no date, or the bounds are the wrong way round.
        """
        chosen = types.Filters(
            sources=tuple(self.sources),
            since=self.since,
            until=self.until,
            places=tuple(self.places),
            kinds=tuple(kind.value for kind in self.kinds),
        )
        return chosen or None


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
        default=[], max_length=MAX_TURNS, description="What was said before, oldest first, for follow-up questions."
    )
    conversation_id: ConversationId | None = Field(
        default=None,
        description="A conversation that the server keeps, instead of a history; the question and its answer join it.",
    )
    filters: Filters = Field(default=Filters(), description="Which part of the archive to ask; all unless told.")
    stream: StrictBool = Field(
        default=False, description="Answer with server-sent events, as with the header Accept: text/event-stream."
    )

    @model_validator(mode="after")
    def _one_past(self) -> Self:
        """Refuse two pasts.

        :raises ValueError: if both a history and a conversation are given.
        """
        if self.history and self.conversation_id is not None:
            raise ValueError("history and conversation_id are both given: send one of them")
        return self


class SearchQuery(Filters):
    """The parameters of a search; a filter that may have several values is repeated."""

    q: Text = Field(
        description="Words or a question, in any language.",
        json_schema_extra={"minLength": 1, "maxLength": MAX_QUESTION_CHARACTERS},
    )
    top: int = Field(default=10, ge=1, le=50, description="How many passages to give at the most.")
    explain: bool = Field(default=False, description="Tell too how the query was understood and why a hit stands here.")
