"""The ways from the routes to the archive and the state, which may come into being while the server runs."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from bot.state import State
from retrieval.archive import Archive
from retrieval.errors import WenjuError
from retrieval.types import BackendChoice

__all__ = ["PROBE", "ArchiveGate", "StateGate"]

PROBE = "株洲"
"""A query that any archive can be asked, to see that it can be searched; it need not find anything."""

_logger = logging.getLogger(__name__)
T = TypeVar("T", Archive, State)


class _Gate(Generic[T]):
    """Opens something once it can be opened, and keeps it open for all requests. Safe for threads."""

    def __init__(self) -> None:
        self._opened: T | None = None
        self._lock = threading.Lock()

    def _get(self, open_it: Callable[[], T]) -> T:
        with self._lock:
            if self._opened is None:
                self._opened = open_it()
            return self._opened

    @property
    def is_open(self) -> bool:
        """Tell whether it has been opened."""
        return self._opened is not None

    def close(self) -> None:
        """Close it if it is open; a later request opens it again."""
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()


class ArchiveGate(_Gate[Archive]):
    """The way to the archive at a path."""

    def __init__(
        self,
        path: Path,
        encoder: str | None = None,
        cache: Path | None = None,
        backend: BackendChoice | None = None,
        database: str | None = None,
    ) -> None:
        """Take note of where the archive is, and of what it is to be opened with; nothing is opened yet."""
        super().__init__()
        self._path = path
        self._encoder = encoder
        self._cache = cache
        self._backend = backend
        self._database = database

    @property
    def path(self) -> Path:
        """Give the folder in which the archive is looked for."""
        return self._path

    def archive(self, *, create: bool = False) -> Archive:
        """Give the open archive; opens it when it is not open yet.

        :param create: make an empty archive when there is none.
        :raises ArchiveError: when there is none, or it cannot be used.
        :raises EncoderError: when its encoder cannot be loaded.
        """
        return self._get(
            lambda: Archive.open(
                self._path,
                create=create,
                encoder=self._encoder,
                cache=self._cache,
                backend=self._backend,
                database=self._database,
            )
        )

    def warm_up(self) -> None:
        """Open the archive and load its indexes ahead of the first request; if that fails, log why and go on."""
        try:
            self.archive().search(PROBE, top=1)
            _logger.info("opened the archive at %s", self._path)
        except WenjuError as error:
            _logger.warning("the archive cannot be used yet, requests will get 503: %s", error)


class StateGate(_Gate[State]):
    """The way to the database of conversations, keys and jobs."""

    def __init__(self, address: str) -> None:
        """Take note of the database's address; nothing is opened yet."""
        super().__init__()
        self._address = address

    def state(self) -> State:
        """Give the open state; opens it when it is not open yet.

        :raises StateError: when it cannot be used.
        """
        return self._get(lambda: State.open(self._address))
