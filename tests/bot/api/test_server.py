import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from bot.api import AddressError, serve
from bot.api.server import listen
from bot.settings import Settings
from tests.ports import free_port

ROOT = Path(__file__).parents[3]


def test_port_in_use_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AddressError, match=rf"port {port} on 127\.0\.0\.1 is in use: .*WENJU_PORT"):
            serve(Settings(archive=tmp_path / "none", port=port))


def test_two_servers_cannot_share_a_port() -> None:
    (first,) = listen("127.0.0.1", 0)
    with first, pytest.raises(AddressError, match="in use"):
        listen("127.0.0.1", first.getsockname()[1])


def test_unknown_host_is_told() -> None:
    with pytest.raises(AddressError, match=r"'no such host'.*WENJU_HOST"):
        listen("no such host", 0)


def test_address_of_another_machine_is_told() -> None:
    with pytest.raises(AddressError, match=r"192\.0\.2\.1.*WENJU_HOST"):
        listen("192.0.2.1", 0)


def test_free_port_is_found_and_listened_on() -> None:
    sockets = listen("localhost", 0)
    assert len(sockets) == 1
    with sockets[0]:
        socket.create_connection(sockets[0].getsockname()[:2]).close()


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_serves_until_told_to_stop_and_ends_well(tmp_path: Path) -> None:
    port = free_port()
    program = (
        "from pathlib import Path\nfrom bot.api import serve\nfrom bot.settings import Settings\n"
        f"serve(Settings(archive=Path({str(tmp_path / 'none')!r}), port={port}))\nprint('ended')\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        response = wait_for(f"http://127.0.0.1:{port}/readyz?secret")
        process.send_signal(signal.SIGTERM)
        output, log = process.communicate(timeout=60)
    finally:
        process.kill()
    assert response.status_code == 503
    assert response.json()["type"] == "urn:wenju:problem:archive-missing"
    assert process.returncode == 0
    assert output == "ended\n"
    (line,) = (json.loads(line) for line in log.splitlines() if line.startswith("{"))
    assert (line["method"], line["route"], line["status"]) == ("GET", "/readyz", 503)
    assert "secret" not in log
    assert "Traceback" not in log


def wait_for(address: str) -> httpx.Response:
    deadline = time.monotonic() + 60
    while True:
        try:
            return httpx.get(address)
        except httpx.ConnectError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
