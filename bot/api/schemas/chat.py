"""The bodies that OpenAI's clients send and read; what they send beyond these fields is left alone."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StrictBool, StrictInt

from bot.api.schemas.answers import Citation
from bot.api.schemas.fields import Text

__all__ = [
    "Annotation",
    "ChatChoice",
    "ChatCompletion",
    "ChatError",
    "ChatFailure",
    "ChatMessage",
    "ChatReply",
    "ChatRequest",
    "ContentPart",
    "Model",
    "ModelList",
    "StreamOptions",
    "UrlCitation",
    "Usage",
]


class ContentPart(BaseModel):
    """A part of a message; of its types only text is read."""

    type: Text
    text: Text | None = None


class ChatMessage(BaseModel):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | Annotated[list[ContentPart], Field(max_length=100)] | None = None


class StreamOptions(BaseModel):
    """What a stream holds besides the answer."""

    include_usage: StrictBool | None = None


class ChatRequest(BaseModel):
    """A conversation whose last message, the user's, is the question."""

    model: Text = Field(min_length=1, max_length=200, description="wenju, or what GET /v1/models lists.")
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000, description="Oldest first.")
    stream: StrictBool | None = Field(default=None, description="Answer with server-sent events.")
    stream_options: StreamOptions | None = None
    n: StrictInt | None = Field(default=None, description="Only 1: the archive says the same each time.")
    tools: list[Any] | None = Field(default=None, description="Never called.")
    tool_choice: Any | None = Field(default=None, description="Only none or auto.")
    response_format: Any | None = Field(default=None, description="Only text.")


class UrlCitation(BaseModel):
    """Where a part of the text comes from."""

    start_index: int
    end_index: int
    url: str
    title: str


class Annotation(BaseModel):
    """A note on a part of the text."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class ChatReply(BaseModel):
    """The answer as a message in Markdown: quotes, each with a link to the place where it stands."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class ChatChoice(BaseModel):
    """The one answer."""

    index: Literal[0] = 0
    message: ChatReply
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Usage(BaseModel):
    """Always 0: no language model was used, and nothing is counted in tokens."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class ChatCompletion(BaseModel):
    """The answer as OpenAI's clients read it."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[ChatChoice]
    usage: Usage = Usage()
    citations: list[Citation] = Field(description="The quotes by their numbers in the text.")


class Model(BaseModel):
    """What can be asked."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: Literal["wenju"] = "wenju"


class ModelList(BaseModel):
    """All that can be asked."""

    object: Literal["list"] = "list"
    data: list[Model]


class ChatError(BaseModel):
    """Why a request failed."""

    message: str
    type: str
    param: str | None
    code: str


class ChatFailure(BaseModel):
    """A failure in the shape that OpenAI's clients read."""

    error: ChatError
