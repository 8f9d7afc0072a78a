"""A client that sends requests over connections that stay open."""

import asyncio
import json
import statistics
import time
from dataclasses import dataclass

__all__ = ["Load", "get", "load", "post"]


@dataclass(frozen=True, slots=True)
class Load:
    """What one run gave; times in milliseconds."""

    connections: int
    requests: int
    failures: int
    rate: float
    p50: float
    p99: float


async def load(
    port: int, bodies: list[bytes], connections: int, *, seconds: float = 1e9, requests: int = 10**9
) -> Load:
    """Send over so many connections, each the next request as soon as the last is answered.

    It ends after ``seconds``, or after so many ``requests``.
    """
    times: list[float] = []
    failures = 0
    began = time.perf_counter()
    left = requests

    async def one(number: int) -> None:
        nonlocal failures, left
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() - began < seconds and left > 0:
            left -= 1
            sent = time.perf_counter()
            writer.write(bodies[number % len(bodies)])
            status, _ = await _response(reader)
            times.append((time.perf_counter() - sent) * 1000)
            failures += status != 200
            number += connections
        writer.close()

    await asyncio.gather(*(one(start) for start in range(connections)))
    elapsed = time.perf_counter() - began
    p99 = statistics.quantiles(times, n=100)[98] if len(times) > 1 else times[0]
    return Load(connections, len(times), failures, len(times) / elapsed, statistics.median(times), p99)


async def _response(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    return int(head.split(b" ", 2)[1]), await reader.readexactly(int(fields[b"content-length"]))


def post(question: str) -> bytes:
    """Write a request that asks a question."""
    body = json.dumps({"question": question}).encode()
    head = ("POST /v1/ask HTTP/1.1", "Host: localhost", "Content-Type: application/json")
    return "\r\n".join((*head, f"Content-Length: {len(body)}", "", "")).encode() + body


def get(path: str) -> bytes:
    """Write a request for an address."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
