from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.encoding import Encoder
from retrieval.errors import ArchiveDamagedError, OriginalMissingError, SourceError
from retrieval.index import KnownFile, Origin, Store, Writer
from retrieval.reading import LoadedFile, Reading, SourceFile, document_id, find_sources, interpret, load_file
from retrieval.syncing.batches import Batches, Writing
from retrieval.syncing.planning import UPLOAD_HAS_NAME, Plan, Task, make_plan, origin_of
from retrieval.syncing.preparing import Earlier, Prepared, Preparer, earlier_vectors
from retrieval.types import Failure, ProgressCallback, Rename, SyncReport

__all__ = ["Synchroniser", "preview"]


@dataclass(slots=True)
class _Log:
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: list[Rename] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    warnings: list[Failure] = field(default_factory=list)

    def report(self) -> SyncReport:
        return SyncReport(
            added=tuple(sorted(self.added)),
            changed=tuple(sorted(self.changed)),
            renamed=tuple(sorted(self.renamed, key=lambda rename: rename.source)),
            removed=tuple(sorted(self.removed)),
            unchanged=tuple(sorted(self.unchanged)),
            failures=tuple(sorted(self.failures, key=lambda failure: failure.source)),
            warnings=tuple(sorted(self.warnings, key=lambda warning: warning.source)),
        )


def preview(plan: Plan) -> SyncReport:
    """Report what carrying out a plan would do, as far as that can be told without reading the files' contents."""
    return SyncReport(
        added=tuple(sorted(task.file.source for task in plan.tasks if task.known is None)),
        changed=tuple(sorted(task.file.source for task in plan.tasks if task.known is not None)),
        renamed=tuple(sorted((Rename(m.file.source, m.earlier) for m in plan.moves), key=lambda r: r.source)),
        removed=tuple(plan.gone),
        unchanged=tuple(sorted(plan.unchanged)),
        failures=tuple(sorted(plan.failures, key=lambda failure: failure.source)),
    )


class Synchroniser:
    """Makes a store equal to files. Whoever runs it holds the archive's write lock."""

    def __init__(self, store: Store, encoder: Encoder, writing: Writing, progress: ProgressCallback | None) -> None:
        """Write to ``store`` through ``writing`` with vectors of ``encoder``, and tell ``progress`` of each file."""
        self._store = store
        self._encoder = encoder
        self._writing = writing
        self._progress = progress
        self._log = _Log()
        self._preparer = Preparer(encoder, self._tell_of)
        self._done = self._total = 0

    def run(self, paths: Sequence[Path], *, checksum: bool, allow_empty: bool) -> SyncReport:
        """Read the files and write what has changed; uploads stay as they are.

        :raises EmptySourceError: if a folder that documents came from holds no file any more.
        :raises StorageError: if the disk is full or read-only.
        """
        plan = make_plan(paths, self._store.files(), self._store.path, checksum=checksum, allow_empty=allow_empty)
        self._log.failures.extend(plan.failures)
        self._log.unchanged.extend(plan.unchanged)
        self._total = len(plan.tasks)
        with Batches(self._writing) as batches:
            for touched in plan.touched:
                batches.writer().locate(touched.known.document_id, touched.origin)
            for move in plan.moves:
                source = move.file.source
                batches.writer().rename(move.known.document_id, document_id(source), source, move.origin)
                self._log.renamed.append(Rename(source, move.earlier))
            # First, so that no failure later on keeps them in the answers.
            for source in plan.gone:
                batches.writer().remove(document_id(source))
            for number, task in enumerate(plan.tasks):
                self._take_in(task, batches)
                if batches.is_due:
                    batches.commit()
                    self._done = number + 1
                self._tell_of(task.file.source)
        self._log.removed.extend(plan.gone)
        if plan.tasks:
            self._tell_all(plan.tasks[-1].file.source)
        return self._log.report()

    def rebuild(self, paths: Sequence[Path]) -> SyncReport:
        """Read the files and the uploads, and start from nothing, with this encoder, in one transaction.

        :raises StorageError: if the disk is full or read-only.
        """
        discovery, uploads = find_sources(paths), self._kept_uploads()
        plan = make_plan(paths, {}, self._store.path, checksum=False, allow_empty=True)
        self._log.failures.extend(discovery.failures)
        clashing = [task.file.source for task in plan.tasks if task.file.source in uploads]
        self._log.failures.extend(Failure(source, UPLOAD_HAS_NAME) for source in clashing)
        found = [task.file for task in plan.tasks if task.file.source not in uploads]
        self._total = len(found) + len(uploads)
        with self._writing() as writer:
            writer.clear(encoder=self._encoder.name, dimension=self._encoder.dimension)
            source = ""
            for file in found:
                self._put(self._prepare_file(file, None), writer)
                source = file.source
                self._tell_of(source)
            for source, revision in uploads.items():
                self._put(self._prepare_upload(source, revision), writer)
                self._tell_of(source)
        if self._total:
            self._tell_all(source)
        return self._log.report()

    def _kept_uploads(self) -> dict[str, str]:
        """Give the uploads' revisions by source: of several the one that the store knows, else the newest."""
        with self._store.snapshot() as snapshot:
            known, loose = snapshot.files(), set(snapshot.loose_uploads())
        chosen = {
            source: revision for source, revision in self._store.uploads.kept() if (source, revision) not in loose
        }
        for source, file in known.items():
            if source in chosen and file.origin.uploaded:
                chosen[source] = file.revision
        return dict(sorted(chosen.items()))

    @staticmethod
    def _put(prepared: "Prepared | _Noted | None", writer: Writer) -> None:
        if isinstance(prepared, Prepared):
            prepared.put(writer)

    def _take_in(self, task: Task, batches: Batches) -> None:
        prepared = self._prepare_file(task.file, task.known)
        if prepared is None:
            return
        writer = batches.writer()
        if isinstance(prepared, Prepared):
            prepared.put(writer)
        elif task.known is not None:
            writer.locate(task.known.document_id, prepared.origin)
            writer.annotate(task.known.document_id, prepared.reading.layout, prepared.reading.warnings)

    def _prepare_file(self, file: SourceFile, known: KnownFile | None) -> "Prepared | _Noted | None":
        # Looked at before it is read: what changes meanwhile is read again by the next sync.
        origin = origin_of(file.path)
        return self._prepare(file.source, lambda: load_file(file), origin, known)

    def _prepare_upload(self, source: str, revision: str) -> "Prepared | _Noted | None":
        def load() -> LoadedFile:
            try:
                return LoadedFile(source, self._store.uploads.read(source, revision), revision)
            except OriginalMissingError as error:
                raise SourceError(f"the file cannot be read: {error}. Upload it again.") from error

        return self._prepare(source, load, Origin(uploaded=True), None)

    def _prepare(
        self, source: str, load: Callable[[], LoadedFile], origin: Origin, known: KnownFile | None
    ) -> "Prepared | _Noted | None":
        try:
            reading = interpret(load(), self._tell_page)
            reading.document.text.encode()
        except SourceError as error:
            self._log.failures.append(Failure(source, str(error).removeprefix(f"{source}: ")))
            return None
        except UnicodeEncodeError:
            reason = "the text holds half of a surrogate pair, which none may. Save the file as UTF-8 and sync again."
            self._log.failures.append(Failure(source, reason))
            return None
        self._log.warnings.extend(Failure(source, warning) for warning in reading.warnings)
        if known is not None and self._reads_as_before(reading, known):
            self._log.unchanged.append(source)
            return _Noted(reading, origin)
        (self._log.added if known is None else self._log.changed).append(source)
        return self._preparer.finish(reading, origin, self._earlier(known))

    def _earlier(self, known: KnownFile | None) -> Earlier | None:
        """Give the vectors of a changed document, most of whose passages may be as they were."""
        if known is None:
            return None
        try:
            with self._store.snapshot() as snapshot:
                return earlier_vectors(snapshot, known.document_id)
        except ArchiveDamagedError:
            # What cannot be read is encoded again.
            return None

    def _reads_as_before(self, reading: Reading, known: KnownFile) -> bool:
        """Tell whether an archive of an older format lacks nothing of a document but what its file says beside it."""
        if known.revision != reading.document.revision:
            return False
        return self._store.document(known.document_id).text == reading.document.text

    def _tell_of(self, label: str) -> None:
        """Tell what is worked on; a long file is told of more than once before it is written."""
        if self._progress is not None:
            self._progress(self._done, self._total, label)

    def _tell_page(self, done: int, total: int, label: str) -> None:
        """Tell of a page that was read, which may have taken seconds."""
        if done and total > 1:
            self._tell_of(label)

    def _tell_all(self, label: str) -> None:
        if self._progress is not None:
            self._progress(self._total, self._total, label)


@dataclass(frozen=True, slots=True)
class _Noted:
    """A file whose text the archive has: only what it says beside it is new."""

    reading: Reading
    origin: Origin
