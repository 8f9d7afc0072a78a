from collections.abc import Iterator
from hashlib import sha256

import numpy as np

from retrieval.errors import ArchiveDamagedError, OriginalMissingError, ProvenanceError
from retrieval.index import Snapshot, Uploads
from retrieval.types import Document, Finding, Passage

__all__ = ["CONTENTS", "UPLOADS", "VECTORS", "examine_contents", "examine_uploads", "examine_vectors"]

CONTENTS = "contents"
UPLOADS = "uploads"
VECTORS = "vectors"
# How far from 1 a vector's length may be: single precision over a thousand numbers.
_LENGTH_TOLERANCE = 1e-3


def examine_contents(snapshot: Snapshot) -> Iterator[Finding]:
    """Check the database's pages, the texts by their checksums, layouts, and every passage's spans.

    Passages have no text of their own: it is read from the document at their spans, so what can be wrong is the spans.
    """
    try:
        snapshot.check()
    except ArchiveDamagedError as error:
        yield Finding(CONTENTS, str(error))
        return
    for info in snapshot.documents():
        try:
            document = snapshot.document(info.id)
            snapshot.layout(info.id)
            for passage in snapshot.passages_of(info.id):
                _check_spans(passage, document)
        except (ArchiveDamagedError, ProvenanceError) as error:
            yield Finding(CONTENTS, f"{info.source}: {error}")
            continue
        if info.characters != len(document.text):
            yield Finding(CONTENTS, f"{info.source}: {len(document.text)} characters, {info.characters} noted")


def examine_vectors(snapshot: Snapshot) -> Iterator[Finding]:
    """Check that each passage has a vector for itself and each sentence, finite and of length 1."""
    expected = {passage.id: 1 + len(passage.sentences) for passage in snapshot.iter_passages()}
    counts: dict[int, int] = {}
    try:
        for block in snapshot.vectors():
            lengths = np.linalg.norm(block.vectors.astype(np.float64), axis=1)
            wrong = ~np.isfinite(lengths) | (np.abs(lengths - 1) > _LENGTH_TOLERANCE)
            if wrong.any():
                ids = sorted({int(number) for number in block.passage_ids[wrong]})
                yield Finding(VECTORS, f"{wrong.sum()} vectors of passages {ids[0]} to {ids[-1]} are not of length 1")
            for passage_id, unit in zip(block.passage_ids.tolist(), block.units.tolist(), strict=True):
                if unit == counts.get(passage_id, 0):
                    counts[passage_id] = unit + 1
                else:
                    counts[passage_id] = -1
    except ArchiveDamagedError as error:
        yield Finding(VECTORS, str(error))
        return
    lacking = [number for number, count in expected.items() if counts.get(number) != count]
    if lacking:
        yield Finding(VECTORS, f"{len(lacking)} passages, the first being {lacking[0]}, lack vectors, or have others'")
    if counts.keys() - expected.keys():
        yield Finding(VECTORS, f"{len(counts.keys() - expected.keys())} passages that are not there have vectors")


def examine_uploads(snapshot: Snapshot, uploads: Uploads) -> Iterator[Finding]:
    """Check that each upload's file is there and unchanged, and that each kept file has its document."""
    needed = {(source, file.revision) for source, file in snapshot.files().items() if file.origin.uploaded}
    for source, revision in sorted(needed):
        place = uploads.place(source, revision)
        try:
            changed = sha256(uploads.read(source, revision)).hexdigest() != revision
        except OriginalMissingError as error:
            yield Finding(UPLOADS, f"{source}: its file {place} cannot be read ({error}). Upload it again")
            continue
        if changed:
            yield Finding(UPLOADS, f"{source}: its file {place} has changed. Upload it again")
    for source, revision in uploads.kept():
        if (source, revision) not in needed:
            place = uploads.place(source, revision)
            yield Finding(
                UPLOADS, f"{place} belongs to no document. Remove it, or take it in with: wenju sync --rebuild PATH…"
            )


def _check_spans(passage: Passage, document: Document) -> None:
    size = len(document.text)
    for span in (*passage.spans, *(piece for sentence in passage.sentences for piece in sentence)):
        if not 0 <= span.start < span.end <= size:
            raise ProvenanceError(f"passage {passage.id} has the span {span.start} to {span.end} of {size} characters")
    for sentence in passage.sentences:
        for piece in sentence:
            if not any(span.start <= piece.start and piece.end <= span.end for span in passage.spans):
                raise ProvenanceError(f"passage {passage.id} has a sentence outside of it, at {piece.start}")
