"""Sending files to a server, as its clients do."""

import time
from typing import Any

import httpx

__all__ = ["finished", "upload"]


def upload(client: httpx.Client, name: str, data: bytes) -> httpx.Response:
    return client.post("/v1/documents", files={"file": (name, data, "application/octet-stream")})


def finished(client: httpx.Client, response: httpx.Response) -> dict[str, Any]:
    """Wait for the job that an upload began."""
    assert response.status_code in (201, 202), response.text
    until = time.monotonic() + 120
    while True:
        job: dict[str, Any] = client.get(response.headers["location"]).json()
        if job["status"] in ("done", "failed"):
            return job
        assert time.monotonic() < until
        time.sleep(0.2)
