from collections.abc import Iterator
from pathlib import Path

from retrieval.encoding import Encoder
from retrieval.index import Snapshot
from retrieval.index.milvus import MilvusServer
from retrieval.index.milvus_passages import MilvusPassages
from retrieval.index.registry import Registry
from retrieval.search.indexes import RECIPE
from retrieval.search.lexicon import Lexicon
from retrieval.search.protocol import SearchIndexes
from retrieval.search.remote import RemoteIndexes
from retrieval.search.remote_building import RemoteBuilder

__all__ = ["RemoteBackend"]


class RemoteBackend:
    """Passages in Milvus; in the archive's folder what they are counted by, and the words' vectors.

    Passages are put in before a state is committed and taken out after: a state finds all that are its own, and leaves
    out what is not.
    """

    # To be raised with every change of what is put into Milvus or kept of it.
    recipe = f"milvus 1, {RECIPE}"
    is_remote = True

    def __init__(self, server: MilvusServer, registry: Registry, lexicon: Lexicon) -> None:
        """Use ``server``, of which ``registry`` has the names of what the archive made there."""
        self._server = server
        self._registry = registry
        self._lexicon = lexicon

    def load(self, folder: Path, snapshot: Snapshot) -> SearchIndexes:
        """Open saved indexes; Milvus is not asked yet.

        :raises ArchiveDamagedError: if files are missing or damaged.
        """
        return RemoteIndexes.load(folder, self._server, snapshot.dimension, self._lexicon)

    def make(
        self,
        snapshot: Snapshot,
        encoder: Encoder,
        earlier: SearchIndexes | None,
        workshop: Path | None,  # noqa: ARG002 - as IndexBackend has it
    ) -> SearchIndexes:
        """Index contents, from ``earlier`` indexes where these are of the same line.

        :raises BackendError: if Milvus cannot be asked.
        """
        builder = RemoteBuilder(snapshot, encoder, self._lexicon, self._server, self._registry)
        grown = builder.grown(earlier) if isinstance(earlier, RemoteIndexes) else None
        return grown or builder.build()

    def settle(self, indexes: SearchIndexes | None) -> None:
        """Remove what only other states than that of ``indexes`` need, and all where it is None.

        :raises BackendError: if Milvus cannot be asked.
        """
        needed = ""
        if isinstance(indexes, RemoteIndexes):
            needed = indexes.contents.name
            # What is missing as a whole is made anew by the doctor, who comes by here.
            if len(indexes.contents.gone) and indexes.passages.exist():
                indexes.passages.delete(indexes.contents.gone.tolist())
        for name in self._registry.names():
            if name != needed:
                MilvusPassages(self._server, name).drop()
                self._registry.remove(name)

    def problems(self, indexes: SearchIndexes) -> Iterator[str]:
        """Give what Milvus has too much or too little of.

        :raises BackendError: if Milvus cannot be asked.
        """
        if not isinstance(indexes, RemoteIndexes):
            raise TypeError("these are indexes of another backend")
        if not indexes.passages.exist():
            yield f"Milvus at {self._server.name} lacks {indexes.passages.name}, in which this archive is searched"
            return
        expected = (len(indexes.passage_ids), indexes.contents.units)
        found = indexes.passages.counts()
        for kind, right, there in zip(("passages", "vectors"), expected, found, strict=True):
            if right != there:
                yield f"Milvus at {self._server.name} has {there} {kind} of this archive instead of {right}"

    def close(self) -> None:
        """Let go of the connection to Milvus."""
        self._server.close()
