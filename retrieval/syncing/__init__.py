"""From files to the store: what has changed is read, cut, encoded and written; the rest is left alone."""

from retrieval.syncing.batches import Writing
from retrieval.syncing.planning import make_plan
from retrieval.syncing.preparing import Prepared, Preparer
from retrieval.syncing.reencoding import reencode
from retrieval.syncing.synchroniser import Synchroniser, preview

__all__ = ["Prepared", "Preparer", "Synchroniser", "Writing", "make_plan", "preview", "reencode"]
