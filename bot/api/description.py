"""The OpenAPI document: what FastAPI derives from the routes, and what it does not know."""

from typing import Any

from fastapi import FastAPI

from bot.api import kinds
from bot.api.examples import add_examples
from bot.api.kinds import PROBLEM_KINDS, ProblemKind
from bot.api.problems import PROBLEM_MEDIA_TYPE
from bot.api.schemas import ChatFailure, Fault, Problem

__all__ = ["API_VERSION", "ARCHIVE_PROBLEMS", "DESCRIPTION", "DescribedAPI", "Responses", "openai_problems", "problems"]

API_VERSION = "1.0.0"
DESCRIPTION = """\
Ask an archive of documents and get the evidence: every answer is a quotation, letter for letter, with the place where \
it stands. For every quote, the text of GET /v1/documents/{document_id} at the quote's spans, joined, is the quote's \
text; offsets count characters (Unicode code points), not bytes or UTF-16 units.

That the archive does not answer is an answer: status 200 with "not_found". Every failure is told as \
application/problem+json (RFC 9457); its type stays the same, x-problem-types lists them all.

Where the operator has keys on, send one as "Authorization: Bearer KEY" or "X-API-Key: KEY". A key with the scope ask \
may ask and read, one with the scope admin may do all. Requests above the limit of a key or an address get status 429, \
and Retry-After says for how long.

/v1/models and /v1/chat/completions speak as OpenAI's interface does, errors included, so that its clients can ask.

Every response has the header X-Request-ID: the client's, if it sent one of 1 to 128 printable ASCII characters \
without spaces, or a new one. The server's log names requests by it, and holds no question unless the operator \
wants it to."""

Responses = dict[int | str, dict[str, Any]]
ARCHIVE_PROBLEMS = (
    kinds.ARCHIVE_MISSING,
    kinds.ARCHIVE_EMPTY,
    kinds.ARCHIVE_FORMAT,
    kinds.ARCHIVE_LOCKED,
    kinds.ARCHIVE_DAMAGED,
    kinds.ARCHIVE_STORAGE,
    kinds.ARCHIVE_UNAVAILABLE,
    kinds.ENCODER_MISMATCH,
    kinds.ENCODER_UNAVAILABLE,
    kinds.EXTRA_MISSING,
)
_ANYWHERE = (kinds.BODY_TOO_LARGE, kinds.BODY_TOO_SLOW, kinds.HOST_REFUSED, kinds.INTERNAL)
_GUARDED = (
    kinds.KEY_MISSING,
    kinds.KEY_INVALID,
    kinds.SCOPE_MISSING,
    kinds.ORIGIN_REFUSED,
    kinds.RATE_LIMITED,
    kinds.STATE_UNAVAILABLE,
)
_EXAMPLE_ID = "5f0c0b1e-8f0e-4b0e-9a53-0d9f8c1f6a77"
_EXAMPLE_FAULT = Fault(where="body", field="top", detail="Input should be less than or equal to 10")


class DescribedAPI(FastAPI):
    """A FastAPI application whose OpenAPI document also holds the problems."""

    def openapi(self) -> dict[str, Any]:
        """Give the OpenAPI document; it is made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            parts = document["components"]["schemas"]
            for model in (Problem, ChatFailure):
                schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
                parts.update(schema.pop("$defs"))
                parts[model.__name__] = schema
            add_examples(document)
            for operations in document["paths"].values():
                for operation in operations.values():
                    # FastAPI's own shape of a failed validation, which nobody is ever told.
                    if "application/json" in operation["responses"].get("422", {}).get("content", {}):
                        del operation["responses"]["422"]
            for unused in ("HTTPValidationError", "ValidationError"):
                parts.pop(unused, None)
            document["x-problem-types"] = [
                {"type": kind.type, "status": kind.status, "title": kind.title, "example": kind.example}
                for kind in PROBLEM_KINDS
            ]
        return super().openapi()


def problems(*own: ProblemKind, guarded: bool = True) -> Responses:
    """Describe the problems that a route may answer with; those that any route may answer with are added.

    :param guarded: whether keys and rates decide who may use the route.
    """
    every = {*own, *_ANYWHERE, *(_GUARDED if guarded else ())}
    responses: Responses = {}
    for kind in sorted(every, key=lambda each: (each.status, PROBLEM_KINDS.index(each))):
        response = responses.setdefault(
            kind.status,
            {
                "description": kind.title,
                "content": {
                    PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}},
                },
            },
        )
        if kind.title not in response["description"]:
            response["description"] += f"; or: {kind.title[0].lower()}{kind.title[1:]}"
        response["content"][PROBLEM_MEDIA_TYPE]["examples"][kind.slug] = {"value": _example(kind)}
    return responses


def openai_problems(*own: ProblemKind) -> Responses:
    """Describe the same problems as OpenAI's clients are told them."""
    responses: Responses = {}
    for status, response in problems(*own).items():
        as_told = 400 if status == kinds.REQUEST_INVALID.status else status
        responses[as_told] = {
            "description": response["description"],
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ChatFailure"}}},
        }
    return responses


def _example(kind: ProblemKind) -> dict[str, Any]:
    faults = [_EXAMPLE_FAULT] if kind is kinds.REQUEST_INVALID else []
    problem = Problem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=kind.example,
        request_id=_EXAMPLE_ID,
        errors=faults,
    )
    return problem.model_dump(exclude_defaults=True)
