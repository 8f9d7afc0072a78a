from pathlib import Path

from retrieval.index.sqlite_store import SqliteHome
from retrieval.index.store import StoreHome

__all__ = ["store_home"]


def store_home(folder: Path) -> StoreHome:
    """Give the home of the store of the archive in ``folder``."""
    return SqliteHome(folder)
