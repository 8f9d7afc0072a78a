import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.errors import ArchiveDamagedError, ArchiveFormatError, ArchiveMissingError
from retrieval.index import store_home
from retrieval.opening import make_parts, open_parts
from retrieval.readable import ReadableArchive
from retrieval.types import BackendChoice, CheckReport, ProgressCallback, SyncReport

if TYPE_CHECKING:
    from retrieval.upkeep import Editor

__all__ = ["Archive"]


class Archive(ReadableArchive):
    """A folder of documents that can be asked: the one door to this library.

    Any number of threads and processes may ask while one syncs; a question is answered from one state of the
    contents. Results are deterministic: the same archive and question give the same answer.
    """

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        create: bool = False,
        encoder: str | None = None,
        cache: str | os.PathLike[str] | None = None,
        backend: BackendChoice | None = None,
        database: str | None = None,
    ) -> "Archive":
        """Open the archive in the folder ``path``.

        :param create: make an empty archive when there is none.
        :param encoder: ``universal`` or ``sentence-transformers:MODEL``; None for the one that built the archive.
        :param cache: a folder for the unpacked encoder and dictionary, 85 MB that several archives can share; None for
            one in the archive's own folder.
        :param backend: where its passages are searched; None for where they were when it was made, in files of its own
            folder if it is made now.
        :param database: the address of the PostgreSQL database that holds the documents,
            ``postgresql://USER:PASSWORD@HOST/NAME?schema=ARCHIVE``; ``path`` is then the folder of what this machine
            makes from them, which may be new. None for documents in the folder.
        :raises ArchiveMissingError: if there is no archive and ``create`` is not set.
        :raises ArchiveFormatError: if it was written by another version of this project.
        :raises ArchiveDamagedError: if its database is damaged.
        :raises EncoderMismatchError: if it was built with another encoder than ``encoder``.
        :raises EncoderError: if the encoder of a new archive cannot be loaded.
        :raises BackendMismatchError: if it was made with another backend than ``backend``.
        :raises BackendError: if the address of ``backend`` is none.
        :raises StorageError: if the folder cannot be read, or not be written when it must be made; if the database
            cannot be reached or used, or the folder holds an archive of its own beside it.
        """
        folder, kept = Path(path), Path(cache) if cache is not None else None
        asked, home = backend or BackendChoice(), store_home(folder, database)
        try:
            parts = open_parts(folder, home, encoder, kept, asked)
        except ArchiveMissingError:
            if not create:
                raise
            parts = make_parts(folder, home, encoder, kept, asked)
        return cls(folder, parts.store, parts.engine)

    @classmethod
    def rebuild(
        cls,
        path: str | os.PathLike[str],
        paths: Iterable[str | os.PathLike[str]],
        *,
        encoder: str | None = None,
        progress: ProgressCallback | None = None,
        cache: str | os.PathLike[str] | None = None,
        backend: BackendChoice | None = None,
        database: str | None = None,
    ) -> SyncReport:
        """Build the archive in the folder ``path`` anew from files, whatever it was made with or is damaged by.

        An archive that cannot be opened is kept beside the new one, under another name.

        :param database: as ``open`` takes it, and so are the others.
        :raises WenjuError: as ``open`` and ``sync`` do.
        """
        folder = Path(path)
        store_home(folder, database).set_aside_unreadable()
        asked = backend or BackendChoice()
        unnamed = replace(asked, name=None)
        with cls.open(folder, create=True, cache=cache, backend=unnamed, database=database) as archive:
            if encoder is not None:
                archive._engine.use_encoder(encoder)
            return archive._editor().rebuild(map(Path, paths), progress, asked)

    @classmethod
    def reencode(
        cls,
        path: str | os.PathLike[str],
        *,
        encoder: str | None = None,
        progress: ProgressCallback | None = None,
        cache: str | os.PathLike[str] | None = None,
        backend: BackendChoice | None = None,
        database: str | None = None,
    ) -> int:
        """Make the vectors of the archive in the folder ``path`` anew, from its own texts; give the passages' number.

        :param encoder: ``universal`` or ``sentence-transformers:MODEL``; None for the installed one of the same name.
        :raises WenjuError: as ``open`` and ``sync`` do.
        """
        with cls.open(path, cache=cache, backend=backend, database=database) as archive:
            if encoder is not None:
                archive._engine.use_encoder(encoder)
            return archive._editor().reencode(progress)

    @classmethod
    def drop(cls, path: str | os.PathLike[str], *, database: str, backend: BackendChoice | None = None) -> None:
        """Remove an archive that is in a database for good: its schema, what Milvus has of it, this machine's files.

        What other machines have made of it is in their folders, to be removed there.

        :param path: the folder of what this machine has made of it.
        :raises ArchiveMissingError: if there is none.
        :raises ArchiveLockedError: if another process is writing to it.
        :raises StorageError: if the database cannot be reached, or it cannot be removed.
        """
        # Few archives are in a database; nobody else pays for these modules.
        from retrieval.index.postgresql_store import PostgresqlHome

        # What cannot be read can be removed all the same.
        unread = suppress(ArchiveFormatError, ArchiveDamagedError)
        with unread, cls.open(path, backend=backend, database=database) as archive:
            archive._editor().forget_indexes()
        PostgresqlHome(database, Path(path)).drop()

    def __enter__(self) -> "Archive":
        """Give the archive itself; leaving the block closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the archive."""
        self.close()

    def close(self) -> None:
        """Let go of the archive's files."""
        self._store.close()
        self._engine.close()

    def sync(
        self,
        paths: Iterable[str | os.PathLike[str]],
        *,
        progress: ProgressCallback | None = None,
        dry_run: bool = False,
        checksum: bool = False,
        allow_empty: bool = False,
    ) -> SyncReport:
        """Make the archive equal to the files: add new ones, read changed ones again, remove those that are gone.

        A file that has another name than before and the same bytes is renamed in the archive. Uploads stay.

        :param paths: files, and folders that are searched for files of known formats.
        :param dry_run: only report what would be done.
        :param checksum: read also the files that look untouched by their size and times.
        :param allow_empty: take the documents of a folder out when it holds no file any more.
        :returns: what was done; a file that cannot be read is named among the ``failures`` and left as it was.
        :raises ArchiveLockedError: if another process is writing to the archive.
        :raises EncoderMismatchError: if the archive was built with another encoder.
        :raises EmptySourceError: if a folder that documents came from holds no file and ``allow_empty`` is not set.
        :raises StorageError: if the disk is full or read-only; what was reported as done stays.
        """
        given = [Path(path) for path in paths]
        if dry_run:
            return self._editor().preview(given, self._path, checksum=checksum, allow_empty=allow_empty)
        return self._editor().sync(given, progress, checksum=checksum, allow_empty=allow_empty)

    def add(self, name: str, data: bytes) -> SyncReport:
        """Take in a file that is kept in the archive's own folder; its document's source is ``uploads/NAME``.

        It stays whatever is synced, until it is removed or another one is added under the same name. The caller
        decides how large ``data`` may be.

        :param name: the file's name; its suffix tells the format.
        :raises SourceError: if the name is a path or none for a file, or the data cannot be read; nothing is changed.
        :raises ArchiveLockedError: if another process goes on writing to the archive for half a minute.
        :raises EncoderMismatchError: if the archive was built with another encoder.
        :raises StorageError: if the disk is full or read-only; nothing is changed.
        """
        return self._editor().add(name, data)

    def remove(self, document_id: str) -> None:
        """Take a document out of the archive, and of an upload the file too.

        A synced document comes back with the next sync of its folder, unless its file is gone by then.

        :raises UnknownDocumentError: if there is none of this id.
        :raises ArchiveLockedError: if another process goes on writing to the archive for half a minute.
        :raises StorageError: if the disk is read-only.
        """
        self._editor().remove(document_id)

    def check(self) -> CheckReport:
        """Check all of the archive: its database, texts, spans, vectors, indexes and uploads. It takes a while.

        :raises StorageError: if the archive cannot be read.
        """
        from retrieval.upkeep import Doctor

        return Doctor(self._store, self._engine).check()

    def repair(self, *, progress: ProgressCallback | None = None) -> CheckReport:
        """Check all of the archive, and make anew what is wrong and can be made from the rest: vectors and indexes.

        :raises ArchiveLockedError: if another process is writing to the archive.
        :raises EncoderMismatchError: if vectors must be made anew and the archive was built with another encoder.
        :raises StorageError: if the disk is full or read-only.
        """
        from retrieval.upkeep import Doctor

        return Doctor(self._store, self._engine).repair(progress)

    def backup(self, folder: str | os.PathLike[str]) -> CheckReport:
        """Copy the archive, as it is at one moment, into a new folder, and check the copy, which is an archive itself.

        :raises StorageError: if the folder is there and not empty, or cannot be written.
        :raises ArchiveLockedError: if another process goes on writing to the archive for half a minute.
        :raises ArchiveDamagedError: if the copy is not sound; it is removed then.
        """
        from retrieval.upkeep import copy_archive

        return copy_archive(self._store, Path(folder))

    def compact(self) -> None:
        """Write the database anew without what was removed, so that none of its bytes are in the files.

        In a folder that is so already, and only the room is given back. In PostgreSQL questions wait meanwhile.

        :raises ArchiveLockedError: if another process is writing to the archive, or goes on reading for five seconds.
        :raises StorageError: if the disk is full or read-only.
        """
        self._editor().compact()

    def _editor(self) -> "Editor":
        # Reading and cutting files is no part of answering, and takes a quarter of a second to import.
        from retrieval.upkeep import Editor

        return Editor(self._store, self._engine)
