"""Where an archive's passages are searched: in files of its folder, or elsewhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from retrieval.encoding import Encoder
from retrieval.index import Snapshot
from retrieval.search.building import IndexBuilder
from retrieval.search.indexes import RECIPE, Indexes
from retrieval.search.lexicon import Lexicon
from retrieval.search.protocol import SearchIndexes

__all__ = ["IndexBackend", "LocalBackend"]


class IndexBackend(Protocol):
    """Makes the indexes of one archive, opens them, and removes what no state needs any more."""

    @property
    def recipe(self) -> str:
        """What the indexes' files depend on beside the contents."""

    @property
    def is_remote(self) -> bool:
        """Whether what is searched lies outside of the archive's folder, where an update changes it for all readers."""

    def load(self, folder: Path, snapshot: Snapshot) -> SearchIndexes:
        """Open saved indexes.

        :raises ArchiveDamagedError: if files are missing or damaged.
        """

    def make(
        self, snapshot: Snapshot, encoder: Encoder, earlier: SearchIndexes | None, workshop: Path | None
    ) -> SearchIndexes:
        """Index contents, from ``earlier`` indexes where these are of the same line.

        :raises BackendError: if what is to hold them cannot be reached.
        """

    def settle(self, indexes: SearchIndexes | None) -> None:
        """Remove what only other states than that of ``indexes`` need, and all where it is None.

        :raises BackendError: if what holds it cannot be reached.
        """

    def problems(self, indexes: SearchIndexes) -> Iterator[str]:
        """Give what is wrong with indexes beside their files.

        :raises BackendError: if what holds them cannot be reached.
        """

    def close(self) -> None:
        """Let go of connections."""


class LocalBackend:
    """All in files of the archive's folder."""

    recipe = RECIPE
    is_remote = False

    def __init__(self, lexicon: Lexicon) -> None:
        """Cut names with ``lexicon``."""
        self._lexicon = lexicon

    def load(self, folder: Path, snapshot: Snapshot) -> SearchIndexes:
        """Open saved indexes.

        :raises ArchiveDamagedError: if files are missing or damaged.
        """
        return Indexes.load(folder, snapshot.dimension)

    def make(
        self, snapshot: Snapshot, encoder: Encoder, earlier: SearchIndexes | None, workshop: Path | None
    ) -> SearchIndexes:
        """Index contents, from ``earlier`` indexes where these are of the same line."""
        builder = IndexBuilder(snapshot, encoder, self._lexicon.pinyin, workshop)
        grown = builder.grown(earlier) if isinstance(earlier, Indexes) else None
        return grown or builder.build()

    def settle(self, indexes: SearchIndexes | None) -> None:
        """Do nothing: whoever keeps the files removes them."""

    def problems(self, indexes: SearchIndexes) -> Iterator[str]:  # noqa: ARG002 - as IndexBackend has it
        """Give nothing: whoever keeps the files has checked them."""
        yield from ()

    def close(self) -> None:
        """Do nothing."""
