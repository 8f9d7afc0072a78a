"""From files to the store: what has changed is read, cut, encoded and written; the rest is left alone."""

from retrieval.syncing.preparing import Prepared, Preparer
from retrieval.syncing.synchroniser import Synchroniser

__all__ = ["Prepared", "Preparer", "Synchroniser"]
