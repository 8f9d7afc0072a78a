from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

from retrieval.index.protocol import Snapshot, Writer
from retrieval.index.records import KnownFile, StoreVersion, VectorBlock
from retrieval.index.registry import Shelf
from retrieval.index.uploads import Uploads
from retrieval.types import Document, DocumentInfo, Passage

__all__ = ["Store", "StoreHome"]

_Own = TypeVar("_Own", bound="Store")


class Store(ABC):
    """The archive's truth: documents, passages and vectors in one database.

    Any thread may read and write. Readers wait for nobody; writers come one after the other. What a finished
    ``writing`` block wrote outlives the process and the power. Every method can raise ``ArchiveDamagedError``,
    ``StorageError``, and ``ArchiveError`` after ``close``.
    """

    def __enter__(self: _Own) -> _Own:
        """Give the store itself; leaving the block closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    @property
    @abstractmethod
    def path(self) -> Path:
        """The folder of the archive's files on this machine."""

    @property
    @abstractmethod
    def uploads(self) -> Uploads:
        """The files that were given to the archive itself."""

    @property
    @abstractmethod
    def is_shared(self) -> bool:
        """Whether processes with other folders use the same contents."""

    @abstractmethod
    def close(self) -> None:
        """Close all connections; those that another thread is using close when it is done."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Lend a view in which generation, documents, passages and vectors belong together.

        A view that stays open for long keeps the database from reusing what others replace meanwhile.
        """

    @abstractmethod
    def writing(self, before_commit: Callable[[Snapshot], None] | None = None) -> AbstractContextManager[Writer]:
        """Lend a writer; all that it did is kept when the block ends, and none of it when the block raises.

        :param before_commit: called with the contents as they are going to be, if they have changed: what it makes from
            them is there when the first reader sees them.
        :raises ArchiveLockedError: if another writer does not finish within five seconds.
        :raises StorageError: if the store was opened for reading only, or the disk is full or read-only.
        """

    @abstractmethod
    def lock(self, patience: float = 0.0) -> AbstractContextManager[object]:
        """Keep other processes from changing the archive for the length of the block.

        :param patience: for how many seconds to wait for whoever has the lock.
        :raises ArchiveLockedError: if another process, or another block of this one, has it.
        :raises StorageError: if it cannot be taken.
        """

    @abstractmethod
    def fold(self) -> None:
        """Give back the room of what was removed, as far as no reader needs it yet."""

    @abstractmethod
    def compact(self) -> None:
        """Write the database anew without what was removed; hold the lock meanwhile.

        :raises ArchiveLockedError: if others go on reading for five seconds.
        :raises StorageError: if the disk is full or read-only.
        """

    @abstractmethod
    def backup(self, path: Path) -> None:
        """Copy the store, as it is at one moment, into the folder ``path``; others may write meanwhile.

        :raises StorageError: if ``path`` has a store already, or cannot be written.
        """

    @property
    def version(self) -> StoreVersion:
        """Which state of the contents this is."""
        with self.snapshot() as snapshot:
            return snapshot.version

    @property
    def generation(self) -> int:
        """How many committed transactions have changed the contents."""
        return self.version.generation

    @property
    def encoder(self) -> str:
        """The name of the encoder that made the vectors."""
        with self.snapshot() as snapshot:
            return snapshot.encoder

    @property
    def backend(self) -> str:
        """Where its passages are searched."""
        with self.snapshot() as snapshot:
            return snapshot.backend

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        with self.snapshot() as snapshot:
            return snapshot.dimension

    def documents(self) -> list[DocumentInfo]:
        """List the documents, sorted by source."""
        with self.snapshot() as snapshot:
            return snapshot.documents()

    def document(self, document_id: str) -> Document:
        """Give a document with its text.

        :raises UnknownDocumentError: if there is none of this id.
        """
        with self.snapshot() as snapshot:
            return snapshot.document(document_id)

    def files(self) -> Mapping[str, KnownFile]:
        """Give each source's file as it was read, for telling which have changed."""
        with self.snapshot() as snapshot:
            return snapshot.files()

    def passage(self, passage_id: int) -> Passage:
        """Give one passage.

        :raises UnknownDocumentError: if there is none of this id.
        """
        with self.snapshot() as snapshot:
            return snapshot.passage(passage_id)

    def passages(self, passage_ids: Sequence[int]) -> list[Passage]:
        """Give passages in the order of ``passage_ids``.

        :raises UnknownDocumentError: if there is none of one of these ids.
        """
        with self.snapshot() as snapshot:
            return snapshot.passages(passage_ids)

    def iter_passages(self) -> Iterator[Passage]:
        """Give all passages by ascending id, all from one moment."""
        with self.snapshot() as snapshot:
            yield from snapshot.iter_passages()

    def vectors(self) -> Iterator[VectorBlock]:
        """Give all vectors in blocks ordered by (passage id, unit), all from one moment."""
        with self.snapshot() as snapshot:
            yield from snapshot.vectors()

    def check(self) -> None:
        """Look through the whole database; takes seconds on a large one.

        :raises ArchiveDamagedError: if anything is wrong.
        """
        with self.snapshot() as snapshot:
            snapshot.check()


class StoreHome(Protocol):
    """Where a store is or is going to be: a folder, or a schema of a PostgreSQL database."""

    @property
    def name(self) -> str:
        """The place, as it is told in messages; without a password."""

    def open(self) -> Store:
        """Open the store.

        :raises ArchiveMissingError: if there is none.
        :raises ArchiveFormatError: if it is of a format that cannot be brought up to date, or no store of this project.
        :raises ArchiveDamagedError: if it is damaged.
        :raises StorageError: if it cannot be reached or read.
        """

    def create(self, *, encoder: str, dimension: int, backend: str) -> Store:
        """Make an empty store; hold the lock meanwhile if other processes may do the same.

        :raises StorageError: if there is one already, or none can be made.
        """

    def lock(self, patience: float = 0.0) -> AbstractContextManager[object]:
        """Keep other processes from making or changing the store, as :meth:`Store.lock` does."""

    def shelf(self) -> Shelf | None:
        """Give the notes of what the archive has on servers, for all machines; None if they are in its folder."""

    def set_aside_unreadable(self) -> str | None:
        """Rename a store that cannot be opened or is damaged, so that another can be made here.

        :returns: what it is called now, or None if there was none or it is sound.
        :raises StorageError: if it cannot be renamed.
        """
