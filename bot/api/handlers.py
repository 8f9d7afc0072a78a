"""From an exception to the problem that the client is told."""

import logging
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from bot.api.frame import request_id_of
from bot.api.kinds import BODY_MALFORMED, INTERNAL, METHOD_NOT_ALLOWED, ORIGINAL_MISSING, REQUEST_INVALID, ROUTE_UNKNOWN
from bot.api.problems import RefusedError, encodable, kind_of, problem_response
from bot.api.schemas import Fault
from retrieval.errors import WenjuError

__all__ = ["add_handlers"]

_logger = logging.getLogger(__name__)
_MAX_FAULTS = 20
_MAX_FIELD_CHARACTERS = 200


def add_handlers(app: FastAPI) -> None:
    """Have every error of ``app`` told as a problem. What is not foreseen here is left to ``RequestFrame``."""
    app.add_exception_handler(WenjuError, _on_wenju_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)


async def _on_wenju_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, WenjuError):
        raise error
    kind = kind_of(error)
    if kind is INTERNAL:
        raise error
    if kind.status >= INTERNAL.status:
        _logger.warning("request %s: %s: %s", request_id_of(request.scope), kind.slug, error)
    if kind is ORIGINAL_MISSING:  # the library names the file's place on this machine
        return problem_response(request.scope, kind, kind.example)
    headers, param = (error.headers, error.param) if isinstance(error, RefusedError) else (None, "")
    return problem_response(request.scope, kind, str(error), headers=headers, param=param)


async def _on_validation_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    if any(fault["type"] == "json_invalid" for fault in found):
        return problem_response(request.scope, BODY_MALFORMED, BODY_MALFORMED.example)
    count = "1 value is" if len(found) == 1 else f"{len(found)} values are"
    detail = f"{count} not as documented at /docs; 'errors' says which."
    faults = [_fault(each) for each in found[:_MAX_FAULTS]]
    return problem_response(request.scope, REQUEST_INVALID, detail, errors=faults)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == ROUTE_UNKNOWN.status:
        return problem_response(request.scope, ROUTE_UNKNOWN, ROUTE_UNKNOWN.example)
    if error.status_code == METHOD_NOT_ALLOWED.status:
        detail = f"This address does not take {request.method[:20]}. The header Allow says what it takes."
        return problem_response(request.scope, METHOD_NOT_ALLOWED, detail, headers=error.headers)
    # FastAPI gives 400 for a body that is not UTF-8, nests too deep, or holds a number of too many digits.
    if error.status_code == BODY_MALFORMED.status:
        return problem_response(request.scope, BODY_MALFORMED, BODY_MALFORMED.example)
    raise error


def _fault(found: dict[str, Any]) -> Fault:
    where, *rest = (encodable(str(step)) for step in found["loc"])
    return Fault(where=where, field=".".join(rest)[:_MAX_FIELD_CHARACTERS], detail=encodable(str(found["msg"])))
