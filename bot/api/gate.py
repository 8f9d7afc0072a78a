"""The way from the routes to the archive, which may come into being while the server runs."""

import logging
import threading
from pathlib import Path

from retrieval.archive import Archive
from retrieval.errors import WenjuError

__all__ = ["PROBE", "ArchiveGate"]

PROBE = "株洲"
"""A query that any archive can be asked, to see that it can be searched; it need not find anything."""

_logger = logging.getLogger(__name__)


class ArchiveGate:
    """Opens the archive at a path once it is there, and keeps it open for all requests. Safe for threads."""

    def __init__(self, path: Path, encoder: str | None = None, cache: Path | None = None) -> None:
        """Take note of where the archive is, and of the encoder and cache to open it with; nothing is opened yet."""
        self._path = path
        self._encoder = encoder
        self._cache = cache
        self._archive: Archive | None = None
        self._lock = threading.Lock()

    @property
    def path(self) -> Path:
        """Give the folder in which the archive is looked for."""
        return self._path

    def archive(self) -> Archive:
        """Give the open archive; opens it when it is not open yet.

        :raises ArchiveError: when there is none, or it cannot be used.
        :raises EncoderError: when its encoder cannot be loaded.
        """
        with self._lock:
            if self._archive is None:
                self._archive = Archive.open(self._path, encoder=self._encoder, cache=self._cache)
                _logger.info("opened the archive at %s", self._path)
            return self._archive

    def warm_up(self) -> None:
        """Open the archive and load its indexes ahead of the first request; if that fails, log why and go on."""
        try:
            self.archive().search(PROBE, top=1)
        except WenjuError as error:
            _logger.warning("the archive cannot be used yet, requests will get 503: %s", error)

    def close(self) -> None:
        """Close the archive if it is open; a later request opens it again."""
        with self._lock:
            archive, self._archive = self._archive, None
        if archive is not None:
            archive.close()
