import hashlib
from collections.abc import Iterable
from pathlib import Path

from retrieval.engine import Engine
from retrieval.errors import UnknownDocumentError
from retrieval.index import KnownFile, Origin, Store, Uploads, WriteLock, upload_source
from retrieval.reading import LoadedFile
from retrieval.syncing import Preparer, Synchroniser
from retrieval.types import Failure, ProgressCallback, SyncReport

__all__ = ["Editor"]

# Another upload is taken in within seconds; a sync of a folder may take hours, and its reader is told.
_PATIENCE_SECONDS = 30.0


class Editor:
    """Changes the contents of an archive; each method takes its lock, and leaves it ready for the next question."""

    def __init__(self, store: Store, engine: Engine) -> None:
        """Change ``store``, which ``engine`` searches."""
        self._store = store
        self._engine = engine
        self._uploads = Uploads(store.path)

    def sync(self, paths: Iterable[Path], progress: ProgressCallback | None) -> SyncReport:
        """Make the archive equal to the files; uploads stay.

        :raises ArchiveLockedError: if another process is writing to the archive.
        :raises EncoderMismatchError: if the archive was built with another encoder.
        :raises StorageError: if the disk is full or read-only; what was reported as done stays.
        """
        with WriteLock(self._store.path):
            encoder = self._engine.encoder(self._store.encoder)
            self._sweep()
            report = Synchroniser(self._store, encoder, progress).run(list(paths))
            self._index()
        return report

    def rebuild(self, paths: Iterable[Path], progress: ProgressCallback | None) -> SyncReport:
        """Build the archive anew from the files and the uploads, with the engine's encoder.

        :raises ArchiveLockedError: if another process is writing to the archive.
        :raises StorageError: if the disk is full or read-only; the archive is then as it was.
        """
        with WriteLock(self._store.path):
            encoder = self._engine.encoder()
            self._sweep()
            report = Synchroniser(self._store, encoder, progress).rebuild(list(paths))
            self._index()
        return report

    def add(self, name: str, data: bytes) -> SyncReport:
        """Take in a file that is given, in place of any that was given under the same name.

        :raises SourceError: if the name is none for a file, or the data cannot be read.
        :raises ArchiveLockedError: if another process goes on writing to the archive for half a minute.
        :raises EncoderMismatchError: if the archive was built with another encoder.
        :raises StorageError: if the disk is full or read-only; nothing is added then.
        """
        source = upload_source(name)
        file = LoadedFile(source, data, hashlib.sha256(data).hexdigest())
        prepared = Preparer(self._engine.encoder(self._store.encoder)).prepare(file, Origin(uploaded=True))
        with WriteLock(self._store.path, patience=_PATIENCE_SECONDS):
            # It may have been built anew meanwhile.
            self._engine.encoder(self._store.encoder)
            self._sweep()
            known = self._store.files().get(source)
            if known is not None and known.origin.uploaded and known.revision == file.revision:
                # The file may have been lost.
                self._uploads.keep(source, file.revision, data)
                return SyncReport(unchanged=(source,))
            with self._store.writing() as writer:
                writer.expect_upload(source, file.revision)
            self._uploads.keep(source, file.revision, data)
            with self._store.writing() as writer:
                prepared.put(writer)
            self._sweep()
            self._index()
        warnings = tuple(Failure(source, warning) for warning in prepared.warnings)
        if known is None:
            return SyncReport(added=(source,), warnings=warnings)
        return SyncReport(changed=(source,), warnings=warnings)

    def remove(self, document_id: str) -> None:
        """Take a document out, and an upload's file with it.

        :raises UnknownDocumentError: if there is none of this id.
        :raises ArchiveLockedError: if another process goes on writing to the archive for half a minute.
        :raises StorageError: if the disk is read-only.
        """
        with WriteLock(self._store.path, patience=_PATIENCE_SECONDS):
            with self._store.writing() as writer:
                if not writer.remove(document_id):
                    raise UnknownDocumentError(
                        f"No document has the id {document_id!r}. List the ids with: wenju sources --json"
                    )
            self._sweep()
            self._index()

    def _sweep(self) -> None:
        """Remove the uploads' files that no document needs any more, also those that a killed process left."""
        with self._store.snapshot() as snapshot:
            loose = snapshot.loose_uploads()
            if not loose:
                return
            needed = [(source, file.revision) for source, file in snapshot.files().items() if _is_upload(file)]
        for source, revision in loose:
            self._uploads.discard(source, revision, needed)
        with self._store.writing() as writer:
            for source, revision in loose:
                writer.settle_upload(source, revision)

    def _index(self) -> None:
        with self._store.snapshot() as snapshot:
            if snapshot.passage_count():
                self._engine.searcher(snapshot)
                # Its tables take seconds to make: better now than at the first question in English.
                _ = self._engine.lexicon.meanings


def _is_upload(file: KnownFile) -> bool:
    return file.origin.uploaded
