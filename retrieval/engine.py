import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from retrieval.encoding import Encoder, load_encoder, spec_of
from retrieval.errors import EncoderMismatchError
from retrieval.index import Shelf, Snapshot, StoreVersion
from retrieval.saved_indexes import SavedIndexes
from retrieval.search import IndexBackend, Lexicon, Searcher, SearchIndexes
from retrieval.types import LOCAL, BackendChoice, VectorIndexInfo

__all__ = ["Engine"]

_HERE = BackendChoice(LOCAL)
_CACHE = "cache"
_ENCODER = "encoder"


class Engine:
    """What an archive searches with: its encoder, its lexicon, and the searcher over its current contents.

    Each is opened once, when it is first needed, by whichever thread comes first.
    """

    def __init__(
        self,
        path: Path,
        encoder: str,
        cache: Path | None,
        backend: BackendChoice = _HERE,
        shelf: Shelf | None = None,
    ) -> None:
        """Serve the archive in the folder ``path`` with the encoder of this specification; nothing is opened yet.

        :param cache: the folder of the unpacked encoder and dictionary, None for one in the archive's folder.
        :param backend: where its passages are searched.
        :param shelf: what other machines note of what the archive has on servers; None if there are no others.
        :raises BackendError: if the backend's address is none.
        """
        self._path = path
        self._spec = encoder
        self._cache = cache or path / _CACHE
        self._encoder_lock = threading.Lock()
        self._searcher_lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._searchers: dict[StoreVersion, Searcher] = {}
        self.lexicon = Lexicon(self._cache)
        self._saved = SavedIndexes(path, self.lexicon, backend, shelf)

    @property
    def is_remote(self) -> bool:
        """Whether what is searched lies outside of the archive's folder, where an update changes it for all readers."""
        return self._saved.is_remote

    def close(self) -> None:
        """Let go of connections."""
        self._saved.close()

    def encoder(self, built_with: str | None = None) -> Encoder:
        """Give the encoder, and make sure that it is the one named ``built_with``.

        :raises EncoderError: if it cannot be loaded.
        :raises EncoderMismatchError: if it is another one.
        """
        with self._encoder_lock:
            if self._encoder is None:
                self._encoder = load_encoder(self._spec, self._cache / _ENCODER)
            encoder = self._encoder
        if built_with is not None and encoder.name.rpartition("#")[2] != built_with.rpartition("#")[2]:
            raise self.mismatch(built_with)
        return encoder

    def searcher(self, snapshot: Snapshot, newest: Callable[[], StoreVersion]) -> Searcher | None:
        """Give the searcher for exactly this state of the contents: kept, loaded, or made and saved.

        It is made from the indexes of an earlier state of the same line if this process has some.

        :param newest: tells the version of the contents as they are now.
        :returns: None if the indexes of this state are gone because a newer one is there.
        :raises ArchiveEmptyError: if there is no passage.
        """
        encoder = self.encoder(snapshot.encoder)
        # Threads that come while the indexes are opened wait for them rather than open them again.
        with self._searcher_lock:
            kept = self._searchers.get(snapshot.version)
            if kept is not None:
                return kept
            indexes = self._saved.load(snapshot, snapshot.version)
            if indexes is None:
                if newest() != snapshot.version:
                    return None
                earlier = self._earlier(snapshot.version)
                indexes = self._saved.make(snapshot, encoder, earlier, lambda: newest() == snapshot.version)
                if snapshot.version.line:
                    # Whoever changed the archive may have done it on another machine, and removed the files there.
                    self._saved.replace_here(snapshot.version, indexes)
            return self._keep(snapshot.version, indexes, encoder)

    def prepare(self, snapshot: Snapshot, before: StoreVersion | None) -> None:
        """Make ready to search contents that are about to be written, while others search those of now.

        :param before: the version from which the contents come by adding and removing passages, None if from none.
        """
        if not snapshot.passage_count():
            return
        encoder = self.encoder(snapshot.encoder)
        kept = self._searchers.get(before) if before is not None else None
        earlier = (
            kept.indexes if kept is not None else self._saved.load(snapshot, before) if before is not None else None
        )
        indexes = self._saved.make(snapshot, encoder, earlier, lambda: True)
        with self._searcher_lock:
            self._keep(snapshot.version, indexes, encoder)

    def settle(self, snapshot: Snapshot) -> None:
        """Forget the indexes of all other states; call it under the archive's lock when this one has been written.

        :raises BackendError: if what holds them cannot be reached; the next change tries again.
        """
        with self._searcher_lock:
            self._searchers = {kept: each for kept, each in self._searchers.items() if kept == snapshot.version}
        self.tidy(snapshot)

    def forget(self) -> None:
        """Remove the indexes of all states; under the archive's lock.

        :raises BackendError: if what holds them cannot be reached.
        """
        with self._searcher_lock:
            self._searchers = {}
        self._saved.remove_all()

    def tidy(self, snapshot: Snapshot) -> None:
        """Remove the indexes' files of other states, also those that a killed process left; under the archive's lock.

        :raises BackendError: if what holds some outside of the archive's folder cannot be reached.
        """
        self._saved.replace_everywhere(snapshot.version)
        if not self.is_remote:
            return
        kept = self._searchers.get(snapshot.version)
        indexes = kept.indexes if kept is not None else self._saved.load(snapshot, snapshot.version)
        # Without indexes another process may be making them just now.
        if indexes is not None or not snapshot.passage_count():
            self._saved.settle(indexes)

    def remake(self, snapshot: Snapshot) -> None:
        """Make the indexes of a state anew, in place of those that are not as they should be; under the archive's lock.

        :raises BackendError: if what is to hold them cannot be reached; those of before stay.
        """
        if not snapshot.passage_count():
            return
        encoder = self.encoder(snapshot.encoder)

        def make_room() -> bool:
            self._saved.remove(snapshot.version)
            return True

        indexes = self._saved.make(snapshot, encoder, None, make_room)
        with self._searcher_lock:
            self._searchers.pop(snapshot.version, None)
            self._keep(snapshot.version, indexes, encoder)

    def index_info(self, snapshot: Snapshot) -> VectorIndexInfo | None:
        """Tell how the vectors of a state are searched, None if its indexes are not there, whole and readable."""
        indexes = self._saved.load(snapshot, snapshot.version)
        return indexes.dense.info if indexes is not None else None

    def problems(self, snapshot: Snapshot) -> Iterator[str]:
        """Give what is wrong with the indexes of a state outside of the archive's folder.

        :raises BackendError: if that cannot be reached.
        """
        indexes = self._saved.load(snapshot, snapshot.version)
        if indexes is not None:
            yield from self._saved.problems(indexes)

    def use_backend(self, backend: BackendChoice) -> "IndexBackend":
        """Search elsewhere from now on, with indexes that are yet to be made; give the backend of before, still open.

        :raises BackendError: if the backend's address is none.
        """
        before = self._saved.use_backend(backend)
        with self._searcher_lock:
            self._searchers = {}
        return before

    def use_encoder(self, spec: str) -> None:
        """Encode with the encoder of another specification from now on."""
        with self._encoder_lock:
            self._spec, self._encoder = spec, None

    def mismatch(self, built_with: str) -> EncoderMismatchError:
        """Give the error to raise when the archive was built with another encoder."""
        # Of the same name but not the same: the installed weights are newer or older.
        same = f"ask with WENJU_ENCODER={spec_of(built_with)}, or " if spec_of(built_with) != self._spec else ""
        return EncoderMismatchError(
            f"the archive at {self._path} was built with the encoder {built_with}, and {self._spec!r} gives other "
            f"vectors; {same}make the vectors anew with: wenju sync --reencode"
        )

    def _earlier(self, version: StoreVersion) -> SearchIndexes | None:
        """Give indexes of this process from which those of a version can be made."""
        if self._saved.is_shared:
            # To change them would be to change them for all machines.
            return None
        kept = [searcher.indexes for each, searcher in self._searchers.items() if version.line == each.line != ""]
        return kept[-1] if kept else None

    def _keep(self, version: StoreVersion, indexes: SearchIndexes, encoder: Encoder) -> Searcher:
        searcher = Searcher(indexes, encoder, self.lexicon)
        # The one before serves until the other has been written.
        newest = list(self._searchers.items())[-1:]
        self._searchers = dict([*newest, (version, searcher)])
        return searcher
