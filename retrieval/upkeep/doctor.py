from collections.abc import Iterator
from dataclasses import replace

from retrieval.engine import Engine
from retrieval.errors import BackendError
from retrieval.index import Snapshot, Store
from retrieval.types import CheckReport, Finding, ProgressCallback, VectorIndexInfo
from retrieval.upkeep.editor import Editor
from retrieval.upkeep.examination import VECTORS, examine_contents, examine_uploads, examine_vectors

__all__ = ["DERIVED", "Doctor"]

DERIVED = "indexes"


class Doctor:
    """Checks all of an archive, and repairs what can be made from the rest: vectors and indexes.

    What the store itself has lost cannot be made up: it comes from a backup, or from the files.
    """

    def __init__(self, store: Store, engine: Engine) -> None:
        """Look after ``store``, which ``engine`` searches."""
        self._store = store
        self._engine = engine

    def check(self) -> CheckReport:
        """Look at everything; others may ask and write meanwhile.

        :raises StorageError: if the archive cannot be read.
        """
        with self._store.snapshot() as snapshot:
            findings, index = list(examine_contents(snapshot)), None
            if not findings:
                findings.extend(examine_vectors(snapshot))
                index = self._index_info(snapshot)
                if index is None and snapshot.passage_count():
                    problem = f"the indexes of generation {snapshot.generation} are missing or damaged"
                    findings.append(Finding(DERIVED, problem))
                findings.extend(self._outside(snapshot))
            findings.extend(examine_uploads(snapshot, self._store.uploads))
            return CheckReport(snapshot.document_count(), snapshot.passage_count(), tuple(findings), index)

    def _index_info(self, snapshot: Snapshot) -> VectorIndexInfo | None:
        found = self._engine.index_info(snapshot)
        if found is None and self._store.is_shared and snapshot.passage_count():
            # This machine may not have been asked since another one changed the archive.
            self._engine.searcher(snapshot, lambda: snapshot.version)
            found = self._engine.index_info(snapshot)
        return found

    def _outside(self, snapshot: Snapshot) -> Iterator[Finding]:
        try:
            yield from (Finding(DERIVED, problem) for problem in self._engine.problems(snapshot))
        except BackendError as error:
            yield Finding(DERIVED, str(error))

    def repair(self, progress: ProgressCallback | None) -> CheckReport:
        """Look at everything, make anew what can be, and look again.

        :raises ArchiveLockedError: if another process is writing to the archive.
        :raises EncoderMismatchError: if vectors are to be made anew, and the archive was built with another encoder.
        :raises StorageError: if the disk is full or read-only.
        """
        before = self.check()
        editor = Editor(self._store, self._engine)
        parts = {finding.part for finding in before.findings}
        if VECTORS in parts:
            self._engine.encoder(self._store.encoder)
            editor.reencode(progress)
        elif DERIVED in parts:
            editor.reindex()
        after = self.check()
        left = {(finding.part, finding.problem) for finding in after.findings}
        repaired = [replace(f, repaired=True) for f in before.findings if (f.part, f.problem) not in left]
        return replace(after, findings=(*repaired, *after.findings))
