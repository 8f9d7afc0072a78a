"""What can go wrong, as the API tells it: RFC 9457 problem details, and OpenAI's shape where OpenAI's clients call."""

import math
from collections.abc import Mapping, Sequence

from starlette.responses import JSONResponse
from starlette.types import Scope

from bot.api import kinds
from bot.api.kinds import ProblemKind
from bot.api.schemas import Fault, Problem
from bot.state import StateError, UnknownConversationError, UnknownJobError
from retrieval.errors import (
    ArchiveDamagedError,
    ArchiveEmptyError,
    ArchiveError,
    ArchiveFormatError,
    ArchiveLockedError,
    ArchiveMissingError,
    EncoderError,
    EncoderMismatchError,
    FilterError,
    MissingExtraError,
    OriginalMissingError,
    QuestionError,
    SourceError,
    StorageError,
    UnknownDocumentError,
    WenjuError,
)

__all__ = ["PROBLEM_MEDIA_TYPE", "RefusedError", "encodable", "kind_of", "problem_response", "speaks_openai"]

PROBLEM_MEDIA_TYPE = "application/problem+json"

_OPENAI_PATHS = ("/v1/chat/", "/v1/models")
_OPENAI_CODES = {
    kinds.KEY_MISSING: "invalid_api_key",
    kinds.KEY_INVALID: "invalid_api_key",
    kinds.RATE_LIMITED: "rate_limit_exceeded",
    kinds.MODEL_UNKNOWN: "model_not_found",
}
_KIND_OF_ERROR: Mapping[type, ProblemKind] = {
    ArchiveDamagedError: kinds.ARCHIVE_DAMAGED,
    ArchiveEmptyError: kinds.ARCHIVE_EMPTY,
    ArchiveError: kinds.ARCHIVE_UNAVAILABLE,
    ArchiveFormatError: kinds.ARCHIVE_FORMAT,
    ArchiveLockedError: kinds.ARCHIVE_LOCKED,
    ArchiveMissingError: kinds.ARCHIVE_MISSING,
    EncoderError: kinds.ENCODER_UNAVAILABLE,
    EncoderMismatchError: kinds.ENCODER_MISMATCH,
    FilterError: kinds.FILTER_INVALID,
    MissingExtraError: kinds.EXTRA_MISSING,
    OriginalMissingError: kinds.ORIGINAL_MISSING,
    QuestionError: kinds.QUESTION_INVALID,
    SourceError: kinds.DOCUMENT_INVALID,
    StateError: kinds.STATE_UNAVAILABLE,
    StorageError: kinds.ARCHIVE_STORAGE,
    UnknownConversationError: kinds.CONVERSATION_UNKNOWN,
    UnknownDocumentError: kinds.DOCUMENT_UNKNOWN,
    UnknownJobError: kinds.JOB_UNKNOWN,
}


class RefusedError(WenjuError):
    """The server does not do what a request asks for; ``wait`` is the seconds after which it would, if that helps.

    ``param`` names the field at fault to OpenAI's clients.
    """

    def __init__(self, kind: ProblemKind, detail: str = "", *, wait: float | None = None, param: str = "") -> None:
        """Say which kind of problem it is, and in ``detail`` what is wrong this time."""
        super().__init__(detail or kind.example)
        self.kind = kind
        self.wait = wait
        self.param = param

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers that belong to the answer."""
        headers = {} if self.wait is None else {"Retry-After": str(max(1, math.ceil(self.wait)))}
        if self.kind.status == kinds.KEY_MISSING.status:
            headers["WWW-Authenticate"] = 'Bearer realm="wenju"'
        if self.kind in (kinds.BODY_TOO_LARGE, kinds.BODY_TOO_SLOW):
            headers["Connection"] = "close"  # what is still on its way is not worth waiting for
        return headers


def kind_of(error: WenjuError) -> ProblemKind:
    """Say which kind of problem an error is: that of its nearest class; ``INTERNAL`` where none is laid down."""
    if isinstance(error, RefusedError):
        return error.kind
    for ancestor in type(error).__mro__:
        if ancestor in _KIND_OF_ERROR:
            return _KIND_OF_ERROR[ancestor]
    return kinds.INTERNAL


def speaks_openai(path: str) -> bool:
    """Tell whether it is OpenAI's clients that call this address."""
    return path.startswith(_OPENAI_PATHS)


def problem_response(
    scope: Scope,
    kind: ProblemKind,
    detail: str,
    *,
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
    param: str = "",
) -> JSONResponse:
    """Give the answer to a request that failed, in the shape that its client reads."""
    if speaks_openai(scope["path"]):
        return _openai_response(kind, detail, errors, headers, param)
    problem = Problem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=encodable(detail),
        request_id=scope["state"]["request_id"],
        errors=list(errors),
    )
    content = problem.model_dump(exclude=None if errors else {"errors"})
    return JSONResponse(content, status_code=kind.status, headers=headers, media_type=PROBLEM_MEDIA_TYPE)


def encodable(text: str) -> str:
    """Give ``text`` with what UTF-8 cannot carry, as lone surrogates, written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _openai_response(
    kind: ProblemKind, detail: str, errors: Sequence[Fault], headers: Mapping[str, str] | None, param: str
) -> JSONResponse:
    status = 400 if kind.status == kinds.REQUEST_INVALID.status else kind.status
    if errors:
        detail = "; ".join(f"{fault.field or fault.where}: {fault.detail}" for fault in errors)
    named = param or (errors[0].field if errors else "")
    error = {
        "message": encodable(detail),
        "type": _openai_type(status),
        "param": named or None,
        "code": _OPENAI_CODES.get(kind, kind.slug.replace("-", "_")),
    }
    return JSONResponse({"error": error}, status_code=status, headers=headers)


def _openai_type(status: int) -> str:
    special = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
    return special.get(status, "invalid_request_error" if status < kinds.INTERNAL.status else "server_error")
