"""Documents that a test adds and takes away again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

__all__ = ["uploaded"]

_PATIENCE = 30.0


@contextmanager
def uploaded(site: httpx.Client, name: str, data: str | bytes) -> Iterator[str]:
    """Upload a file by REST, give its document's id, and delete it in the end."""
    answer = site.post("/v1/documents", files={"file": (name, data if isinstance(data, bytes) else data.encode())})
    assert answer.status_code in (201, 202), answer.text
    job = answer.json()
    end = time.monotonic() + _PATIENCE
    while job["status"] in ("queued", "running"):
        assert time.monotonic() < end, job
        time.sleep(0.1)
        job = site.get(f"/v1/jobs/{job['id']}").json()
    assert job["status"] == "done", job
    try:
        yield job["document_id"]
    finally:
        assert site.delete(f"/v1/documents/{job['document_id']}").status_code == 204
