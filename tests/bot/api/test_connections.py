"""Ten thousand connections that stay open, to a server in a process of its own."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.bot.api.serving import started

if sys.platform == "win32":
    pytest.skip("Windows counts open files otherwise", allow_module_level=True)

import resource

WANTED = 10_000
SPARE = 500
LEAST = 1_000
QUESTION = {"question": "炎陵县的调解成功率是多少？"}
# Each connection says one of these and then nothing more.
BEGINNINGS = (
    b"",
    b"G",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
)


@pytest.fixture
def most() -> Iterator[int]:
    """Let this process open as many files as the system permits, and tell how many connections that makes.

    Where it permits fewer than ten thousand, there are fewer: the server keeps two thousand in any case.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = WANTED + SPARE if hard == resource.RLIM_INFINITY else min(WANTED + SPARE, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(files, soft), hard))
    yield files - SPARE
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_ten_thousand_open_connections_shut_nobody_out(seeds_archive_path: Path, tmp_path: Path, most: int) -> None:
    assert LEAST < most <= WANTED
    opened: list[socket.socket] = []
    statuses: list[int] = []
    with started(seeds_archive_path, tmp_path) as server:
        url = httpx.URL(server.address)
        try:
            for number in range(most):
                connection = socket.create_connection((url.host, url.port or 0), timeout=60)
                opened.append(connection)
                try:
                    connection.sendall(BEGINNINGS[number % len(BEGINNINGS)])
                except (BrokenPipeError, ConnectionResetError):
                    pytest.fail(f"connection {number} was closed before it said a word")
                if number % 1_000 == 999:
                    statuses.append(httpx.get(f"{server.address}/healthz", timeout=60).status_code)
            answer = httpx.post(f"{server.address}/v1/ask", json=QUESTION, timeout=60)
        finally:
            for connection in opened:
                connection.close()
        after = httpx.get(f"{server.address}/healthz", timeout=60).status_code
    assert statuses == [200] * (most // 1_000)
    assert "调解成功率99%" in answer.json()["quotes"][0]["text"]
    assert after == 200
    assert server.process.returncode == 0
    assert "Traceback" not in server.log.read_text("utf-8")
