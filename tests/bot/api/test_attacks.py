"""What a hostile client sends: bombs, slow bodies and heads, many connections. Sizes are small; the limits are too."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from bot.api import protocol
from bot.api.app import create_app
from bot.api.options import ApiOptions
from bot.api.pool import QuestionPool
from bot.api.problems import RefusedError
from tests.bot.api.serving import serving

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def impatient(seeds_archive_path: Path, encoder_cache: Path) -> Iterator[httpx.Client]:
    options = ApiOptions(body_seconds=0.5)
    with serving(create_app(seeds_archive_path, cache=encoder_cache, options=options)) as client:
        yield client


def connect(client: httpx.Client) -> socket.socket:
    connection = socket.create_connection((client.base_url.host, client.base_url.port or 0))
    connection.settimeout(60)
    return connection


def received(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def test_a_body_that_does_not_come_is_not_waited_for(impatient: httpx.Client) -> None:
    with connect(impatient) as connection:
        connection.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{")
        answer = received(connection)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["type"] == "urn:wenju:problem:body-too-slow"


def test_a_body_that_drips_is_not_waited_for(impatient: httpx.Client) -> None:
    began = time.monotonic()
    with connect(impatient) as connection:
        connection.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n")
        stop = threading.Event()

        def drip() -> None:
            while not stop.wait(0.05):
                try:
                    connection.send(b" ")
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        answer = connection.recv(65536)
        stop.set()
        dripping.join()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - began < 15


def test_a_head_that_does_not_end_is_not_waited_for(impatient: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.3)
    for start in (b"", b"GET /healthz HTTP/1.1\r\n", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /"):
        with connect(impatient) as connection:
            connection.sendall(start)
            try:
                answer = received(connection)
            except ConnectionResetError:
                answer = b""
        assert answer.count(b"HTTP/1.1 200 ") == start.count(b"\r\n\r\n")


def test_a_head_that_is_a_bomb_is_refused(impatient: httpx.Client) -> None:
    for head in (b"X-Bomb: " + b"x" * 200_000, b"".join(b"X-%d: y\r\n" % number for number in range(20_000))):
        with connect(impatient) as connection:
            try:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n")
                answer = received(connection)
            except (ConnectionResetError, BrokenPipeError):
                answer = b""
        assert b" 200 " not in answer[:20]
    assert impatient.get("/healthz").status_code == 200


def test_more_connections_than_fit_do_not_shut_others_out(
    impatient: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "MAX_CONNECTIONS", 50)
    idle = [connect(impatient) for _ in range(150)]
    try:
        with httpx.Client(base_url=impatient.base_url, timeout=60) as client:
            for _ in range(3):
                assert client.get("/healthz").status_code == 200
    finally:
        for connection in idle:
            connection.close()


@pytest.mark.parametrize(
    "body",
    [
        b'{"question": "x", "history": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"question": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"}",
        b'{"question": "x", "top": 1e999999}',
        b'{"question": "x", "top": ' + b"9" * 60_000 + b"}",
        b'{"question": "' + b"\\u0000" * 10_000 + b'"}',
        b"{" + b",".join(b'"k%d":1' % number for number in range(5000)) + b"}",
        b'{"question": "x", "question": "y", "history": ' + b"[{}," * 10_000,
    ],
)
def test_json_that_is_a_bomb_is_refused_at_once(impatient: httpx.Client, body: bytes) -> None:
    for path in ("/v1/ask", "/v1/chat/completions", "/v1/feedback"):
        response = impatient.post(path, content=body, headers=JSON)
        assert 400 <= response.status_code < 500
        assert len(response.content) < 20_000


@pytest.mark.parametrize(
    "path",
    [
        "/v1/documents/..%2f..%2fetc%2fpasswd",
        "/v1/documents/%2e%2e/original",
        "/v1/documents/..%5c..%5cwindows/original",
        "/v1/documents/x%00.txt/original",
        "/v1/jobs/..%2f..%2fx",
        "/v1/conversations/..%2f..%2fx",
        "/v1/documents/x/pages/..%2f1.png",
        "//etc/passwd",
        "/v1/../etc/passwd",
    ],
)
def test_a_path_leads_out_of_nowhere(client: httpx.Client, path: str) -> None:
    with connect(client) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = received(connection)
    assert answer.split()[1] in (b"404", b"422")
    assert b"root:" not in answer


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}${7*7}"])
def test_what_a_client_wrote_comes_back_as_data(client: httpx.Client, text: str) -> None:
    for response in (
        client.post("/v1/ask", json={"question": text}),
        client.get("/v1/search", params={"q": text}),
        client.get(f"/v1/documents/{quote(text, safe='')}"),
    ):
        assert response.headers["content-type"] in ("application/json", "application/problem+json")
        assert response.headers["x-content-type-options"] == "nosniff"
    assert client.post("/v1/ask", json={"question": text}).json().get("question", text) == text


def test_markdown_of_a_client_is_shown_as_it_is(client: httpx.Client) -> None:
    """The understood question repeats the client's words: they must stay words."""
    messages = [
        {"role": "user", "content": "[炎陵县](javascript:alert(1))调解成功率是多少？<img src=x>"},
        {"role": "assistant", "content": "> 99%"},
        {"role": "user", "content": "那攸县呢？"},
    ]
    response = client.post("/v1/chat/completions", json={"model": "wenju", "messages": messages})
    content = response.json()["choices"][0]["message"]["content"]
    assert "](javascript" not in content
    assert "<img" not in content.replace("\\<img", "")


def test_a_host_header_does_not_become_a_link(seeds_archive_path: Path, encoder_cache: Path) -> None:
    app = create_app(seeds_archive_path, cache=encoder_cache, options=ApiOptions(local=False))
    body = {"model": "wenju", "messages": [{"role": "user", "content": "炎陵县调解成功率是多少？"}]}
    with serving(app) as client:
        response = client.post("/v1/chat/completions", json=body, headers={"Host": "x)[evil](javascript:alert(1)"})
    assert "evil" not in response.text
    assert "](/source/" in response.json()["choices"][0]["message"]["content"]


class TestQuestionPool:
    def test_what_takes_too_long_is_given_up(self) -> None:
        pool = QuestionPool(1, 1, 0.05)
        release = threading.Event()
        with pytest.raises(RefusedError) as slow:
            asyncio.run(pool.run(lambda: release.wait(5)))
        assert slow.value.kind.slug == "question-timeout"
        release.set()
        pool.close()

    def test_no_more_wait_than_may(self) -> None:
        release = threading.Event()

        async def ask() -> list[bool | BaseException]:
            pool = QuestionPool(2, 3, 10)
            waiting = [asyncio.create_task(pool.run(lambda: release.wait(5))) for _ in range(8)]
            await asyncio.sleep(0.05)
            release.set()
            done = await asyncio.gather(*waiting, return_exceptions=True)
            assert await pool.run(lambda: "again") == "again"
            pool.close()
            return done

        done = asyncio.run(ask())
        assert done[:5] == [True] * 5
        refused = [each for each in done[5:] if isinstance(each, RefusedError)]
        assert [(each.kind.slug, each.headers["Retry-After"]) for each in refused] == [("overloaded", "2")] * 3

    def test_a_failure_is_the_works_own(self) -> None:
        def fail() -> None:
            raise TimeoutError("of the disk")

        pool = QuestionPool(1, 1, 5)
        with pytest.raises(TimeoutError, match="of the disk"):
            asyncio.run(pool.run(fail))
        pool.close()
