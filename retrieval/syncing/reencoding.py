from retrieval.encoding import Encoder
from retrieval.index import Store
from retrieval.syncing.batches import Writing
from retrieval.syncing.preparing import encode
from retrieval.types import ProgressCallback

__all__ = ["reencode"]


def reencode(store: Store, encoder: Encoder, writing: Writing, progress: ProgressCallback | None) -> int:
    """Make all vectors anew from the texts that the store has, in one transaction; give the number of passages.

    Documents, passages and their ids stay as they are; the files are not needed.

    :raises StorageError: if the disk is full or read-only.
    """
    with store.snapshot() as snapshot, writing() as writer:
        total = snapshot.passage_count()
        writer.restart_vectors(encoder=encoder.name, dimension=encoder.dimension)
        for document in snapshot.documents():
            text, passages = snapshot.document(document.id).text, snapshot.passages_of(document.id)
            # A document at a time, as when it was read: rows of other batches differ in their last bits.
            for passage, units in encode(encoder, passages, text):
                writer.put_vectors(passage, units)
            if progress is not None:
                progress(0, total, document.source)
    if progress is not None and total:
        progress(total, total, "")
    return total
