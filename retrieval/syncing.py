import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from retrieval.encoding import Encoder, Vectors
from retrieval.errors import SourceError
from retrieval.index import Store
from retrieval.reading import SourceFile, document_id, find_sources, interpret, load_file
from retrieval.search import encoded_texts
from retrieval.segmenting import segment
from retrieval.types import Document, Failure, PassageDraft, ProgressCallback, SyncReport

__all__ = ["Synchroniser"]

# What is lost when a long sync is killed; each commit costs a sync of the disk and new indexes for those who ask.
_COMMIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class _Prepared:
    document: Document
    passages: Sequence[PassageDraft]
    vectors: Sequence[Vectors]


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

    def run(self, paths: Sequence[Path], *, rebuild: bool) -> SyncReport:
        """Read the files and write what has changed.

        :param rebuild: start from nothing, with this encoder, in one transaction.
        :raises StorageError: if the disk is full or read-only.
        """
        discovery = find_sources(paths)
        self._log.failures.extend(discovery.failures)
        given = {str(path) for path in paths}
        self._paths_failed = any(failure.source in given for failure in discovery.failures)
        known = {} if rebuild else dict(self._store.revisions())
        if rebuild:
            self._rebuild(discovery.sources)
        else:
            self._update(discovery.sources, known)
        return self._log.report()

    def _rebuild(self, files: Sequence[SourceFile]) -> None:
        with self._store.writing() as writer:
            writer.clear(encoder=self._encoder.name, dimension=self._encoder.dimension)
            for number, file in enumerate(files):
                prepared = self._prepare(file, {})
                if prepared is not None:
                    writer.put(prepared.document, prepared.passages, prepared.vectors)
                self._tell(number + 1, len(files), file.source)

    def _update(self, files: Sequence[SourceFile], known: Mapping[str, str]) -> None:
        waiting: list[_Prepared] = []
        began = time.monotonic()
        for number, file in enumerate(files):
            prepared = self._prepare(file, known)
            if prepared is not None:
                waiting.append(prepared)
            if waiting and time.monotonic() - began > _COMMIT_SECONDS:
                self._commit(waiting, ())
                waiting, began = [], time.monotonic()
            self._tell(number + 1, len(files), file.source)
        gone = self._gone(files, known)
        if waiting or gone:
            self._commit(waiting, gone)
        self._log.removed.extend(gone)

    def _gone(self, files: Sequence[SourceFile], known: Mapping[str, str]) -> list[str]:
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
            for source in known
            if source not in present
            and not any(source == failed or source.startswith(f"{failed}/") for failed in unreadable)
        )

    def _prepare(self, file: SourceFile, known: Mapping[str, str]) -> _Prepared | None:
        try:
            loaded = load_file(file)
            if known.get(file.source) == loaded.revision:
                self._log.unchanged.append(file.source)
                return None
            reading = interpret(loaded)
        except SourceError as error:
            self._log.failures.append(Failure(file.source, str(error).removeprefix(f"{file.source}: ")))
            return None
        document = reading.document
        self._log.warnings.extend(Failure(file.source, warning) for warning in reading.warnings)
        (self._log.changed if file.source in known else self._log.added).append(file.source)
        passages = segment(document)
        return _Prepared(document, passages, self._encode(document, passages))

    def _encode(self, document: Document, passages: Sequence[PassageDraft]) -> list[Vectors]:
        """Encode all of a document's passages and sentences in one go, and give each passage its rows."""
        texts = [
            encoded_texts(
                passage.text,
                ["".join(document.text[s.start : s.end] for s in pieces) for pieces in passage.sentences],
                passage.context,
            )
            for passage in passages
        ]
        rows = self._encoder.encode_passages([text for group in texts for text in group])
        ends = np.cumsum([len(group) for group in texts])
        return np.split(rows, ends[:-1]) if texts else []

    def _commit(self, prepared: Sequence[_Prepared], gone: Sequence[str]) -> None:
        with self._store.writing() as writer:
            for entry in prepared:
                writer.put(entry.document, entry.passages, entry.vectors)
            for source in gone:
                writer.remove(document_id(source))

    def _tell(self, done: int, total: int, label: str) -> None:
        if self._progress is not None:
            self._progress(done, total, label)
