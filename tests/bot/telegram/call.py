from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from tests.bot.telegram.files import parse_multipart
from tests.bot.telegram.methods import bad_request
from tests.bot.telegram.transport import HttpRequest

__all__ = ["Call", "read_call"]


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in."""

    method: str
    parameters: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def read_call(method: str, request: HttpRequest) -> Call:
    """Read the parameters of a request, wherever they stand.

    :raises ApiError: if they are not in UTF-8.
    """
    try:
        if request.content_type.startswith("multipart/form-data"):
            texts, files = parse_multipart(request.content_type, request.body)
            return Call(method, {**request.parameters, **texts}, files)
        body = request.body.decode()
        texts = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body), errors="strict"))
    except UnicodeDecodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error
    return Call(method, {**request.parameters, **texts})
