import json
import logging
import socket
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.api.app import create_app
from bot.api.frame import ACCESS_LOG
from bot.api.options import ApiOptions
from tests.bot.api.serving import serving

SECRET = "谁在攸县丢了钱包"


@pytest.mark.parametrize("request_id", ["a", "abc-123_/:=", "x" * 128])
def test_request_id_is_kept(client: httpx.Client, request_id: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": request_id}).headers["x-request-id"] == request_id


@pytest.mark.parametrize("request_id", [b"", b"x" * 129, b"two words", b"tab\tbed", "问".encode(), b"\xff"])
def test_odd_request_id_is_replaced(client: httpx.Client, request_id: bytes) -> None:
    given = client.get("/healthz", headers=[(b"X-Request-ID", request_id)]).headers["x-request-id"]
    assert str(uuid.UUID(given)) == given


def test_request_ids_differ(client: httpx.Client) -> None:
    assert client.get("/healthz").headers["x-request-id"] != client.get("/healthz").headers["x-request-id"]


@pytest.mark.parametrize("address", ["/healthz", "/docs", "/openapi.json", "/nowhere", "/v1/documents"])
def test_security_headers(client: httpx.Client, address: str) -> None:
    headers = client.get(address, headers={"Origin": "https://elsewhere.example"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert not [name for name in headers if name.startswith("access-control")]


def access_lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(record.getMessage()) for record in caplog.records if record.name == ACCESS_LOG]


def test_log_names_the_request_and_not_the_question(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/v1/search", params={"q": SECRET}, headers={"X-Request-ID": "one"})
        client.post("/v1/ask", json={"question": SECRET}, headers={"X-Request-ID": "two"})
        client.post("/v1/ask", json={"question": SECRET, "top": 0}, headers={"X-Request-ID": "three"})
        client.get(f"/{SECRET}%0Aforged", headers={"X-Request-ID": "four"})
        message = {"role": "user", "content": SECRET}
        client.post(
            "/v1/chat/completions", json={"model": "wenju", "messages": [message]}, headers={"X-Request-ID": "five"}
        )
        client.get("/healthz", headers={"X-Request-ID": "last"})
    lines = access_lines(caplog)
    seen = [(line["method"], line["route"], line["status"], line["request_id"]) for line in lines]
    assert seen[:5] == [
        ("GET", "/v1/search", 200, "one"),
        ("POST", "/v1/ask", 200, "two"),
        ("POST", "/v1/ask", 422, "three"),
        ("GET", "-", 404, "four"),
        ("POST", "/v1/chat/completions", 200, "five"),
    ]
    assert all(line["address"] == "127.0.0.1" and line["ms"] > 0 and line["key"] is None for line in lines)
    names = ("bot.", "retrieval.", "uvicorn.error")  # uvicorn's own access log is off, see test_server
    own = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(names))
    assert SECRET not in own
    assert "forged" not in own
    assert "%E8%B0%81" not in own


def test_log_holds_the_question_where_the_operator_wants_it(
    seeds_archive_path: Path, encoder_cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(seeds_archive_path, cache=encoder_cache, options=ApiOptions(log_questions=True))
    with caplog.at_level(logging.INFO), serving(app) as client:
        client.get("/v1/search", params={"q": SECRET})
        client.post("/v1/ask", json={"question": f"{SECRET}\n?"})
        client.get("/healthz")
    assert [line.get("question") for line in access_lines(caplog)] == [SECRET, f"{SECRET}\n?", None]


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/v1/documents", "/docs", "/nowhere", "/v1/ask"])
def test_head_gives_what_get_gives_but_the_body(client: httpx.Client, address: str) -> None:
    got, head = client.get(address), client.head(address)
    assert head.status_code == got.status_code
    assert head.content == b""
    kept = ("content-type", "content-length", "content-security-policy", "allow")
    assert [head.headers.get(name) for name in kept] == [got.headers.get(name) for name in kept]
    assert client.get("/healthz").json() == {"status": "ok"}


def test_client_that_leaves_in_the_middle_does_no_harm(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    start = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: left\r\nContent-Length: 50\r\n\r\n{"
    with caplog.at_level(logging.INFO):
        with socket.create_connection((client.base_url.host, client.base_url.port or 0)) as connection:
            connection.sendall(start)
        deadline = time.monotonic() + 60
        while not any(line["request_id"] == "left" for line in access_lines(caplog)):
            assert time.monotonic() < deadline
            time.sleep(0.01)
    (line,) = (line for line in access_lines(caplog) if line["request_id"] == "left")
    assert (line["method"], line["route"], line["status"]) == ("POST", "-", 499)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
