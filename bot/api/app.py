"""The application: the routes, the archive and the state behind them, and what stands around them."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from bot.api.access import Access
from bot.api.description import API_VERSION, DESCRIPTION, DescribedAPI
from bot.api.desk import Desk
from bot.api.frame import RequestFrame
from bot.api.gate import ArchiveGate, StateGate
from bot.api.handlers import add_handlers
from bot.api.limits import BodyLimit
from bot.api.metrics import Metrics
from bot.api.options import ApiOptions
from bot.api.pool import QuestionPool
from bot.api.routes import asking, chat, conversations, documents, health, originals, reference, searching, uploads
from bot.api.uploads import Uploader
from bot.settings import Settings
from bot.state import StateError
from bot.web import mount_web
from retrieval.types import BackendChoice

__all__ = ["create_app"]

_MAX_THREADS = 8
_TIDY_SECONDS = 3600.0
_JOB_SECONDS = 7 * 86_400.0
_logger = logging.getLogger(__name__)


def create_app(
    archive_path: Path,
    *,
    encoder: str | None = None,
    cache: Path | None = None,
    backend: BackendChoice | None = None,
    database: str | None = None,
    state_address: str | None = None,
    options: ApiOptions | None = None,
) -> FastAPI:
    """Make the application over the archive at ``archive_path``; nothing is opened before it starts.

    The archive need not be there yet: until it is, requests that need it get status 503 with the cure.

    :param encoder: the encoder to ask for, as ``Archive.open`` takes it.
    :param cache: the folder of the unpacked encoder and dictionary, as ``Archive.open`` takes it.
    :param backend: where passages are searched, as ``Archive.open`` takes it.
    :param database: where the documents are, as ``Archive.open`` takes it.
    :param state_address: the database of conversations, keys and jobs, as ``State.open`` takes it; None for a file
        beside the archive.
    :param options: how clients are treated; None for a server that only its own machine reaches.
    """
    chosen = options or ApiOptions()
    archive = ArchiveGate(archive_path, encoder, cache, backend, database)
    state = StateGate(state_address or Settings(archive=archive_path).state_address)
    metrics = Metrics(chosen.metrics_folder)
    pool = QuestionPool(min(_MAX_THREADS, (os.cpu_count() or 1) + 2), chosen.max_waiting, chosen.question_seconds)
    desk = Desk(archive, state, pool, metrics, chosen)
    uploader = Uploader(archive, state)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(archive.warm_up)
        tidying = asyncio.create_task(_tidy(state, chosen))
        yield
        tidying.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await tidying
        for ended in (uploader, desk, archive, state):
            await run_in_threadpool(ended.close)

    app = DescribedAPI(
        title="Wenju (问据)",
        version=API_VERSION,
        summary="Ask an archive of documents and get the evidence.",
        description=DESCRIPTION,
        lifespan=lifespan,
        middleware=_middleware(chosen, state, metrics),
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    app.state.desk = desk
    app.state.uploader = uploader
    add_handlers(app)
    for resource in (asking, searching, documents, originals, uploads, conversations, chat, health, reference):
        app.include_router(resource.router)
    mount_web(app)
    return app


def _middleware(options: ApiOptions, state: StateGate, metrics: Metrics) -> list[Middleware]:
    """Give what stands around the routes, the outermost first."""
    around = [Middleware(RequestFrame, metrics=metrics)]
    if options.cors_origins:
        around.append(
            Middleware(
                CORSMiddleware,
                allow_origins=options.cors_origins,
                allow_methods=("GET", "POST", "DELETE"),
                allow_headers=("Authorization", "Content-Type", "X-API-Key", "X-Request-ID"),
                expose_headers=("Location", "Retry-After", "X-Request-ID"),
            )
        )
    return [*around, Middleware(Access, options=options, state=state), Middleware(BodyLimit, options=options)]


async def _tidy(state: StateGate, options: ApiOptions) -> None:
    """Delete old conversations and jobs every hour; where nothing is kept, nothing is opened for it."""
    while True:
        await asyncio.sleep(_TIDY_SECONDS)
        if not state.is_open:
            continue
        try:
            opened = await asyncio.to_thread(state.state)
            await asyncio.to_thread(opened.conversations.expire, options.conversation_days * 86_400.0)
            await asyncio.to_thread(opened.jobs.expire, _JOB_SECONDS)
        except StateError as error:
            _logger.warning("old conversations and jobs cannot be deleted: %s", error)
