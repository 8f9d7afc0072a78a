from pathlib import Path

from retrieval.errors import StorageError
from retrieval.index.sqlite_store import DATABASE_NAME, SqliteHome
from retrieval.index.store import StoreHome

__all__ = ["store_home"]


def store_home(folder: Path, database: str | None = None) -> StoreHome:
    """Give the home of the store of the archive in ``folder``.

    :param database: the address of the PostgreSQL database that has it, None for a database in the folder.
    :raises StorageError: if the address is none, or the folder has an archive of its own.
    """
    if database is None:
        return SqliteHome(folder)
    if (folder / DATABASE_NAME).exists():
        raise StorageError(
            f"{folder} holds an archive of its own, and WENJU_ARCHIVE_URL names one in PostgreSQL. "
            "Unset one of them, or choose another folder for what this machine makes from the database"
        )
    # Most archives are in a folder; nobody else pays for these modules.
    from retrieval.index.postgresql_store import PostgresqlHome

    return PostgresqlHome(database, folder)
