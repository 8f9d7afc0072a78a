"""The OpenAPI document: what FastAPI derives from the routes, and what it does not know."""

from typing import Any

from fastapi import FastAPI

from bot.api.problems import (
    ARCHIVE_DAMAGED,
    ARCHIVE_EMPTY,
    ARCHIVE_FORMAT,
    ARCHIVE_LOCKED,
    ARCHIVE_MISSING,
    ARCHIVE_STORAGE,
    ARCHIVE_UNAVAILABLE,
    BODY_TOO_LARGE,
    ENCODER_MISMATCH,
    ENCODER_UNAVAILABLE,
    INTERNAL,
    PROBLEM_KINDS,
    PROBLEM_MEDIA_TYPE,
    REQUEST_INVALID,
    ProblemKind,
)
from bot.api.schemas import Fault, Problem

__all__ = ["API_VERSION", "ARCHIVE_PROBLEMS", "DESCRIPTION", "DescribedAPI", "Responses", "problems"]

API_VERSION = "1.0.0"
DESCRIPTION = """\
Ask an archive of documents and get the evidence: every answer is a quotation, letter for letter, with the place where \
it stands. For every quote, the text of GET /v1/documents/{document_id} at the quote's spans, joined, is the quote's \
text; offsets count characters (Unicode code points), not bytes or UTF-16 units.

That the archive does not answer is an answer: status 200 with "not_found". Every failure is told as \
application/problem+json (RFC 9457); its type stays the same, x-problem-types lists them all.

Every response has the header X-Request-ID: the client's, if it sent one of 1 to 128 printable ASCII characters \
without spaces, or a new one. The server's log names requests by it and holds no question."""

Responses = dict[int | str, dict[str, Any]]
ARCHIVE_PROBLEMS = (
    ARCHIVE_MISSING,
    ARCHIVE_EMPTY,
    ARCHIVE_FORMAT,
    ARCHIVE_LOCKED,
    ARCHIVE_DAMAGED,
    ARCHIVE_STORAGE,
    ARCHIVE_UNAVAILABLE,
    ENCODER_MISMATCH,
    ENCODER_UNAVAILABLE,
)
_EXAMPLE_ID = "5f0c0b1e-8f0e-4b0e-9a53-0d9f8c1f6a77"
_EXAMPLE_FAULT = Fault(where="body", field="top", detail="Input should be less than or equal to 10")


class DescribedAPI(FastAPI):
    """A FastAPI application whose OpenAPI document also holds the problems."""

    def openapi(self) -> dict[str, Any]:
        """Give the OpenAPI document; it is made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            parts = document["components"]["schemas"]
            parts.update(schema.pop("$defs"))
            parts["Problem"] = schema
            document["x-problem-types"] = [
                {"type": kind.type, "status": kind.status, "title": kind.title, "example": kind.example}
                for kind in PROBLEM_KINDS
            ]
        return super().openapi()


def problems(*kinds: ProblemKind) -> Responses:
    """Describe the problems that a route may answer with; those that any route may answer with are added."""
    responses: Responses = {}
    for kind in sorted({*kinds, BODY_TOO_LARGE, INTERNAL}, key=lambda each: (each.status, PROBLEM_KINDS.index(each))):
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


def _example(kind: ProblemKind) -> dict[str, Any]:
    faults = [_EXAMPLE_FAULT] if kind is REQUEST_INVALID else []
    problem = Problem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=kind.example,
        request_id=_EXAMPLE_ID,
        errors=faults,
    )
    return problem.model_dump(exclude_defaults=True)
