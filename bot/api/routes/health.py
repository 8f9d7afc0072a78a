"""GET /healthz, /readyz and /metrics: whether the process lives, whether it can answer, and what it has done."""

from fastapi import APIRouter, Depends, Request, Response

from bot.api import schemas
from bot.api.callers import caller_of
from bot.api.deps import ArchiveDep, DeskDep, get_caller
from bot.api.description import ARCHIVE_PROBLEMS, problems
from bot.api.gate import PROBE
from bot.api.kinds import SCOPE_MISSING
from bot.api.problems import RefusedError
from bot.state import Scope
from retrieval.errors import WenjuError

__all__ = ["router"]

router = APIRouter(tags=["operation"])
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@router.get(
    "/healthz",
    operation_id="health",
    summary="Is the process alive?",
    response_description="It is.",
    responses=problems(guarded=False),
)
async def health() -> schemas.Health:
    """Tell that the process answers requests. Says nothing about the archive, and does not wait for it."""
    return schemas.Health()


@router.get(
    "/readyz",
    operation_id="readiness",
    summary="Can questions be answered?",
    description="Tells that the archive holds passages and can be searched; otherwise says why not, and what to do.",
    response_description="They can.",
    responses=problems(*ARCHIVE_PROBLEMS, guarded=False),
)
def readiness(archive: ArchiveDep) -> schemas.Readiness:
    """Search the archive, so that what "ready" says has been seen to be true."""
    archive.search(PROBE, top=1)
    info = archive.info()
    return schemas.Readiness(
        documents=info.documents, passages=info.passages, generation=info.generation, encoder=info.encoder
    )


@router.get(
    "/metrics",
    operation_id="metrics",
    summary="Counts for Prometheus",
    description="Gives the counts of requests, times and answers. Where keys are on it needs one with the scope admin.",
    response_class=Response,
    dependencies=[Depends(get_caller)],
    responses={
        200: {"description": "The counts.", "content": {"text/plain": {"schema": {"type": "string"}}}},
        **problems(),
    },
)
def metrics(request: Request, desk: DeskDep) -> Response:
    """Give the counts, of all processes of this server.

    :raises RefusedError: when keys are on and the request's is no admin's.
    """
    if desk.options.keys and not caller_of(request.scope).allows(Scope.ADMIN):
        raise RefusedError(SCOPE_MISSING)
    try:
        info = desk.archive_gate.archive().info()
    except WenjuError:
        info = None
    return Response(desk.metrics.render(info), media_type=_PROMETHEUS)
