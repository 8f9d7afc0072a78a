from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from retrieval.encoding import Encoder, Vectors
from retrieval.index import Origin, Snapshot, Writer
from retrieval.reading import Layout, LoadedFile, Reading, interpret
from retrieval.search import encoded_texts
from retrieval.types import Document, Passage, PassageDraft

__all__ = ["Earlier", "Prepared", "Preparer", "earlier_vectors", "encode"]

Earlier: TypeAlias = Mapping[tuple[str, ...], Vectors]
"""The rows of passages by the texts that were encoded for them."""


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

    def finish(self, reading: Reading, origin: Origin, earlier: Earlier | None = None) -> Prepared:
        """Cut and encode what was read.

        :param earlier: the vectors of passages that need not be encoded again.
        """
        # Its patterns take a quarter of a second to compile, and most syncs find nothing new to cut.
        from retrieval.segmenting import segment

        document = reading.document
        passages = segment(document)
        pieces = [
            [tuple(document.text[s.start : s.end] for s in sentence) for sentence in passage.sentences]
            for passage in passages
        ]
        vectors = encode(self._encoder, passages, pieces, earlier)
        return Prepared(document, passages, vectors, origin, reading.layout, tuple(reading.warnings))


def encode(
    encoder: Encoder,
    passages: Sequence[PassageDraft | Passage],
    pieces: Sequence[Sequence[Sequence[str]]],
    earlier: Earlier | None = None,
) -> list[Vectors]:
    """Encode passages and their sentences in one go, and give each passage its rows, ``(1 + sentences, dimension)``.

    :param pieces: for each passage the text of each piece of each of its sentences.
    :param earlier: the vectors of passages that need not be encoded again.
    """
    texts = _texts(passages, pieces)
    known = earlier or {}
    new = [group for group in texts if group not in known]
    rows = encoder.encode_passages([text for group in new for text in group])
    ends = np.cumsum([len(group) for group in new])
    fresh = iter(np.split(rows, ends[:-1]) if new else [])
    return [known[group] if group in known else next(fresh) for group in texts]


def earlier_vectors(snapshot: Snapshot, document_id: str) -> Earlier:
    """Give the vectors of a document's passages by what was encoded for them."""
    text, passages = snapshot.document(document_id).text, snapshot.passages_of(document_id)
    pieces = [[tuple(text[s.start : s.end] for s in sentence) for sentence in p.sentences] for p in passages]
    block = snapshot.vectors_of([passage.id for passage in passages])
    rows = {i: block.vectors[block.passage_ids == i] for i in set(block.passage_ids.tolist())}
    return {
        group: rows[passage.id]
        for passage, group in zip(passages, _texts(passages, pieces), strict=True)
        if len(rows.get(passage.id, ())) == len(group)
    }


def _texts(
    passages: Sequence[PassageDraft | Passage], pieces: Sequence[Sequence[Sequence[str]]]
) -> list[tuple[str, ...]]:
    return [
        tuple(encoded_texts(passage.text, ["".join(sentence) for sentence in sentences], passage.context))
        for passage, sentences in zip(passages, pieces, strict=True)
    ]
