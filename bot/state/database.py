import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from bot.state.errors import StateError, StateInUseError

__all__ = ["Database"]

_FILE = "sqlite:///"
_BUSY_SECONDS = 10.0
_READING = {"wenju_begin": "BEGIN"}
# A transaction that reads first and then writes fails at once when another has written meanwhile, whatever the busy
# timeout; one that says at its beginning that it will write waits its turn.
_WRITING = {"wenju_begin": "BEGIN IMMEDIATE"}


class Database:
    """The connection to SQLite or PostgreSQL; any number of threads and processes may use the same database."""

    def __init__(self, url: str) -> None:
        """Take the address of the database; a connection is made when one is needed.

        :raises StateError: if the address cannot be used.
        """
        self._url = _checked(url)
        options: dict[str, Any] = {"pool_pre_ping": True}
        if self.is_sqlite:
            _make_private(Path(self._url.database or ""))
            options = {"connect_args": {"timeout": _BUSY_SECONDS}}
        try:
            self._engine = create_engine(self._url, **options)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise StateError(
                f"the database {self.name} needs a package that is not installed ({error}). "
                "For PostgreSQL, install it with: pip install 'wenju[postgresql]'"
            ) from error
        if self.is_sqlite:
            event.listen(self._engine, "connect", _prepare)
            event.listen(self._engine, "begin", _begin)
        self._readers = self._engine.execution_options(**_READING)
        self._writers = self._engine.execution_options(**_WRITING)

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the database is a file of SQLite's."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def name(self) -> str:
        """Give the address without its password."""
        return self._url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection for reading; what it reads belongs together.

        :raises StateError: if the database cannot be used.
        """
        with self._told(), self._readers.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend a connection for writing: all that is written is kept when the block ends, nothing when it raises.

        :raises StateError: if the database cannot be used.
        """
        with self._told(), self._writers.begin() as connection:
            yield connection

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Be the only process that does what ``name`` stands for, until the block ends; the system notices a death.

        :raises StateInUseError: if another process does it.
        :raises StateError: if the database cannot be used.
        """
        holder = self._file_held(name) if self.is_sqlite else self._server_held(name)
        with holder as is_held:
            if not is_held:
                raise StateInUseError(
                    f"another process works as {name} with the state database {self.name}: end that one first, or set "
                    "WENJU_STATE_URL to a database of this one's own"
                )
            yield

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _file_held(self, name: str) -> Iterator[bool]:
        """Lock a file beside the database: a lock in it would stop all other writers."""
        path = Path(f"{self._url.database}.{name}")
        _make_private(path)
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                yield False
            else:
                yield True

    @contextmanager
    def _server_held(self, name: str) -> Iterator[bool]:
        with self._told():
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            with self._told():
                is_held = connection.scalar(select(func.pg_try_advisory_lock(func.hashtext(f"wenju {name}"))))
            yield bool(is_held)
            connection.invalidate()  # the lock goes with the connection, which must not live on in the pool

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise StateError(
                f"the database {self.name} cannot be used ({reason}): check WENJU_STATE_URL, and that it can be written"
            ) from error


def _checked(url: str) -> URL:
    cure = "set WENJU_STATE_URL to sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
    if url.startswith(_FILE):  # a path may hold what an address gives another meaning, such as '?'
        url, path = _FILE, url.removeprefix(_FILE)
    else:
        path = ""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise StateError(f"the address of the state database cannot be read: {cure}") from error
    if backend not in ("sqlite", "postgresql"):
        raise StateError(f"the state database is {backend[:40]!r}, which is not known: {cure}")
    if backend == "sqlite":
        parsed = parsed.set(database=path)
    if backend == "sqlite" and (not path or ":memory:" in path):
        raise StateError(f"the state database must outlive the process, and memory does not: {cure}")
    return parsed


def _make_private(path: Path) -> None:
    """Make the file readable for its owner only: it holds questions."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StateError(
            f"the state database {path} cannot be written ({error.strerror}): check who owns its folder, or set "
            "WENJU_STATE_URL to another place"
        ) from error


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must begin nothing by itself: _begin does
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options()["wenju_begin"])
