import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from retrieval.errors import ArchiveDamagedError, ArchiveFormatError, ArchiveMissingError, StorageError
from retrieval.index import _sqlite
from retrieval.index._pool import ConnectionPool
from retrieval.index._schema import FORMAT_VERSION
from retrieval.index._sqlite import DATABASE_NAME
from retrieval.index.records import KnownFile, StoreVersion, VectorBlock
from retrieval.index.snapshot import Snapshot
from retrieval.index.writer import Writer
from retrieval.types import LOCAL, Document, DocumentInfo, Passage

__all__ = ["DATABASE_NAME", "FORMAT_VERSION", "Store"]


class Store:
    """The archive's truth: documents, passages and vectors in one SQLite database in the archive's folder.

    Any thread may read and write. Readers wait for nobody; writers come one after the other. What a finished
    ``writing`` block wrote outlives the process and the power. Every method can raise ``ArchiveDamagedError``,
    ``StorageError``, and ``ArchiveError`` after ``close``.
    """

    def __init__(self, database: Path, *, read_only: bool) -> None:
        """Use ``Store.open`` or ``Store.create`` instead."""
        self._database = database
        self._read_only = read_only
        self._pool = ConnectionPool(database, read_only=read_only)

    @classmethod
    def create(cls, path: Path, *, encoder: str, dimension: int, backend: str = LOCAL) -> "Store":
        """Make an empty store in the folder ``path``, which is made too if need be.

        Hold a :class:`retrieval.index.lock.WriteLock` meanwhile if other processes may do the same.

        :raises StorageError: if the folder has a store already, or cannot be written.
        """
        if dimension < 1:
            raise ValueError(f"vectors need a dimension of at least 1, got {dimension}")
        _sqlite.create(path / DATABASE_NAME, encoder=encoder, dimension=dimension, backend=backend)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> "Store":
        """Open the store in the folder ``path``. A folder that cannot be written can still be read.

        A store of an older format is brought up to date first, in one transaction, unless ``read_only`` is set.

        :raises ArchiveMissingError: if there is none.
        :raises ArchiveFormatError: if it is of a format that cannot be brought up to date, or no store of this project.
        :raises ArchiveDamagedError: if it is no database, or a damaged one.
        :raises StorageError: if it is of an older format and cannot be written.
        """
        if not read_only:
            _sqlite.bring_up_to_date(path / DATABASE_NAME)
        store = cls(path / DATABASE_NAME, read_only=read_only)
        try:
            with store.snapshot():
                return store
        except BaseException:
            store.close()
            raise

    @staticmethod
    def set_aside_unreadable(path: Path) -> Path | None:
        """Rename a store in the folder ``path`` that cannot be opened or is damaged, so that another can be made there.

        :returns: where it is now, or None if there was none or it is sound.
        :raises StorageError: if it cannot be renamed.
        """
        try:
            with Store.open(path) as store:
                store.check()
        except ArchiveMissingError:
            return None
        except (ArchiveFormatError, ArchiveDamagedError):
            aside = path / f"{DATABASE_NAME}.unreadable-{os.urandom(4).hex()}"
            try:
                (path / DATABASE_NAME).rename(aside)
                _sqlite.remove_logs(path / DATABASE_NAME)
            except OSError as error:
                raise StorageError(
                    f"The archive at {path} cannot be renamed: {error.strerror}. Check who owns it"
                ) from error
            return aside
        return None

    def __enter__(self) -> "Store":
        """Give the store itself; leaving the block closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Close all connections; those that another thread is using close when it is done."""
        self._pool.close()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Lend a view in which generation, documents, passages and vectors belong together.

        A view that stays open for long makes SQLite's log grow when others write.
        """
        with self._pool.borrow() as connection:
            yield Snapshot(connection, self._database)

    @contextmanager
    def writing(self, before_commit: Callable[[Snapshot], None] | None = None) -> Iterator[Writer]:
        """Lend a writer; all that it did is kept when the block ends, and none of it when the block raises.

        :param before_commit: called with the contents as they are going to be, if they have changed: what it makes from
            them is there when the first reader sees them.
        :raises ArchiveLockedError: if another writer does not finish within five seconds.
        :raises StorageError: if the store was opened for reading only, or the disk is full or read-only.
        """
        if self._read_only:
            raise StorageError(
                f"The archive at {self._database.parent} was opened for reading only. Open it for writing"
            )
        if not self._database.exists():
            raise ArchiveMissingError(_sqlite.missing(self._database))
        with _sqlite.translated(self._database), closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                writer = Writer(connection)
                yield writer
                if writer.finish() and before_commit is not None:
                    before_commit(Snapshot(connection, self._database))
                connection.execute("COMMIT")
            except BaseException:
                # After an error of the disk SQLite may have rolled back by itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def fold(self) -> None:
        """Move what SQLite's log holds into the database and empty the log, as far as no reader needs it yet."""
        with _sqlite.translated(self._database), closing(self._connect()) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def path(self) -> Path:
        """The archive's folder."""
        return self._database.parent

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
        """Let SQLite look through the whole database; takes seconds on a large one.

        :raises ArchiveDamagedError: if it finds anything.
        """
        with self.snapshot() as snapshot:
            snapshot.check()

    def backup(self, path: Path) -> None:
        """Copy the store, as it is at one moment, into the folder ``path``; others may write meanwhile.

        :raises StorageError: if ``path`` has a store already, or cannot be written.
        """
        with self._pool.borrow() as connection:
            _sqlite.copy(connection, path / DATABASE_NAME)

    def _connect(self) -> sqlite3.Connection:
        return _sqlite.connect(self._database, _sqlite.Access.WRITE)
