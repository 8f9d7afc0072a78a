"""The kinds of problems that the API tells, one for each cause."""

from dataclasses import dataclass

__all__ = [
    "ARCHIVE_BUSY",
    "ARCHIVE_DAMAGED",
    "ARCHIVE_EMPTY",
    "ARCHIVE_FORMAT",
    "ARCHIVE_LOCKED",
    "ARCHIVE_MISSING",
    "ARCHIVE_STORAGE",
    "ARCHIVE_UNAVAILABLE",
    "BODY_MALFORMED",
    "BODY_TOO_LARGE",
    "BODY_TOO_SLOW",
    "CONVERSATION_UNKNOWN",
    "DOCUMENT_INVALID",
    "DOCUMENT_UNKNOWN",
    "ENCODER_MISMATCH",
    "ENCODER_UNAVAILABLE",
    "EXTRA_MISSING",
    "FILTER_INVALID",
    "HOST_REFUSED",
    "INTERNAL",
    "JOB_UNKNOWN",
    "KEY_INVALID",
    "KEY_MISSING",
    "MEDIA_TYPE_UNSUPPORTED",
    "METHOD_NOT_ALLOWED",
    "MODEL_UNKNOWN",
    "ORIGINAL_MISSING",
    "ORIGIN_REFUSED",
    "OVERLOADED",
    "PASSAGE_UNKNOWN",
    "PROBLEM_KINDS",
    "QUESTION_INVALID",
    "QUESTION_TIMEOUT",
    "RATE_LIMITED",
    "REQUEST_INVALID",
    "ROUTE_UNKNOWN",
    "SCOPE_MISSING",
    "STATE_UNAVAILABLE",
    "ProblemKind",
]


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


_SYNC = "Build it with: wenju sync PATH"
BODY_MALFORMED = ProblemKind(
    "body-malformed", 400, "The body cannot be read", "The body is not readable as JSON in UTF-8. Send one JSON object."
)
ROUTE_UNKNOWN = ProblemKind(
    "route-unknown", 404, "No such address", "Nothing is at this address. The addresses are listed at /docs."
)
DOCUMENT_UNKNOWN = ProblemKind(
    "document-unknown", 404, "No such document", "No document has the id 'x'. GET /v1/documents lists the ids."
)
PASSAGE_UNKNOWN = ProblemKind(
    "passage-unknown",
    404,
    "No passage stands there",
    "No passage of the document stands at these spans. Take them from an answer to a question asked again.",
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
    "The body is of another media type",
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
    "The archive's folder or database cannot be used",
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

EXTRA_MISSING = ProblemKind(
    "extra-missing",
    503,
    "A package is not installed",
    "The server lacks the package that this needs. The operator installs the extra 'documents'.",
)

HOST_REFUSED = ProblemKind(
    "host-refused",
    421,
    "The server is for this machine only",
    "The request names the host 'archive.example'. If a proxy sends it, name the host in WENJU_ALLOWED_HOSTS.",
)
ORIGIN_REFUSED = ProblemKind(
    "origin-refused",
    403,
    "Another site's page may not do this",
    "The request comes from a page of 'https://other.example'. Name it in WENJU_CORS_ORIGINS to let it.",
)
KEY_MISSING = ProblemKind(
    "key-missing",
    401,
    "An API key is needed",
    "Send a key as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'. The operator makes one with wenju keys create.",
)
KEY_INVALID = ProblemKind(
    "key-invalid",
    401,
    "The API key is not valid",
    "The key is not known here, or was revoked. Send another, or ask the operator for one.",
)
SCOPE_MISSING = ProblemKind(
    "scope-missing",
    403,
    "The API key does not allow this",
    "This needs a key with the scope admin. The operator makes one with wenju keys create --scope admin.",
)
RATE_LIMITED = ProblemKind(
    "rate-limited", 429, "Too many requests", "The limit is 300 requests a minute. Send the next one after 2 seconds."
)
BODY_TOO_SLOW = ProblemKind(
    "body-too-slow", 408, "The body came too slowly", "The body did not arrive within 30 seconds. Send it at once."
)
CONVERSATION_UNKNOWN = ProblemKind(
    "conversation-unknown",
    404,
    "No such conversation",
    "No conversation has the id 'x'. Begin one with POST /v1/conversations; old ones expire.",
)
MODEL_UNKNOWN = ProblemKind(
    "model-unknown", 404, "No such model", "The model 'gpt-4' does not exist here. GET /v1/models lists what does."
)
JOB_UNKNOWN = ProblemKind("job-unknown", 404, "No such job", "No job has the id 'x'. Old ones are forgotten.")
ORIGINAL_MISSING = ProblemKind(
    "original-missing",
    404,
    "The file or page is not there",
    "The file that the document was read from is gone, or has no such page. Its text is kept all the same.",
)
ARCHIVE_BUSY = ProblemKind(
    "archive-busy",
    409,
    "The archive is being changed",
    "Process 7 is writing to the archive. Send the file again later.",
)
DOCUMENT_INVALID = ProblemKind(
    "document-invalid", 422, "The file cannot be read", "notes.xyz is of no format that is known. Send another file."
)
FILTER_INVALID = ProblemKind(
    "filter-invalid",
    422,
    "The filter can never be right",
    "since is 'May': write a date as 2022, 2022-05 or 2022-05-01",
)
OVERLOADED = ProblemKind(
    "overloaded", 503, "Too many questions wait", "256 questions wait for an answer. Ask again in a moment."
)
QUESTION_TIMEOUT = ProblemKind(
    "question-timeout",
    504,
    "The answer took too long",
    "No answer was found within 30 seconds. Ask something narrower.",
)
STATE_UNAVAILABLE = ProblemKind(
    "state-unavailable",
    503,
    "The state database cannot be used",
    "The state database cannot be written. The operator checks WENJU_STATE_URL.",
)

# All of the above, in the order of their status.
PROBLEM_KINDS = tuple(
    sorted((kind for kind in tuple(globals().values()) if isinstance(kind, ProblemKind)), key=lambda kind: kind.status)
)
