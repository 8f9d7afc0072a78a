"""What the routes are given: the archive, the state, who asks and who answers."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from bot.api.callers import Caller, caller_of
from bot.api.desk import Desk
from bot.api.kinds import MEDIA_TYPE_UNSUPPORTED, SCOPE_MISSING
from bot.api.problems import RefusedError
from bot.state import Scope, State
from retrieval.archive import Archive

__all__ = [
    "ArchiveDep",
    "CallerDep",
    "DeskDep",
    "StateDep",
    "get_archive",
    "get_caller",
    "get_desk",
    "get_state",
    "require_admin",
    "require_ask",
    "require_json",
]

_HOW = "An API key, made with wenju keys create; needed only where the operator has keys on."
_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", description=_HOW)
_header = APIKeyHeader(name="X-API-Key", auto_error=False, scheme_name="header", description=_HOW)


def get_desk(request: Request) -> Desk:
    """Give the desk of the application that got this request."""
    desk: Desk = request.app.state.desk
    return desk


def get_archive(request: Request) -> Archive:
    """Give the open archive of the application that got this request.

    :raises ArchiveError: when there is none, or it cannot be used.
    """
    return get_desk(request).archive_gate.archive()


def get_state(request: Request) -> State:
    """Give the open state of the application that got this request.

    :raises StateError: when it cannot be used.
    """
    return get_desk(request).state_gate.state()


def get_caller(request: Request) -> Caller:
    """Give who sent this request."""
    return caller_of(request.scope)


ArchiveDep = Annotated[Archive, Depends(get_archive)]
CallerDep = Annotated[Caller, Depends(get_caller)]
DeskDep = Annotated[Desk, Depends(get_desk)]
StateDep = Annotated[State, Depends(get_state)]
# ``Access`` has read the key by then; these two put it into the OpenAPI document.
_BearerDep = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
_HeaderDep = Annotated[str | None, Security(_header)]


async def require_ask(caller: CallerDep, _bearer_key: _BearerDep, _header_key: _HeaderDep) -> None:
    """Let a request pass whose key may ask and read.

    :raises RefusedError: when it may not.
    """
    _require(caller, Scope.ASK)


async def require_admin(caller: CallerDep, _bearer_key: _BearerDep, _header_key: _HeaderDep) -> None:
    """Let a request pass whose key may change the archive.

    :raises RefusedError: when it may not.
    """
    _require(caller, Scope.ADMIN)


async def require_json(request: Request) -> None:
    """Let a request pass when its body is said to be JSON.

    :raises RefusedError: when the header says otherwise or nothing.
    """
    content_type = request.headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type != "application/json":
        given = f"is {content_type[:100]!r}" if content_type else "is missing"
        detail = f"The Content-Type {given}. Send JSON with the header Content-Type: application/json."
        raise RefusedError(MEDIA_TYPE_UNSUPPORTED, detail)


def _require(caller: Caller, scope: Scope) -> None:
    if not caller.allows(scope):
        detail = (
            f"This needs a key with the scope {scope}. The operator makes one with wenju keys create --scope {scope}."
        )
        raise RefusedError(SCOPE_MISSING, detail)
