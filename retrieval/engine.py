import threading
from contextlib import suppress
from pathlib import Path

from retrieval.encoding import Encoder, load_encoder, spec_of
from retrieval.errors import ArchiveDamagedError, ArchiveEmptyError, EncoderMismatchError, StorageError
from retrieval.index import DerivedFiles, Snapshot, StoreVersion, VectorBlock
from retrieval.search import RECIPE, Indexes, Lexicon, Searcher

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
        self._searcher: tuple[StoreVersion, Searcher] | None = None
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

    def searcher(self, snapshot: Snapshot) -> Searcher:
        """Give the searcher for exactly this state of the contents: kept, loaded, or made anew and saved.

        :raises ArchiveEmptyError: if there is no passage.
        """
        encoder = self.encoder(snapshot.encoder)
        # Threads that come while the indexes are opened wait for them rather than open them again.
        with self._searcher_lock:
            if self._searcher is None or self._searcher[0] != snapshot.version:
                self._searcher = (snapshot.version, Searcher(self._indexes(snapshot, encoder), encoder, self.lexicon))
            return self._searcher[1]

    def mismatch(self, built_with: str) -> EncoderMismatchError:
        """Give the error to raise when the archive was built with another encoder."""
        # Of the same name but not the same: the installed weights are newer or older.
        same = f"ask with WENJU_ENCODER={spec_of(built_with)}, or " if spec_of(built_with) != self._spec else ""
        return EncoderMismatchError(
            f"the archive at {self._path} was built with the encoder {built_with}, and {self._spec!r} gives other "
            f"vectors; {same}build it anew with: wenju sync --rebuild PATH…"
        )

    def _indexes(self, snapshot: Snapshot, encoder: Encoder) -> Indexes:
        folder = self._derived.load(snapshot.version)
        if folder is not None:
            try:
                return Indexes.load(folder)
            except ArchiveDamagedError:
                # Another process may have removed them just now; the store has all that they are made from.
                pass
        if not snapshot.passage_count():
            raise ArchiveEmptyError(f"the archive at {self._path} holds no document; add some with: wenju sync PATH…")
        vectors = VectorBlock.join(snapshot.vectors(), snapshot.dimension)
        indexes = Indexes.build(snapshot.iter_passages(), vectors, encoder, self.lexicon.pinyin)
        # A read-only archive is searched from memory.
        with suppress(StorageError):
            self._derived.save(snapshot.version, indexes.parts())
        return indexes
