import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from retrieval.engine import Engine
from retrieval.errors import UnknownDocumentError
from retrieval.index import KnownFile, Origin, Store, StoreVersion, Writer, upload_source
from retrieval.reading import LoadedFile
from retrieval.syncing import Preparer, Synchroniser, make_plan, preview, reencode
from retrieval.types import BackendChoice, Failure, ProgressCallback, SyncReport

__all__ = ["Editor"]

# Another upload is taken in within seconds; a sync of a folder may take hours, and its reader is told.
_PATIENCE_SECONDS = 30.0


class Editor:
    """Changes the contents of an archive; each method takes its lock, and leaves it ready for the next question."""

    def __init__(self, store: Store, engine: Engine) -> None:
        """Change ``store``, which ``engine`` searches."""
        self._store = store
        self._engine = engine
        self._uploads = store.uploads

    def sync(
        self, paths: Iterable[Path], progress: ProgressCallback | None, *, checksum: bool, allow_empty: bool
    ) -> SyncReport:
        """Make the archive equal to the files; uploads stay.

        :raises ArchiveLockedError: if another process is writing to the archive.
        :raises EncoderMismatchError: if the archive was built with another encoder.
        :raises EmptySourceError: if a folder that documents came from holds no file any more.
        :raises StorageError: if the disk is full or read-only; what was reported as done stays.
        """
        with self._alone():
            encoder = self._engine.encoder(self._store.encoder)
            synchroniser = Synchroniser(self._store, encoder, self._writing, progress)
            return synchroniser.run(list(paths), checksum=checksum, allow_empty=allow_empty)

    def preview(self, paths: Sequence[Path], archive: Path, *, checksum: bool, allow_empty: bool) -> SyncReport:
        """Tell what ``sync`` would do; the archive in the folder ``archive`` stays as it is.

        :raises EmptySourceError: if a folder that documents came from holds no file any more.
        """
        plan = make_plan(paths, self._store.files(), archive, checksum=checksum, allow_empty=allow_empty)
        return preview(plan)

    def rebuild(self, paths: Iterable[Path], progress: ProgressCallback | None, backend: BackendChoice) -> SyncReport:
        """Build the archive anew from the files and the uploads, with the engine's encoder.

        :param backend: where it is searched from now on; without a name where it was.
        :raises ArchiveLockedError: if another process is writing to the archive.
        :raises StorageError: if the disk is full or read-only; the archive is then as it was.
        """
        with self._alone():
            before = self._store.backend
            if backend.name in (None, before):
                return self._synchroniser_anew(progress).rebuild(list(paths))
            left = self._engine.use_backend(backend)
            with closing(left):
                report = self._synchroniser_anew(progress, backend.name).rebuild(list(paths))
                left.settle(None)
            return report

    def reencode(self, progress: ProgressCallback | None) -> int:
        """Make all vectors anew with the engine's encoder; give the number of passages.

        :raises ArchiveLockedError: if another process is writing to the archive.
        :raises StorageError: if the disk is full or read-only; the archive is then as it was.
        """
        with self._alone():
            return reencode(self._store, self._engine.encoder(), self._starting_anew, progress)

    def reindex(self) -> None:
        """Make the indexes anew from the store.

        :raises ArchiveLockedError: if another process is writing to the archive.
        """
        with self._alone():
            if self._store.is_shared:
                # As a new state, which other machines notice.
                with self._starting_anew(self._store.backend):
                    return
            with self._store.snapshot() as snapshot:
                self._engine.remake(snapshot)
                self._engine.settle(snapshot)

    def forget_indexes(self) -> None:
        """Remove all that the archive is searched in, here and on servers.

        :raises ArchiveLockedError: if another process is writing to the archive.
        """
        with self._store.lock():
            self._engine.forget()

    def compact(self) -> None:
        """Write the database anew without what was removed.

        :raises ArchiveLockedError: if another process is writing to the archive, or goes on reading.
        """
        with self._store.lock():
            self._store.compact()

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
        with self._alone(_PATIENCE_SECONDS):
            # It may have been built anew meanwhile.
            self._engine.encoder(self._store.encoder)
            known = self._store.files().get(source)
            if known is not None and known.origin.uploaded and known.revision == file.revision:
                # The file may have been lost.
                self._uploads.keep(source, file.revision, data)
                return SyncReport(unchanged=(source,))
            with self._store.writing() as writer:
                writer.expect_upload(source, file.revision)
            self._uploads.keep(source, file.revision, data)
            with self._writing() as writer:
                prepared.put(writer)
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
        with self._alone(_PATIENCE_SECONDS), self._writing() as writer:
            if not writer.remove(document_id):
                raise UnknownDocumentError(
                    f"No document has the id {document_id!r}. List the ids with: wenju sources --json"
                )

    def _synchroniser_anew(self, progress: ProgressCallback | None, backend: str | None = None) -> Synchroniser:
        return Synchroniser(self._store, self._engine.encoder(), partial(self._starting_anew, backend), progress)

    @contextmanager
    def _alone(self, patience: float = 0.0) -> Iterator[None]:
        """Hold the archive's lock, and leave nothing behind that no document needs, nor an index to be made."""
        with self._store.lock(patience):
            self._sweep()
            # What a process removed that was killed right behind its commit is overwritten in the log alone.
            self._store.fold()
            with self._store.snapshot() as snapshot:
                self._engine.tidy(snapshot)
            yield
            self._sweep()
            self._warm_up()

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        before: StoreVersion | None = self._store.version
        if self._store.is_shared:
            # What another machine has changed is indexed here first, so that the next state can grow from it.
            self._warm_up()
        with self._store.writing(lambda snapshot: self._engine.prepare(snapshot, before)) as writer:
            yield writer
        self._settle()

    @contextmanager
    def _starting_anew(self, backend: str | None = None) -> Iterator[Writer]:
        with self._store.writing(lambda snapshot: self._engine.prepare(snapshot, None)) as writer:
            yield writer
            if backend is not None:
                writer.set_backend(backend)
        self._settle()

    def _settle(self) -> None:
        with self._store.snapshot() as snapshot:
            self._engine.settle(snapshot)
        # What was removed lies in the log too.
        self._store.fold()

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

    def _warm_up(self) -> None:
        with self._store.snapshot() as snapshot:
            if snapshot.passage_count():
                self._engine.searcher(snapshot, lambda: snapshot.version)
                # Its tables take seconds to make: better now than at the first question in English.
                _ = self._engine.lexicon.meanings


def _is_upload(file: KnownFile) -> bool:
    return file.origin.uploaded
