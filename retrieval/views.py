from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from retrieval.engine import Engine
from retrieval.errors import BackendError
from retrieval.index import Snapshot, Store
from retrieval.search import Searcher

__all__ = ["View", "Views"]

# How often a question is asked again when the contents change meanwhile; each time takes as long as a question.
_MOST_TRIES = 5
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class View:
    """One state of an archive's contents, and the searcher over it."""

    snapshot: Snapshot
    searcher: Searcher


@dataclass(frozen=True, slots=True)
class Views:
    """Lends the states that an archive's contents are in, each whole while others write."""

    store: Store
    engine: Engine

    @contextmanager
    def lend(self) -> Iterator[View]:
        """Lend the state of this moment.

        :raises ArchiveEmptyError: if the archive holds no passage.
        """
        while True:
            with self.store.snapshot() as snapshot:
                searcher = self.engine.searcher(snapshot, lambda: self.store.version)
                # Otherwise another process has just replaced this state by a newer one.
                if searcher is not None:
                    yield View(snapshot, searcher)
                    return

    def whole(self, work: Callable[[View], _Result]) -> _Result:
        """Do work on one state of the contents, and again where a remote backend may have lost some of it meanwhile.

        What a state has given up is removed there once the next one is committed, though a question of the earlier
        one may still look for it.

        :raises ArchiveEmptyError: if the archive holds no passage.
        :raises BackendError: if the backend does not answer.
        """
        tries = 0
        while True:
            tries += 1
            with self.lend() as view:
                try:
                    result = work(view)
                except BackendError:
                    if tries >= _MOST_TRIES or self.store.version == view.snapshot.version:
                        raise
                    continue
                if tries >= _MOST_TRIES or not self.engine.is_remote:
                    return result
                if self.store.version == view.snapshot.version:
                    return result
