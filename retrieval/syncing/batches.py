import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from retrieval.index import Writer

__all__ = ["Batches", "Writing"]

Writing = Callable[[], AbstractContextManager[Writer]]
"""Lends a writer; what it did is kept, and ready to be searched, when the block ends."""

# Each commit makes the indexes ready for the new state, so that none comes before the work since the last one has taken
# this many times as long as that did; the rest is what is lost when a sync is killed.
_WORK_TO_COMMIT = 8.0
_FIRST_SECONDS = 2.0


class Batches:
    """Writes a long run of changes in several transactions, each begun with its first change."""

    def __init__(self, writing: Writing) -> None:
        """Write through ``writing``."""
        self._writing = writing
        self._open: ExitStack | None = None
        self._writer: Writer | None = None
        self._began = 0.0
        self._wait = _FIRST_SECONDS

    def __enter__(self) -> "Batches":
        """Begin; leaving the block commits, or undoes what was not committed if it raises."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Commit, or undo."""
        if kind is None:
            self.commit()
        elif self._open is not None:
            self._open.__exit__(*sys.exc_info())

    def writer(self) -> Writer:
        """Give the writer of the transaction that is open now."""
        if self._writer is None:
            self._open = ExitStack()
            self._writer = self._open.enter_context(self._writing())
            self._began = time.monotonic()
        return self._writer

    @property
    def is_due(self) -> bool:
        """Whether enough was done to be worth a commit."""
        return self._writer is not None and time.monotonic() - self._began >= self._wait

    def commit(self) -> None:
        """Keep what was done so far for good; nothing happens if nothing was."""
        if self._open is not None:
            opened, self._open, self._writer = self._open, None, None
            began = time.monotonic()
            opened.close()
            self._wait = max(_FIRST_SECONDS, _WORK_TO_COMMIT * (time.monotonic() - began))
