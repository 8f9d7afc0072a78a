"""Several processes over one archive."""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.bot.api.serving import started

SLOW_START = "import sys, time\nif any('spawn_main' in each for each in sys.orig_argv):\n    time.sleep(7)\n"
QUESTION = {"question": "炎陵县调解成功率是多少？"}


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_workers_answer_alike_count_together_and_end_well(seeds_archive_path: Path, tmp_path: Path) -> None:
    # On a busy machine a worker takes longer to start than uvicorn's supervisor would wait.
    (tmp_path / "sitecustomize.py").write_text(SLOW_START, "utf-8")
    path = os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", "")))
    with started(seeds_archive_path, tmp_path, "--workers", "2", PYTHONPATH=path) as server:

        def ask(_number: int) -> str:
            with httpx.Client(timeout=60) as client:  # a connection of its own: either process may take it
                answer = client.post(f"{server.address}/v1/ask", json=QUESTION).raise_for_status().json()
            return json.dumps(answer["quotes"], sort_keys=True)

        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(ask, range(24)))) == 1
        made = httpx.post(f"{server.address}/v1/conversations").json()["id"]
        seen = {httpx.get(f"{server.address}/v1/conversations/{made}").status_code for _ in range(8)}
        counts = httpx.get(f"{server.address}/metrics").text
    told = server.log.read_text("utf-8")
    assert seen == {200}
    found = re.search(r'wenju_requests_total\{[^}]*route="/v1/ask",status="200"[^}]*\} ([\d.]+)', counts)
    assert found is not None, counts
    assert float(found[1]) == 24.0
    assert server.process.returncode == 0
    assert "Traceback" not in told
    assert "died" not in told
    assert "炎陵县" not in told
