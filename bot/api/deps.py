"""What the routes are given: the open archive."""

from typing import Annotated

from fastapi import Depends, Request

from bot.api.gate import ArchiveGate
from bot.api.problems import MediaTypeError
from retrieval.archive import Archive

__all__ = ["ArchiveDep", "get_archive", "require_json"]


def get_archive(request: Request) -> Archive:
    """Give the open archive of the application that got this request.

    :raises ArchiveError: when there is none, or it cannot be used.
    """
    gate: ArchiveGate = request.app.state.gate
    return gate.archive()


ArchiveDep = Annotated[Archive, Depends(get_archive)]


async def require_json(request: Request) -> None:
    """Let a request pass when its body is said to be JSON.

    :raises MediaTypeError: when the header says otherwise or nothing.
    """
    content_type = request.headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type != "application/json":
        given = f"is {content_type[:100]!r}" if content_type else "is missing"
        raise MediaTypeError(f"The Content-Type {given}. Send JSON with the header Content-Type: application/json.")
