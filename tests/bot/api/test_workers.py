"""Several processes over one archive."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from bot.api.server import listen

ROOT = Path(__file__).parents[3]
QUESTION = {"question": "炎陵县调解成功率是多少？"}


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_workers_answer_alike_count_together_and_end_well(seeds_archive_path: Path, tmp_path: Path) -> None:
    (probe,) = listen("127.0.0.1", 0)
    port = probe.getsockname()[1]
    probe.close()
    address = f"http://127.0.0.1:{port}"
    variables = {
        **os.environ,
        "WENJU_ARCHIVE": str(seeds_archive_path),
        "WENJU_STATE_URL": f"sqlite:///{tmp_path / 'state.sqlite3'}",
    }
    code = "from bot.cli.main import main; main()"
    with (tmp_path / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", code, "serve", "--port", str(port), "--workers", "2"],
            cwd=ROOT,
            env=variables,
            stderr=log,
        )
        try:
            _wait_until_ready(address, process)

            def ask(_number: int) -> str:
                with httpx.Client(timeout=60) as client:  # a connection of its own: either process may take it
                    answer = client.post(f"{address}/v1/ask", json=QUESTION).raise_for_status().json()
                return json.dumps(answer["quotes"], sort_keys=True)

            with ThreadPoolExecutor(4) as pool:
                assert len(set(pool.map(ask, range(24)))) == 1
            made = httpx.post(f"{address}/v1/conversations").json()["id"]
            seen = {httpx.get(f"{address}/v1/conversations/{made}").status_code for _ in range(8)}
            counts = httpx.get(f"{address}/metrics").text
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=60)
            finally:
                process.kill()
        log.seek(0)
        told = log.read()
    assert seen == {200}
    found = re.search(r'wenju_requests_total\{[^}]*route="/v1/ask",status="200"[^}]*\} ([\d.]+)', counts)
    assert found is not None, counts
    assert float(found[1]) == 24.0
    assert process.returncode == 0
    assert "Traceback" not in told
    assert "炎陵县" not in told


def _wait_until_ready(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 120
    while True:
        try:
            if httpx.get(f"{address}/readyz", timeout=60).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.2)
