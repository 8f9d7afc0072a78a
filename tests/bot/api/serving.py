"""A real server on a free loopback port, in a thread or as a process of its own."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from bot.api.protocol import PatientProtocol
from bot.api.server import listen
from tests.ports import free_port

__all__ = ["Started", "serving", "started"]

ROOT = Path(__file__).parents[3]


@contextmanager
def serving(app: FastAPI) -> Iterator[httpx.Client]:
    """Serve ``app`` in a thread and give a client that talks to it."""
    sockets = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, http=PatientProtocol, lifespan="on", ws="none", access_log=False, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server ended while it started"
            time.sleep(0.01)
        with httpx.Client(base_url=f"http://127.0.0.1:{sockets[0].getsockname()[1]}", timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@dataclass(frozen=True, slots=True)
class Started:
    """A server in processes of its own, as an operator starts it."""

    address: str
    process: "subprocess.Popen[bytes]"
    log: Path


@contextmanager
def started(archive: Path, folder: Path, *options: str, **variables: str) -> Iterator[Started]:
    """Run ``wenju serve`` with its state and log in ``folder``, and tell it to stop at the end.

    :param variables: what its environment has beside this process's own.
    """
    port = free_port()
    environment = {
        **os.environ,
        **variables,
        "WENJU_ARCHIVE": str(archive),
        "WENJU_STATE_URL": f"sqlite:///{folder / 'state.sqlite3'}",
    }
    command = [sys.executable, "-c", "from bot.cli.main import main; main()", "serve", "--port", str(port), *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)
        server = Started(f"http://127.0.0.1:{port}", process, folder / "log")
        try:
            _wait_until_ready(server)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=60)
            finally:
                process.kill()


def _wait_until_ready(server: Started) -> None:
    until = time.monotonic() + 300
    while True:
        try:
            if httpx.get(f"{server.address}/readyz", timeout=60).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        assert server.process.poll() is None, server.log.read_text("utf-8")
        assert time.monotonic() < until
        time.sleep(0.2)
