from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.encoding import Encoder, Vectors
from retrieval.index import Origin, Writer
from retrieval.reading import Layout, LoadedFile, Reading, interpret
from retrieval.search import encoded_texts
from retrieval.segmenting import segment
from retrieval.types import Document, PassageDraft

__all__ = ["Prepared", "Preparer"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that the store is to have of a file."""

    document: Document
    passages: Sequence[PassageDraft]
    vectors: Sequence[Vectors]
    origin: Origin
    layout: Layout | None
    warnings: tuple[str, ...]

    def put(self, writer: Writer) -> None:
        """Write it.

        :raises SourceError: if the text or the name cannot be stored as UTF-8.
        """
        writer.put(
            self.document,
            self.passages,
            self.vectors,
            origin=self.origin,
            layout=self.layout,
            warnings=self.warnings,
        )


class Preparer:
    """Reads files, cuts them into passages and encodes those."""

    def __init__(self, encoder: Encoder) -> None:
        """Make vectors with ``encoder``."""
        self._encoder = encoder

    def prepare(self, file: LoadedFile, origin: Origin) -> Prepared:
        """Read a file that was loaded.

        :raises SourceError: if it cannot be read.
        """
        return self.finish(interpret(file), origin)

    def finish(self, reading: Reading, origin: Origin) -> Prepared:
        """Cut and encode what was read."""
        document = reading.document
        passages = segment(document)
        vectors = self._encode(document, passages)
        return Prepared(document, passages, vectors, origin, reading.layout, tuple(reading.warnings))

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
