"""POST /v1/documents, DELETE /v1/documents/{id} and GET /v1/jobs/{id}: changing the archive."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from bot.api import kinds, schemas
from bot.api.contents import iso_time
from bot.api.deps import ArchiveDep, CallerDep, StateDep, require_admin
from bot.api.description import ARCHIVE_PROBLEMS, problems
from bot.api.problems import RefusedError
from bot.api.routes.documents import DocumentId
from bot.api.uploads import Uploader
from bot.state import Job, JobStatus, UnknownJobError
from retrieval.errors import ArchiveLockedError

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["changes"], dependencies=[Depends(require_admin)])
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary", "description": "The file."}},
                }
            }
        },
    }
}
_JOB = {"headers": {"Location": {"description": "Where the job tells its progress.", "schema": {"type": "string"}}}}


@router.post(
    "/documents",
    operation_id="uploadDocument",
    summary="Upload a document",
    status_code=202,
    response_model=schemas.Job,
    response_description="The file was received and waits to be read: ask for the job until it is done.",
    openapi_extra=_FORM,
    responses={
        202: _JOB,
        201: {"model": schemas.Job, "description": "The document is in the archive.", **_JOB},
        **problems(
            kinds.BODY_MALFORMED,
            kinds.MEDIA_TYPE_UNSUPPORTED,
            kinds.ARCHIVE_BUSY,
            kinds.DOCUMENT_INVALID,
            kinds.OVERLOADED,
            *ARCHIVE_PROBLEMS,
        ),
    },
)
async def upload(request: Request, caller: CallerDep, response: Response) -> schemas.Job:
    """Take a file into the archive; one of the same name is replaced.

    Send it as multipart/form-data in the field "file". A small file is in the archive when the answer comes, with
    status 201; otherwise status 202 gives a job that tells how far it is. Uploads outlast the syncing of folders.
    """
    name, data = await _file(request)
    uploader: Uploader = request.app.state.uploader
    try:
        job = await uploader.take(name, data, caller.owner)
    except ArchiveLockedError as error:
        raise RefusedError(kinds.ARCHIVE_BUSY, str(error), wait=30) from error
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    if job.status is JobStatus.DONE:
        response.status_code = 201
    return _told(job)


@router.delete(
    "/documents/{document_id}",
    operation_id="deleteDocument",
    summary="Delete a document",
    description=(
        "Takes a document out of the archive, and of an upload the file too. A document of a folder that is synced "
        "comes back with the next sync unless its file is gone by then."
    ),
    status_code=204,
    response_description="The document is gone.",
    responses=problems(kinds.DOCUMENT_UNKNOWN, kinds.ARCHIVE_BUSY, kinds.REQUEST_INVALID, *ARCHIVE_PROBLEMS),
)
def delete_document(archive: ArchiveDep, document_id: DocumentId) -> None:
    """Take a document out of the archive, and of an upload the file too.

    A document of a folder that is synced comes back with the next sync unless its file is gone by then.

    :raises RefusedError: when another process goes on writing to the archive.
    """
    try:
        archive.remove(document_id)
    except ArchiveLockedError as error:
        raise RefusedError(kinds.ARCHIVE_BUSY, str(error), wait=30) from error


@router.get(
    "/jobs/{job_id}",
    operation_id="readJob",
    summary="How far is an upload?",
    description="Tells how far an upload is, and what came of it.",
    response_description="The job.",
    responses=problems(kinds.JOB_UNKNOWN, kinds.REQUEST_INVALID),
)
def read_job(
    state: StateDep, caller: CallerDep, job_id: Annotated[str, Path(max_length=40, description="The job's id.")]
) -> schemas.Job:
    """Tell how far an upload is, and what came of it.

    :raises UnknownJobError: when no job of this caller has the id.
    """
    job = state.jobs.get(job_id)
    if job.owner != caller.owner:
        raise UnknownJobError(f"no job has the id {job_id!r}: old ones are forgotten")
    return _told(job)


async def _file(request: Request) -> tuple[str, bytes]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "multipart/form-data":
        detail = f"The Content-Type is {media_type[:100]!r}. Send the file as multipart/form-data in the field 'file'."
        raise RefusedError(kinds.MEDIA_TYPE_UNSUPPORTED, detail)
    detail = "The body is not multipart/form-data with one file in the field 'file'."
    try:
        async with request.form(max_files=1, max_fields=10) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise RefusedError(kinds.BODY_MALFORMED, detail)
            return file.filename, await file.read()
    except (HTTPException, UnicodeDecodeError) as error:
        raise RefusedError(kinds.BODY_MALFORMED, detail) from error


def _told(job: Job) -> schemas.Job:
    return schemas.Job(
        id=job.id,
        kind="upload",
        name=job.name,
        status=job.status,
        done=job.done,
        total=job.total,
        document_id=job.document_id or None,
        error=job.error or None,
        created=iso_time(job.created),
        updated=iso_time(job.updated),
    )
