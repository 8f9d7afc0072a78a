import threading
from collections.abc import Callable
from pathlib import Path

from retrieval.encoding import Encoder, load_encoder, spec_of
from retrieval.errors import ArchiveDamagedError, ArchiveEmptyError, EncoderMismatchError, StorageError
from retrieval.index import DerivedFiles, Snapshot, StoreVersion
from retrieval.search import RECIPE, IndexBuilder, Indexes, Lexicon, Searcher
from retrieval.types import VectorIndexInfo

__all__ = ["Engine"]

_CACHE = "cache"
_ENCODER = "encoder"


class Engine:
    """What an archive searches with: its encoder, its lexicon, and the searcher over its current contents.

    Each is opened once, when it is first needed, by whichever thread comes first.
    """

    def __init__(self, path: Path, encoder: str, cache: Path | None) -> None:
        """Serve the archive in the folder ``path`` with the encoder of this specification; nothing is opened yet.

        :param cache: the folder of the unpacked encoder and dictionary, None for one in the archive's folder.
        """
        self._path = path
        self._spec = encoder
        self._cache = cache or path / _CACHE
        self._derived = DerivedFiles(path, recipe=RECIPE)
        self._encoder_lock = threading.Lock()
        self._searcher_lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._searchers: dict[StoreVersion, Searcher] = {}
        self.lexicon = Lexicon(self._cache)

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
        """Give the searcher for exactly this state of the contents: kept, loaded, or made anew and saved.

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
            indexes = self._load(snapshot, snapshot.version)
            if indexes is None:
                if newest() != snapshot.version:
                    return None
                indexes = self._make(snapshot, encoder, None, lambda: newest() == snapshot.version)
            return self._keep(snapshot.version, indexes, encoder)

    def prepare(self, snapshot: Snapshot, before: StoreVersion | None) -> None:
        """Make ready to search contents that are about to be written, while others search those of now.

        :param before: the version from which the contents come by adding and removing passages, None if from none.
        """
        if not snapshot.passage_count():
            return
        encoder = self.encoder(snapshot.encoder)
        kept = self._searchers.get(before) if before is not None else None
        earlier = kept.indexes if kept is not None else self._load(snapshot, before) if before is not None else None
        indexes = self._make(snapshot, encoder, earlier, lambda: True)
        with self._searcher_lock:
            self._keep(snapshot.version, indexes, encoder)

    def settle(self, version: StoreVersion) -> None:
        """Forget the indexes of all other states; call it under the archive's lock when this one has been written."""
        self._derived.remove_others(version)
        with self._searcher_lock:
            self._searchers = {kept: searcher for kept, searcher in self._searchers.items() if kept == version}

    def forget(self, version: StoreVersion) -> None:
        """Forget the indexes of a state that are not as they should be."""
        with self._searcher_lock:
            self._searchers.pop(version, None)

    def index_info(self, snapshot: Snapshot) -> VectorIndexInfo | None:
        """Tell how the vectors of a state are searched, None if its indexes are not there, whole and readable."""
        indexes = self._load(snapshot, snapshot.version)
        return indexes.dense.info if indexes is not None else None

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

    def _load(self, snapshot: Snapshot, version: StoreVersion) -> Indexes | None:
        folder = self._derived.load(version)
        return self._open(folder, snapshot) if folder is not None else None

    def _open(self, folder: Path, snapshot: Snapshot) -> Indexes | None:
        try:
            return Indexes.load(folder, snapshot.dimension)
        except ArchiveDamagedError:
            # Another process may have removed them just now; the store has all that they are made from.
            return None

    def _make(
        self, snapshot: Snapshot, encoder: Encoder, earlier: Indexes | None, still_wanted: Callable[[], bool]
    ) -> Indexes:
        """Make indexes, from ``earlier`` ones where they are of the same line, and save them if ``still_wanted``."""
        if not snapshot.passage_count():
            raise ArchiveEmptyError(f"the archive at {self._path} holds no document; add some with: wenju sync PATH…")
        with self._derived.workshop() as workshop:
            builder = IndexBuilder(snapshot, encoder, self.lexicon.pinyin, workshop)
            indexes = builder.grown(earlier) if earlier is not None else None
            indexes = indexes or builder.build()
            # A newer one must not get older company, which may hold what was removed.
            if not still_wanted():
                return indexes
            try:
                saved = self._derived.save(snapshot.version, indexes.parts())
            except (StorageError, ArchiveDamagedError):
                # A read-only archive, one on a full disk, or one whose files vanish meanwhile, is searched from memory.
                return indexes
        return self._open(saved, snapshot) or indexes

    def _keep(self, version: StoreVersion, indexes: Indexes, encoder: Encoder) -> Searcher:
        searcher = Searcher(indexes, encoder, self.lexicon)
        # The one before serves until the other has been written.
        newest = list(self._searchers.items())[-1:]
        self._searchers = dict([*newest, (version, searcher)])
        return searcher
