"""Measure the REST interface under load: requests a second, p50 and p99 of POST /v1/ask, and the memory it takes.

    python -m benchmarks.api                                   # 1, 8 and 64 connections, two workers
    python -m benchmarks.api --seconds 5 --requests 5000       # shorter
    python -m benchmarks.api --baseline                        # beside LangChain's FAISS; needs langchain-community

The client runs on the same machine and takes its share of the cores. It asks 20 questions in turn over the archive of
``seeds/``. The baseline, :mod:`benchmarks.api_baseline`, is what a user would write instead. The two are measured in
turn, so that whatever else the machine does falls on both.

Memory is watched over requests as readers send them, with every question of ``tests/quality/questions.jsonl`` in turn.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.http_load import get, load, post
from retrieval import Archive

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "tests" / "quality" / "questions.jsonl"
ASKED = 20
WARM_UP = 40
_PATIENCE_SECONDS = 300


def main() -> None:
    """Run what the command line asks for and write a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="of load for each number of connections")
    parser.add_argument("--connections", type=int, nargs="*", default=[1, 8, 64])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--requests", type=int, default=50_000, help="over which memory is watched; 0 for none")
    parser.add_argument("--baseline", action="store_true", help="measure LangChain's FAISS too")
    options = parser.parse_args()
    bodies = _bodies()
    wenju = [sys.executable, "-c", "from bot.cli.main import main; main()", "serve", "--workers", str(options.workers)]
    baseline = [sys.executable, "-m", "benchmarks.api_baseline", "--workers", str(options.workers)]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        archive = Path(folder) / "archive"
        with Archive.open(archive, create=True, cache=os.environ.get("WENJU_CACHE")) as built:
            built.sync([ROOT / "seeds"])
        variables = {"WENJU_ARCHIVE": str(archive), "WENJU_LOG_LEVEL": "warning"}
        served = servers.enter_context(_server(wenju, variables))
        compared = [("wenju serve", served)]
        if options.baseline:
            other = servers.enter_context(_server(baseline, {}))
            compared.append(("FastAPI, LangChain FAISS", other))
        _measure(compared, bodies, options)
        if options.requests:
            _watch_memory(served, options.requests)


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs."""

    port: int
    process: int


def _measure(compared: list[tuple[str, Served]], bodies: list[bytes], options: argparse.Namespace) -> None:
    for _, served in compared:
        asyncio.run(load(served.port, bodies, 4, requests=WARM_UP * options.workers))
    _write(f"{os.cpu_count()} cores, {options.workers} processes a server\n")
    _write(
        "| server | connections | requests/s | p50, ms | p99, ms | failures |\n| --- | --- | --- | --- | --- | --- |"
    )
    for connections in options.connections:
        for name, served in compared:
            run = asyncio.run(load(served.port, bodies, connections, seconds=options.seconds))
            figures = f"{run.rate:.1f} | {run.p50:.0f} | {run.p99:.0f} | {run.failures}"
            _write(f"| {name} | {run.connections} | {figures} |")


def _watch_memory(served: Served, requests: int) -> None:
    """Send what readers send: of ten requests one question, one search, and eight for lists, texts and health."""
    mix = _mix(served)
    _write(
        "\n| after requests | of them questions | memory of all processes, MB | failures |\n| --- | --- | --- | --- |"
    )
    done = failures = 0
    for share in (0.02, 0.1, 0.25, 0.5, 0.75, 1.0):
        more = int(requests * share) - done
        failures += asyncio.run(load(served.port, mix[done % len(mix) :] + mix, 8, requests=more)).failures
        done += more
        _write(f"| {done} | {done // 10} | {_memory(served.process):.0f} | {failures} |")


def _mix(served: Served) -> list[bytes]:
    with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/v1/documents") as response:
        ids = [info["id"] for info in json.load(response)["documents"]]
    mix = []
    for number, question in enumerate(_questions()):
        one = ids[number % len(ids)]
        mix += [post(question), get(f"/v1/search?q={quote(question)}&top=3")]
        mix += [get("/v1/documents?limit=5"), get(f"/v1/documents/{one}"), get("/healthz"), get("/")] * 2
    return mix


def _questions() -> list[str]:
    return [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]


def _bodies() -> list[bytes]:
    questions = _questions()
    return [post(question) for question in questions[:: max(1, len(questions) // ASKED)][:ASKED]]


@contextmanager
def _server(command: list[str], variables: dict[str, str]) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen([*command, "--port", str(port)], env=environ, stderr=log) as process,
    ):
        try:
            _wait_for(port, process)
            yield Served(port, process.pid)
        except OSError:
            log.seek(0)
            _write(f"The server's log:\n{log.read()}")
            raise
        finally:
            process.send_signal(signal.SIGTERM)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _memory(process: int) -> float:
    """Add up the memory of a process and its children that they share with nobody, in megabytes (Linux)."""
    family, total = [process], 0
    for member in family:
        for children in Path(f"/proc/{member}/task").glob("*/children"):
            family += [int(each) for each in children.read_text().split()]
        for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
            if line.startswith(("Pss:", "SwapPss:")):
                total += int(line.split()[1])
    return total / 1024


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
