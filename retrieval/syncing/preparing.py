from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.encoding import Encoder, Vectors
from retrieval.index import Origin, Writer
from retrieval.reading import Layout, LoadedFile, Reading, interpret
from retrieval.search import encoded_texts
from retrieval.segmenting import segment
from retrieval.types import Document, Passage, PassageDraft

__all__ = ["Prepared", "Preparer", "encode"]


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
        pieces = [
            [tuple(document.text[s.start : s.end] for s in sentence) for sentence in passage.sentences]
            for passage in passages
        ]
        vectors = encode(self._encoder, passages, pieces)
        return Prepared(document, passages, vectors, origin, reading.layout, tuple(reading.warnings))


def encode(
    encoder: Encoder, passages: Sequence[PassageDraft | Passage], pieces: Sequence[Sequence[Sequence[str]]]
) -> list[Vectors]:
    """Encode passages and their sentences in one go, and give each passage its rows, ``(1 + sentences, dimension)``.

    :param pieces: for each passage the text of each piece of each of its sentences.
    """
    texts = [
        encoded_texts(passage.text, ["".join(sentence) for sentence in sentences], passage.context)
        for passage, sentences in zip(passages, pieces, strict=True)
    ]
    rows = encoder.encode_passages([text for group in texts for text in group])
    ends = np.cumsum([len(group) for group in texts])
    return np.split(rows, ends[:-1]) if texts else []
