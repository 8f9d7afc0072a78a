"""How the server is, and what went wrong."""

from typing import Literal

from pydantic import BaseModel, Field

__all__ = ["Fault", "Health", "Problem", "Readiness"]


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
