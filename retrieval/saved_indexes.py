from collections.abc import Callable, Iterator
from pathlib import Path

from retrieval.encoding import Encoder
from retrieval.errors import ArchiveDamagedError, ArchiveEmptyError, StorageError
from retrieval.index import DerivedFiles, FileRegistry, Shelf, Snapshot, StoreVersion
from retrieval.search import IndexBackend, Lexicon, LocalBackend, SearchIndexes
from retrieval.types import MILVUS, BackendChoice

__all__ = ["SavedIndexes"]

# What an archive that is searched in Milvus has in its folder: the embedded server's files, and what it made there.
_EMBEDDED = "milvus/embedded.db"
_REGISTRY = "milvus/collections"


class SavedIndexes:
    """What the states of an archive's contents are searched in: made once, saved in its folder or on a server."""

    def __init__(self, path: Path, lexicon: Lexicon, backend: BackendChoice, shelf: Shelf | None) -> None:
        """Save the indexes of the archive in the folder ``path``.

        :param backend: where its passages are searched.
        :param shelf: what other machines note of what the archive has on servers; None if there are no others.
        :raises BackendError: if the backend's address is none.
        """
        self._path = path
        self._lexicon = lexicon
        self._common_shelf = shelf
        self._shelf: Shelf | None = None
        self._backend = self._to_backend(backend)
        self._derived = DerivedFiles(path, recipe=self._backend.recipe)

    @property
    def is_remote(self) -> bool:
        """Whether what is searched lies outside of the archive's folder, where an update changes it for all readers."""
        return self._backend.is_remote

    @property
    def is_shared(self) -> bool:
        """Whether other machines search the same indexes, so that none may be changed into the next state's."""
        return self._shelf is not None

    def close(self) -> None:
        """Let go of connections."""
        self._backend.close()
        if self._common_shelf is not None:
            self._common_shelf.close()

    def use_backend(self, choice: BackendChoice) -> IndexBackend:
        """Make and look for indexes elsewhere from now on; give the backend of before, still open.

        :raises BackendError: if the backend's address is none.
        """
        before, self._backend = self._backend, self._to_backend(choice)
        self._derived = DerivedFiles(self._path, recipe=self._backend.recipe)
        return before

    def load(self, snapshot: Snapshot, version: StoreVersion) -> SearchIndexes | None:
        """Open the indexes of a version, None if they are not there, whole and readable."""
        folder = self._derived.load(version)
        if folder is None and self._shelf is not None:
            parts = self._shelf.parts(version, self._backend.recipe)
            folder = self._derived.save(version, parts) if parts else None
        return self._open(folder, snapshot) if folder is not None else None

    def make(
        self, snapshot: Snapshot, encoder: Encoder, earlier: SearchIndexes | None, still_wanted: Callable[[], bool]
    ) -> SearchIndexes:
        """Make the indexes of a state, from ``earlier`` ones of the same line, and save them if ``still_wanted``.

        :raises ArchiveEmptyError: if there is no passage.
        """
        if not snapshot.passage_count():
            raise ArchiveEmptyError(f"the archive at {self._path} holds no document; add some with: wenju sync PATH…")
        with self._derived.workshop() as workshop:
            indexes = self._backend.make(snapshot, encoder, earlier, workshop)
            # A newer one must not get older company, which may hold what was removed.
            if not still_wanted():
                return indexes
            try:
                saved = self._derived.save(snapshot.version, indexes.parts())
            except (StorageError, ArchiveDamagedError):
                # A read-only archive, one on a full disk, or one whose files vanish meanwhile, is searched from memory.
                return indexes
            if self._shelf is not None:
                self._shelf.put(snapshot.version, self._backend.recipe, saved)
        return self._open(saved, snapshot) or indexes

    def remove(self, version: StoreVersion) -> None:
        """Remove the files that a version is searched in."""
        self._derived.remove(version)

    def remove_all(self) -> None:
        """Remove the indexes of all versions, wherever they are.

        :raises BackendError: if what holds them cannot be reached.
        """
        self._backend.settle(None)
        self._derived.remove_all()

    def replace_here(self, version: StoreVersion, indexes: SearchIndexes) -> None:
        """Remove what this machine has of other versions than the one of these indexes.

        :raises BackendError: if what holds them cannot be reached.
        """
        self._derived.remove_others(version)
        if self._shelf is None:
            self._backend.settle(indexes)

    def replace_everywhere(self, version: StoreVersion) -> None:
        """Remove the files of other versions than this one, and what the other machines would make theirs from."""
        self._derived.remove_others(version)
        if self._shelf is not None:
            self._shelf.remove_others(version)

    def settle(self, indexes: SearchIndexes | None) -> None:
        """Remove from outside of the archive's folder what is no part of these indexes.

        :raises BackendError: if that cannot be reached.
        """
        self._backend.settle(indexes)

    def problems(self, indexes: SearchIndexes) -> Iterator[str]:
        """Give what is wrong with indexes outside of the archive's folder.

        :raises BackendError: if that cannot be reached.
        """
        yield from self._backend.problems(indexes)

    def _to_backend(self, choice: BackendChoice) -> IndexBackend:
        self._shelf = None
        if choice.name != MILVUS:
            return LocalBackend(self._lexicon)
        # Most archives are searched in their folder; nobody else pays for these modules.
        from retrieval.index.milvus import MilvusServer
        from retrieval.search.remote_backend import RemoteBackend

        server = MilvusServer(choice.uri or str(self._path / _EMBEDDED), choice.token)
        # Of what is embedded in the process other machines have their own.
        self._shelf = None if server.is_embedded else self._common_shelf
        return RemoteBackend(server, self._shelf or FileRegistry(self._path / _REGISTRY), self._lexicon)

    def _open(self, folder: Path, snapshot: Snapshot) -> SearchIndexes | None:
        try:
            return self._backend.load(folder, snapshot)
        except ArchiveDamagedError:
            # Another process may have removed them just now; the store has all that they are made from.
            return None
