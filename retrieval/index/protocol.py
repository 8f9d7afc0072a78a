"""What a store is to those who read and write it, whichever database holds it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.index.records import KnownFile, Origin, PassageFacets, StoreVersion, VectorBlock
from retrieval.types import BlockKind, Document, DocumentInfo, Passage, PassageDraft

if TYPE_CHECKING:
    from retrieval.reading import Layout

__all__ = ["Snapshot", "Writer"]

_UNKNOWN = Origin()


class Snapshot(Protocol):
    """A store's contents as they were at one moment, whatever is written meanwhile.

    It comes from :meth:`retrieval.index.store.Store.snapshot` and lives as long as that block. Every reading method
    can raise ``ArchiveDamagedError`` and ``StorageError``.
    """

    @property
    def encoder(self) -> str:
        """The name of the encoder that made the vectors."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    @property
    def backend(self) -> str:
        """Where the passages are searched."""

    @property
    def version(self) -> StoreVersion:
        """Which state of the contents this is."""

    @property
    def generation(self) -> int:
        """How many times the contents have changed."""

    def documents(self) -> list[DocumentInfo]:
        """List the documents, sorted by source."""

    def document_info(self, document_id: str) -> DocumentInfo:
        """Describe one document, whose text is not read.

        :raises UnknownDocumentError: if there is none of this id.
        """

    def document(self, document_id: str) -> Document:
        """Give a document with its text.

        :raises UnknownDocumentError: if there is none of this id.
        """

    def files(self) -> Mapping[str, KnownFile]:
        """Give each source's file as it was read, for telling which have changed."""

    def file(self, document_id: str) -> KnownFile:
        """Give the file that a document was read from.

        :raises UnknownDocumentError: if there is none of this id.
        """

    def loose_uploads(self) -> list[tuple[str, str]]:
        """Give source and revision of the uploads' files that no document may need."""

    def layout(self, document_id: str) -> "Layout | None":
        """Give what a document's file says about its text beyond the characters: pages, places of lines, headings.

        :returns: None where its format has nothing of the kind, or an older version wrote it and no sync came since.
        :raises UnknownDocumentError: if there is none of this id.
        """

    def document_count(self) -> int:
        """Count the documents."""

    def source(self, document_id: str) -> str:
        """Give a document's name in the archive without reading its text.

        :raises UnknownDocumentError: if there is none of this id.
        """

    def sources(self, document_ids: Sequence[str]) -> list[str]:
        """Give documents' names in the archive in the order of ``document_ids``.

        :raises UnknownDocumentError: if there is none of one of these ids.
        """

    def passage_count(self) -> int:
        """Count the passages."""

    def passage(self, passage_id: int) -> Passage:
        """Give one passage.

        :raises UnknownDocumentError: if there is none of this id.
        """

    def passages(self, passage_ids: Sequence[int]) -> list[Passage]:
        """Give passages in the order of ``passage_ids``.

        :raises UnknownDocumentError: if there is none of one of these ids.
        """

    def passages_of(self, document_id: str) -> list[Passage]:
        """Give a document's passages in reading order."""

    def passage_ids(self, document_id: str, kinds: Collection[BlockKind]) -> list[int]:
        """Give the ids of a document's passages of some kinds, in reading order."""

    def all_passage_ids(self) -> NDArray[np.int64]:
        """Give the ids of all passages, ascending."""

    def iter_passages(self, after: int = 0) -> Iterator[Passage]:
        """Give all passages by ascending id, with no more than one document's text in memory.

        :param after: leave out the passages up to this id.
        """

    def facets(self) -> Iterator[PassageFacets]:
        """Give what filters look at, of all passages by ascending id: in one go, without their texts."""

    def vectors(self, after: int = 0, until: int | None = None) -> Iterator[VectorBlock]:
        """Give all vectors in blocks, ordered by (passage id, unit) over all of them.

        :param after: leave out those of the passages up to this id.
        :param until: leave out those of the passages after this id; None for none.
        """

    def vectors_of(self, passage_ids: Sequence[int]) -> VectorBlock:
        """Give the vectors of some passages, given by ascending id."""

    def vector_sample(self, count: int) -> VectorBlock:
        """Give ``count`` vectors, spread evenly over all, or all if there are fewer."""

    def vector_count(self) -> int:
        """Count the vectors of passages and sentences."""

    def check(self) -> None:
        """Look through the whole database; takes seconds on a large one.

        :raises ArchiveDamagedError: if anything is wrong.
        """


class Writer(Protocol):
    """Changes a store within one transaction; it comes from :meth:`retrieval.index.store.Store.writing`.

    A method that raises leaves no trace, and the transaction can go on. Every method can raise ``StorageError`` and
    ``ArchiveDamagedError`` at the end of the block, and then nothing of the transaction is kept.
    """

    def put(
        self,
        document: Document,
        passages: Iterable[tuple[PassageDraft, NDArray[np.float32]]],
        *,
        origin: Origin = _UNKNOWN,
        layout: "Layout | None" = None,
        warnings: Sequence[str] = (),
    ) -> None:
        """Add a document, in place of any of the same id or source.

        Passages get ascending ids in their order, and are written as they come. The vectors of each have the shape
        ``(1 + sentences, dimension)``: first the whole passage, then its sentences. Whatever is raised, also by
        ``passages``, leaves the store as it was.

        :raises ProvenanceError: if a passage's text is not what the document has at its spans.
        :raises EncoderError: if the vectors do not fit the passages, or are not finite numbers.
        :raises SourceError: if the text or the name cannot be stored as UTF-8.
        """

    def locate(self, document_id: str, origin: Origin) -> None:
        """Note where the file of a document is now; its contents, and so the generation, stay as they are."""

    def rename(self, document_id: str, new_id: str, source: str, origin: Origin) -> None:
        """Give a document another id and source, and all else of it stays; nothing happens if it is not there.

        :raises SourceError: if the name cannot be stored as UTF-8.
        """

    def annotate(self, document_id: str, layout: "Layout | None", warnings: Sequence[str]) -> None:
        """Note what the file of a document says beyond its text, which stays as it is."""

    def remove(self, document_id: str) -> bool:
        """Remove a document with its passages and vectors; tell whether it was there.

        The file of an upload becomes loose.
        """

    def expect_upload(self, source: str, revision: str) -> None:
        """Note that a file is about to be kept for a document that does not exist yet: until then it is loose."""

    def settle_upload(self, source: str, revision: str) -> None:
        """Note that a kept file is no longer loose: a document has it, or it has been removed."""

    def restart_vectors(self, *, encoder: str, dimension: int) -> None:
        """Remove all vectors, to be given anew with another encoder by :meth:`put_vectors` for every passage."""

    def put_vectors(self, passage: Passage, units: NDArray[np.float32]) -> None:
        """Give a passage that has none its vectors, of the shape ``(1 + sentences, dimension)``.

        :raises EncoderError: if they do not fit the passage, or are not finite numbers.
        """

    def clear(self, *, encoder: str, dimension: int) -> None:
        """Remove everything and start again with another encoder; passage ids begin at 1 as in a new store."""

    def set_backend(self, backend: str) -> None:
        """Note where the passages are searched from now on."""
