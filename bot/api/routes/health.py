"""GET /healthz and GET /readyz: whether the process lives, and whether it can answer."""

from fastapi import APIRouter

from bot.api import schemas
from bot.api.deps import ArchiveDep
from bot.api.description import ARCHIVE_PROBLEMS, problems
from bot.api.gate import PROBE

__all__ = ["router"]

router = APIRouter(tags=["operation"])


@router.get(
    "/healthz",
    operation_id="health",
    summary="Is the process alive?",
    response_description="It is.",
    responses=problems(),
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
    responses=problems(*ARCHIVE_PROBLEMS),
)
def readiness(archive: ArchiveDep) -> schemas.Readiness:
    """Search the archive, so that what "ready" says has been seen to be true."""
    archive.search(PROBE, top=1)
    info = archive.info()
    return schemas.Readiness(
        documents=info.documents, passages=info.passages, generation=info.generation, encoder=info.encoder
    )
