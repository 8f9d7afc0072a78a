"""What can go wrong, as the API tells it: RFC 9457 problem details, one kind for each cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import JSONResponse

from bot.api.schemas import Fault, Problem
from retrieval.errors import (
    ArchiveDamagedError,
    ArchiveEmptyError,
    ArchiveError,
    ArchiveFormatError,
    ArchiveLockedError,
    ArchiveMissingError,
    EncoderError,
    EncoderMismatchError,
    QuestionError,
    StorageError,
    UnknownDocumentError,
    WenjuError,
)

__all__ = [
    "ARCHIVE_DAMAGED",
    "ARCHIVE_EMPTY",
    "ARCHIVE_FORMAT",
    "ARCHIVE_LOCKED",
    "ARCHIVE_MISSING",
    "ARCHIVE_STORAGE",
    "ARCHIVE_UNAVAILABLE",
    "BODY_MALFORMED",
    "BODY_TOO_LARGE",
    "DOCUMENT_UNKNOWN",
    "ENCODER_MISMATCH",
    "ENCODER_UNAVAILABLE",
    "INTERNAL",
    "MEDIA_TYPE_UNSUPPORTED",
    "METHOD_NOT_ALLOWED",
    "PROBLEM_KINDS",
    "PROBLEM_MEDIA_TYPE",
    "QUESTION_INVALID",
    "REQUEST_INVALID",
    "ROUTE_UNKNOWN",
    "MediaTypeError",
    "ProblemKind",
    "encodable",
    "kind_of",
    "problem_response",
]

PROBLEM_MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One cause of failure: its stable name, the HTTP status it has, its title, and a detail as an example."""

    slug: str
    status: int
    title: str
    example: str

    @property
    def type(self) -> str:
        """Give the URI that names this kind in a response; it never changes its meaning."""
        return f"urn:wenju:problem:{self.slug}"


class MediaTypeError(WenjuError):
    """The body of a request is not said to be JSON."""


_SYNC = "Build it with: wenju sync PATH"
BODY_MALFORMED = ProblemKind(
    "body-malformed", 400, "The body is not JSON", "The body is not readable as JSON in UTF-8. Send one JSON object."
)
ROUTE_UNKNOWN = ProblemKind(
    "route-unknown", 404, "No such address", "Nothing is at this address. The addresses are listed at /docs."
)
DOCUMENT_UNKNOWN = ProblemKind(
    "document-unknown", 404, "No such document", "No document has the id 'x'. GET /v1/documents lists the ids."
)
METHOD_NOT_ALLOWED = ProblemKind(
    "method-not-allowed",
    405,
    "Method not allowed",
    "This address does not take PUT. The header Allow says what it takes.",
)
BODY_TOO_LARGE = ProblemKind(
    "body-too-large",
    413,
    "The body is too large",
    "The body has more than 65536 bytes. Send a shorter question or history.",
)
MEDIA_TYPE_UNSUPPORTED = ProblemKind(
    "media-type-unsupported",
    415,
    "The body is not said to be JSON",
    "The Content-Type is 'text/plain'. Send JSON with the header Content-Type: application/json.",
)
QUESTION_INVALID = ProblemKind(
    "question-invalid", 422, "The question cannot be asked", "The question is empty. Ask something in words."
)
REQUEST_INVALID = ProblemKind(
    "request-invalid",
    422,
    "The request is not as documented",
    "1 value is not as documented at /docs; 'errors' says which.",
)
INTERNAL = ProblemKind(
    "internal",
    500,
    "Something failed inside",
    "The server failed on this request. Its log tells why, under the request_id.",
)
ARCHIVE_MISSING = ProblemKind(
    "archive-missing", 503, "There is no archive", f"There is no archive at 'archive'. {_SYNC}"
)
ARCHIVE_EMPTY = ProblemKind(
    "archive-empty", 503, "The archive is empty", f"The archive at 'archive' holds no passage. {_SYNC}"
)
ARCHIVE_FORMAT = ProblemKind(
    "archive-format",
    503,
    "The archive is of another version",
    f"The archive at 'archive' has format 9, this version reads 1. {_SYNC}",
)
ARCHIVE_LOCKED = ProblemKind(
    "archive-locked",
    503,
    "The archive is being written",
    "Another process writes to the archive. Ask again in a moment.",
)
ARCHIVE_DAMAGED = ProblemKind(
    "archive-damaged",
    503,
    "The archive is damaged",
    "The archive's database is damaged. Restore a backup or sync anew.",
)
ARCHIVE_STORAGE = ProblemKind(
    "archive-storage",
    503,
    "The archive's folder cannot be used",
    "The folder 'archive' is not permitted. Check its owner.",
)
ARCHIVE_UNAVAILABLE = ProblemKind(
    "archive-unavailable", 503, "The archive cannot be used", "The archive at 'archive' cannot be read."
)
ENCODER_MISMATCH = ProblemKind(
    "encoder-mismatch", 503, "The archive is of another encoder", f"The archive was built with another encoder. {_SYNC}"
)
ENCODER_UNAVAILABLE = ProblemKind(
    "encoder-unavailable", 503, "The encoder cannot be loaded", "The encoder needs an extra. Install the extra."
)

PROBLEM_KINDS = (
    BODY_MALFORMED,
    ROUTE_UNKNOWN,
    DOCUMENT_UNKNOWN,
    METHOD_NOT_ALLOWED,
    BODY_TOO_LARGE,
    MEDIA_TYPE_UNSUPPORTED,
    QUESTION_INVALID,
    REQUEST_INVALID,
    INTERNAL,
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

_KIND_OF_ERROR: Mapping[type, ProblemKind] = {
    ArchiveDamagedError: ARCHIVE_DAMAGED,
    ArchiveEmptyError: ARCHIVE_EMPTY,
    ArchiveError: ARCHIVE_UNAVAILABLE,
    ArchiveFormatError: ARCHIVE_FORMAT,
    ArchiveLockedError: ARCHIVE_LOCKED,
    ArchiveMissingError: ARCHIVE_MISSING,
    EncoderError: ENCODER_UNAVAILABLE,
    EncoderMismatchError: ENCODER_MISMATCH,
    MediaTypeError: MEDIA_TYPE_UNSUPPORTED,
    QuestionError: QUESTION_INVALID,
    StorageError: ARCHIVE_STORAGE,
    UnknownDocumentError: DOCUMENT_UNKNOWN,
}


def kind_of(error: WenjuError) -> ProblemKind:
    """Say which kind of problem an error is: that of its nearest class; ``INTERNAL`` where none is laid down."""
    for ancestor in type(error).__mro__:
        if ancestor in _KIND_OF_ERROR:
            return _KIND_OF_ERROR[ancestor]
    return INTERNAL


def problem_response(
    kind: ProblemKind,
    detail: str,
    request_id: str,
    *,
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Give the answer to a request that failed."""
    problem = Problem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=encodable(detail),
        request_id=request_id,
        errors=list(errors),
    )
    content = problem.model_dump(exclude=None if errors else {"errors"})
    return JSONResponse(content, status_code=kind.status, headers=headers, media_type=PROBLEM_MEDIA_TYPE)


def encodable(text: str) -> str:
    """Give ``text`` with what UTF-8 cannot carry, as lone surrogates, written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
