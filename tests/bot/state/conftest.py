"""The state in SQLite, and in a PostgreSQL of our own where the machine has one."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.state import State
from tests.ports import free_port


@dataclass(slots=True)
class Clock:
    """A clock that only the test moves."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Start a server with a folder of its own, on a free loopback port."""
    programs = [*Path("/usr/lib/postgresql").glob("*/bin")] if os.name == "posix" else []
    server = shutil.which("postgres", path=os.pathsep.join([os.environ["PATH"], *map(str, programs)]))
    if server is None or importlib.util.find_spec("psycopg") is None:
        pytest.skip("no PostgreSQL server, or no psycopg, on this machine")
    tools = Path(server).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="wenju-postgresql-"))
    data = folder / "data"
    user = None
    if os.getuid() == 0:  # as which the server does not run
        user = "nobody"
        shutil.chown(folder, user)

    def run(program: str, *words: str) -> None:
        done = subprocess.run(
            [tools / program, "-D", data, *words], check=False, cwd=folder, user=user, stdout=subprocess.DEVNULL
        )
        assert done.returncode == 0

    run("initdb", "-U", "wenju", "-A", "trust", "-E", "UTF8", "--no-sync")
    port = free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://wenju@127.0.0.1:{port}/"
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.sqlite3'}"
    server: str = request.getfixturevalue("postgresql")
    import psycopg

    name = f"t{abs(hash(request.node.name)) % 10**9}"
    with psycopg.connect(server.replace("+psycopg", "") + "postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server + name


@pytest.fixture
def state(url: str, clock: Clock) -> Iterator[State]:
    with State.open(url, clock=clock) as opened:
        yield opened
