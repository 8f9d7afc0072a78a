import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from retrieval.encoding import Encoder
from retrieval.errors import SourceError
from retrieval.index import KnownFile, Origin, Store, Uploads, Writer
from retrieval.reading import Reading, SourceFile, document_id, find_sources, interpret, load_file
from retrieval.syncing.preparing import Prepared, Preparer
from retrieval.types import Failure, ProgressCallback, SyncReport

__all__ = ["Synchroniser"]

# What is lost when a long sync is killed; each commit costs a sync of the disk and new indexes for those who ask.
_COMMIT_SECONDS = 20.0
_UPLOAD_HAS_NAME = "an upload has this name in the archive. Remove the upload, or rename the file."


@dataclass(slots=True)
class _Log:
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    warnings: list[Failure] = field(default_factory=list)

    def report(self) -> SyncReport:
        return SyncReport(
            added=tuple(sorted(self.added)),
            changed=tuple(sorted(self.changed)),
            removed=tuple(sorted(self.removed)),
            unchanged=tuple(sorted(self.unchanged)),
            failures=tuple(sorted(self.failures, key=lambda failure: failure.source)),
            warnings=tuple(sorted(self.warnings, key=lambda warning: warning.source)),
        )


class Synchroniser:
    """Makes a store equal to files. Whoever runs it holds the archive's write lock."""

    def __init__(self, store: Store, encoder: Encoder, progress: ProgressCallback | None) -> None:
        """Write to ``store`` with vectors of ``encoder``, and tell ``progress`` of each file."""
        self._store = store
        self._encoder = encoder
        self._progress = progress
        self._log = _Log()
        self._paths_failed = False
        self._preparer = Preparer(encoder)
        self._uploads: frozenset[str] = frozenset()
        # What is to be noted with the next commit of files whose words have not changed.
        self._notes: list[Callable[[Writer], None]] = []

    def run(self, paths: Sequence[Path]) -> SyncReport:
        """Read the files and write what has changed; uploads stay as they are.

        :raises StorageError: if the disk is full or read-only.
        """
        files = self._find(paths)
        known = self._store.files()
        self._update(files, known)
        return self._log.report()

    def rebuild(self, paths: Sequence[Path]) -> SyncReport:
        """Read the files and the uploads, and start from nothing, with this encoder, in one transaction.

        :raises StorageError: if the disk is full or read-only.
        """
        found, kept = self._find(paths), self._kept_uploads()
        self._uploads = frozenset(file.source for file in kept)
        self._log.failures.extend(Failure(file.source, _UPLOAD_HAS_NAME) for file in found if self._is_upload(file))
        files = [*(file for file in found if not self._is_upload(file)), *kept]
        with self._store.writing() as writer:
            writer.clear(encoder=self._encoder.name, dimension=self._encoder.dimension)
            for number, file in enumerate(files):
                prepared = self._prepare(file, None)
                if prepared is not None:
                    prepared.put(writer)
                self._tell(number + 1, len(files), file.source)
        return self._log.report()

    def _find(self, paths: Sequence[Path]) -> list[SourceFile]:
        discovery = find_sources(paths)
        self._log.failures.extend(discovery.failures)
        given = {str(path) for path in paths}
        self._paths_failed = any(failure.source in given for failure in discovery.failures)
        # An archive may lie among its own files.
        own = Path(os.path.realpath(self._store.path))
        return [file for file in discovery.sources if not Path(os.path.realpath(file.path)).is_relative_to(own)]

    def _kept_uploads(self) -> list[SourceFile]:
        """Give the uploads' files: of a name with several the one that the store knows, else the newest."""
        uploads, known = Uploads(self._store.path), self._store.files()
        with self._store.snapshot() as snapshot:
            loose = {uploads.path(source, revision) for source, revision in snapshot.loose_uploads()}
        chosen = {source: path for source, path in uploads.files() if path not in loose}
        for source, file in known.items():
            if source in chosen and file.origin.uploaded:
                chosen[source] = uploads.path(source, file.revision)
        return [SourceFile(path, source) for source, path in sorted(chosen.items())]

    def _update(self, files: Sequence[SourceFile], known: Mapping[str, KnownFile]) -> None:
        waiting: list[Prepared] = []
        began = time.monotonic()
        for number, file in enumerate(files):
            prepared = self._prepare(file, known.get(file.source))
            if prepared is not None:
                waiting.append(prepared)
            if waiting and time.monotonic() - began > _COMMIT_SECONDS:
                self._commit(waiting, ())
                waiting, began = [], time.monotonic()
            self._tell(number + 1, len(files), file.source)
        gone = self._gone(files, known)
        if waiting or gone or self._notes:
            self._commit(waiting, gone)
        self._log.removed.extend(gone)

    def _gone(self, files: Sequence[SourceFile], known: Mapping[str, KnownFile]) -> list[str]:
        """Give the sources whose files are no longer there.

        What cannot be read now, a file, a folder or all of a given path, keeps what the archive has of it: a disk that
        is not mounted must not empty an archive.
        """
        present = {file.source for file in files}
        unreadable = tuple(failure.source for failure in self._log.failures)
        if self._paths_failed:
            return []
        return sorted(
            source
            for source, file in known.items()
            if source not in present
            and not file.origin.uploaded
            and not any(source == failed or source.startswith(f"{failed}/") for failed in unreadable)
        )

    def _prepare(self, file: SourceFile, known: KnownFile | None) -> Prepared | None:
        try:
            if known is not None and known.origin.uploaded:
                raise SourceError(_UPLOAD_HAS_NAME)
            origin = Origin(uploaded=True) if self._is_upload(file) else Origin(file.path)
            loaded = load_file(file)
            if known is not None and known.revision == loaded.revision and known.origin.location is not None:
                self._log.unchanged.append(file.source)
                if known.origin != origin:
                    self._notes.append(partial(Writer.locate, document_id=known.document_id, origin=origin))
                return None
            reading = interpret(loaded)
        except SourceError as error:
            self._log.failures.append(Failure(file.source, str(error).removeprefix(f"{file.source}: ")))
            return None
        self._log.warnings.extend(Failure(file.source, warning) for warning in reading.warnings)
        if known is not None and self._reads_as_before(reading, known):
            self._log.unchanged.append(file.source)
            self._notes.append(partial(Writer.locate, document_id=known.document_id, origin=origin))
            self._notes.append(
                partial(
                    Writer.annotate,
                    document_id=known.document_id,
                    layout=reading.layout,
                    warnings=reading.warnings,
                )
            )
            return None
        (self._log.added if known is None else self._log.changed).append(file.source)
        return self._preparer.finish(reading, origin)

    def _reads_as_before(self, reading: Reading, known: KnownFile) -> bool:
        """Tell whether an archive of an older format lacks nothing of a document but what its file says beside it."""
        if known.revision != reading.document.revision:
            return False
        return self._store.document(known.document_id).text == reading.document.text

    def _commit(self, prepared: Sequence[Prepared], gone: Sequence[str]) -> None:
        with self._store.writing() as writer:
            for entry in prepared:
                entry.put(writer)
            for source in gone:
                writer.remove(document_id(source))
            for note in self._notes:
                note(writer)
        self._notes.clear()

    def _is_upload(self, file: SourceFile) -> bool:
        return file.source in self._uploads

    def _tell(self, done: int, total: int, label: str) -> None:
        if self._progress is not None:
            self._progress(done, total, label)
