import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from bot.api.gate import ArchiveGate, StateGate
from bot.api.kinds import OVERLOADED
from bot.api.problems import RefusedError
from bot.state import Job
from retrieval.errors import WenjuError

__all__ = ["UPLOAD_STEPS", "Uploader"]

UPLOAD_STEPS = 2
"""Received, and read into the archive."""
_MOST_WAITING = 4
_PROMPT_SECONDS = 2.0
"""A small file is in the archive by then, and its client need not ask again."""
_logger = logging.getLogger(__name__)


class Uploader:
    """Takes files into the archive, one after the other, while questions are answered."""

    def __init__(self, archive: ArchiveGate, state: StateGate) -> None:
        """Take files into ``archive``."""
        self._archive = archive
        self._state = state
        self._executor = ThreadPoolExecutor(1, "upload")
        self._begun = 0

    async def take(self, name: str, data: bytes, owner: str) -> Job:
        """Begin to take a file in; come back when that is done, or after a moment.

        :raises RefusedError: if too many files wait.
        :raises WenjuError: if the file cannot be taken in, and that is known at once.
        """
        if self._begun > _MOST_WAITING:
            raise RefusedError(OVERLOADED, f"{self._begun} files wait. Send this one again in a minute.", wait=30)
        self._begun += 1
        try:
            jobs = (await asyncio.to_thread(self._state.state)).jobs
            job = await asyncio.to_thread(jobs.create, "upload", name, owner, UPLOAD_STEPS)
        except BaseException:
            self._begun -= 1
            raise
        future = asyncio.get_running_loop().run_in_executor(self._executor, self._work, job, name, data)
        future.add_done_callback(self._ended)
        done, _ = await asyncio.wait({future}, timeout=_PROMPT_SECONDS)
        if done:
            future.result()
        return await asyncio.to_thread(jobs.get, job.id)

    def close(self) -> None:
        """Finish the file that is being taken in, and leave those that wait."""
        self._executor.shutdown(cancel_futures=True)

    def _work(self, job: Job, name: str, data: bytes) -> None:
        # Reading files takes a quarter of a second to import, and many servers are never sent one.
        from retrieval.reading import document_id

        jobs = self._state.state().jobs
        try:
            jobs.advance(job.id, 1)
            archive = self._archive.archive(create=True)
            report = archive.add(name, data)
            # The name under which it is kept: characters that a file system may refuse are replaced.
            (source,) = (*report.added, *report.changed, *report.unchanged)
            jobs.finish(job.id, document_id(source))
        except WenjuError as error:
            jobs.fail(job.id, str(error))
            raise
        except Exception:  # a job is never left running: whoever asks for it would wait without end
            _logger.exception("job %s failed", job.id)
            jobs.fail(job.id, "the server failed on this file; its log tells why, under the job's id")
            raise

    def _ended(self, future: "asyncio.Future[None]") -> None:
        self._begun -= 1
        if not future.cancelled():
            future.exception()  # the job tells it to whoever asks
