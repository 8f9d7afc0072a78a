"""The words for a store that is damaged, whichever database holds it."""

from retrieval.errors import ArchiveDamagedError


def damaged(store: object, finding: object) -> ArchiveDamagedError:
    """Word the error for what must not be, found in a ``store``."""
    return ArchiveDamagedError(
        f"{store} is damaged ({finding}). Restore a backup, or build it anew with: wenju sync --rebuild PATH…"
    )
