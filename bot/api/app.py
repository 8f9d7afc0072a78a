"""The application: the routes, the archive behind them, and what stands around them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from bot.api.description import API_VERSION, DESCRIPTION, DescribedAPI
from bot.api.frame import MAX_BODY_BYTES, BodyLimit, RequestFrame
from bot.api.gate import ArchiveGate
from bot.api.handlers import add_handlers
from bot.api.routes import asking, documents, health, reference, searching
from bot.web import mount_web

__all__ = ["create_app"]


def create_app(
    archive_path: Path,
    *,
    encoder: str | None = None,
    cache: Path | None = None,
    max_body_bytes: int = MAX_BODY_BYTES,
) -> FastAPI:
    """Make the application over the archive at ``archive_path``; nothing is opened before it starts.

    The archive need not be there yet: until it is, requests that need it get status 503 with the cure.

    :param encoder: the encoder to ask for, as ``Archive.open`` takes it.
    :param cache: the folder of the unpacked encoder and dictionary, as ``Archive.open`` takes it.
    :param max_body_bytes: the size above which a request's body is refused.
    """
    gate = ArchiveGate(archive_path, encoder, cache)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(gate.warm_up)
        yield
        await run_in_threadpool(gate.close)

    app = DescribedAPI(
        title="Wenju (问据)",
        version=API_VERSION,
        summary="Ask an archive of documents and get the evidence.",
        description=DESCRIPTION,
        lifespan=lifespan,
        middleware=[Middleware(RequestFrame), Middleware(BodyLimit, limit=max_body_bytes)],
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    app.state.gate = gate
    add_handlers(app)
    for resource in (asking, searching, documents, health, reference):
        app.include_router(resource.router)
    mount_web(app)
    return app
