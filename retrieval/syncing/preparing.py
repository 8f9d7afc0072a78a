from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias, TypeVar

import numpy as np

from retrieval.encoding import Encoder, Vectors
from retrieval.index import Origin, Snapshot, Writer
from retrieval.reading import Layout, LoadedFile, Reading, interpret
from retrieval.search import encoded_texts
from retrieval.types import Document, Passage, PassageDraft, Span

__all__ = ["Earlier", "Prepared", "Preparer", "earlier_vectors", "encode"]

Earlier: TypeAlias = Mapping[tuple[str, ...], Vectors]
"""The rows of passages by the texts that were encoded for them."""

_Cut = TypeVar("_Cut", bound=PassageDraft | Passage)

# Passages encoded in one go: enough to fill the encoder's batches, and some megabytes of vectors.
_TOGETHER = 512


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that the store is to have of a file.

    ``passages`` come with their vectors in the document's order. They may be cut and encoded only as they are taken,
    and can be taken once.
    """

    document: Document
    passages: Iterable[tuple[PassageDraft, Vectors]]
    origin: Origin
    layout: Layout | None
    warnings: tuple[str, ...]

    def put(self, writer: Writer) -> None:
        """Write it.

        :raises SourceError: if the text or the name cannot be stored as UTF-8.
        """
        writer.put(self.document, self.passages, origin=self.origin, layout=self.layout, warnings=self.warnings)


class Preparer:
    """Reads files, cuts them into passages and encodes those."""

    def __init__(self, encoder: Encoder, tell: Callable[[str], None] | None = None) -> None:
        """Make vectors with ``encoder``, and tell how far a long document is: its name and a share in percent."""
        self._encoder = encoder
        self._tell = tell

    def prepare(self, file: LoadedFile, origin: Origin) -> Prepared:
        """Read, cut and encode a file that was loaded, so that whoever writes it is done soon.

        :raises SourceError: if it cannot be read.
        """
        prepared = self.finish(interpret(file), origin)
        return replace(prepared, passages=list(prepared.passages))

    def finish(self, reading: Reading, origin: Origin, earlier: Earlier | None = None) -> Prepared:
        """Cut and encode what was read, as it is taken: a document of any length takes the memory of a part of it.

        :param earlier: the vectors of passages that need not be encoded again.
        """
        passages = self._passages(reading.document, earlier or {})
        return Prepared(reading.document, passages, origin, reading.layout, tuple(reading.warnings))

    def _passages(self, document: Document, earlier: Earlier) -> Iterator[tuple[PassageDraft, Vectors]]:
        # Its patterns take a quarter of a second to compile, and most syncs find nothing new to cut.
        from retrieval.segmenting import iter_passages

        encoded = encode(self._encoder, iter_passages(document), document.text, earlier)
        for number, (passage, rows) in enumerate(encoded):
            if number and number % _TOGETHER == 0 and self._tell is not None:
                self._tell(f"{document.source}, {100 * passage.spans[0].start // len(document.text)} %")
            yield passage, rows


def encode(
    encoder: Encoder, passages: Iterable[_Cut], text: str, earlier: Earlier | None = None
) -> Iterator[tuple[_Cut, Vectors]]:
    """Encode passages and their sentences, some hundreds in one go.

    :param text: that of the document.
    :param earlier: the vectors of passages that need not be encoded again.
    :return: each passage with its rows, ``(1 + sentences, dimension)``.
    """
    known, remaining = earlier or {}, iter(passages)
    while some := list(islice(remaining, _TOGETHER)):
        texts = _texts(some, text)
        new = [group for group in texts if group not in known]
        rows = encoder.encode_passages([text for group in new for text in group])
        ends = np.cumsum([len(group) for group in new])
        fresh = iter(np.split(rows, ends[:-1]) if new else [])
        for passage, group in zip(some, texts, strict=True):
            yield passage, known[group] if group in known else next(fresh)


def earlier_vectors(snapshot: Snapshot, document_id: str) -> Earlier:
    """Give the vectors of a document's passages by what was encoded for them."""
    text, passages = snapshot.document(document_id).text, snapshot.passages_of(document_id)
    block = snapshot.vectors_of([passage.id for passage in passages])
    rows = {i: block.vectors[block.passage_ids == i] for i in set(block.passage_ids.tolist())}
    return {
        group: rows[passage.id]
        for passage, group in zip(passages, _texts(passages, text), strict=True)
        if len(rows.get(passage.id, ())) == len(group)
    }


def _texts(passages: Sequence[PassageDraft | Passage], text: str) -> list[tuple[str, ...]]:
    return [
        tuple(encoded_texts(passage.text, [_joined(pieces, text) for pieces in passage.sentences], passage.context))
        for passage in passages
    ]


def _joined(pieces: Sequence[Span], text: str) -> str:
    return "".join(text[piece.start : piece.end] for piece in pieces)
