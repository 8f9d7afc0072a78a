import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.state.database import Database
from bot.state.errors import UnknownJobError
from bot.state.tables import jobs

__all__ = ["Job", "JobStatus", "Jobs"]

_LOST_AFTER = 900.0
"""Seconds without a sign after which a job's process is taken for dead."""
_LOST = "the process that did it has ended: send the file again"


class JobStatus(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """Long work that a request began: ``done`` of ``total`` steps, and what came of it."""

    id: str
    owner: str
    kind: str
    name: str
    status: JobStatus
    done: int
    total: int
    document_id: str
    error: str
    created: float
    updated: float


class Jobs:
    """The jobs, seen by all processes. Each method may raise StateError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        """Keep jobs in ``database``."""
        self._database = database
        self._clock = clock

    def create(self, kind: str, name: str, owner: str = "", total: int = 1) -> Job:
        """Take note of work to be done."""
        now = self._clock()
        job = Job(secrets.token_urlsafe(16), owner, kind, name, JobStatus.QUEUED, 0, total, "", "", now, now)
        with self._database.writing() as connection:
            connection.execute(
                insert(jobs).values(
                    id=job.id,
                    owner=owner,
                    kind=kind,
                    name=name,
                    status=job.status.value,
                    done=0,
                    total=total,
                    document_id="",
                    error="",
                    created=now,
                    updated=now,
                )
            )
        return job

    def advance(self, job_id: str, done: int) -> None:
        """Take note that the work runs, and of how many steps are done."""
        self._change(job_id, status=JobStatus.RUNNING.value, done=done)

    def finish(self, job_id: str, document_id: str = "") -> None:
        """Take note that the work is done."""
        self._change(job_id, status=JobStatus.DONE.value, done=jobs.c.total, document_id=document_id)

    def fail(self, job_id: str, error: str) -> None:
        """Take note that the work failed, and why, in words for the client."""
        self._change(job_id, status=JobStatus.FAILED.value, error=error)

    def get(self, job_id: str) -> Job:
        """Give a job. One that has given no sign for long has failed.

        :raises UnknownJobError: if no job has the id.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).first()
        if row is None:
            raise UnknownJobError(f"no job has the id {job_id[:40]!r}: old ones are forgotten")
        return self._job(row)

    def expire(self, seconds: float) -> int:
        """Forget the jobs that nothing has happened to for so long; tell how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(jobs).where(jobs.c.updated < self._clock() - seconds)).rowcount

    def _change(self, job_id: str, **values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(updated=self._clock(), **values))

    def _job(self, row: Row[Any]) -> Job:
        status, error = JobStatus(row.status), row.error
        unfinished = status in (JobStatus.QUEUED, JobStatus.RUNNING)
        if unfinished and self._clock() - row.updated > _LOST_AFTER:
            status, error = JobStatus.FAILED, _LOST
        return Job(
            row.id,
            row.owner,
            row.kind,
            row.name,
            status,
            row.done,
            row.total,
            row.document_id,
            error,
            row.created,
            row.updated,
        )
