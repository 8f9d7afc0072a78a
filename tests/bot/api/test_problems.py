import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import bot.state.errors
import retrieval.errors
from bot.api.app import create_app
from bot.api.kinds import INTERNAL, PROBLEM_KINDS
from bot.api.options import ApiOptions
from bot.api.problems import kind_of, problem_response
from bot.state import UnknownKeyError
from retrieval.errors import (
    ArchiveEmptyError,
    ArchiveError,
    DictionaryError,
    EvaluationFileError,
    MissingExtraError,
    ProvenanceError,
    QuestionError,
    WenjuError,
)
from tests.bot.api.refusals import assert_problem
from tests.bot.api.serving import serving

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "address", ["/nowhere", "/v1", "/v1/ask/", "/v1/documents/", "/v1/documents/a/b", "/docs/", "/%00", "/%ff"]
)
def test_unknown_address_is_404(client: httpx.Client, address: str) -> None:
    assert_problem(client.get(address), 404, "route-unknown")


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("GET", "/v1/ask", "POST"),
        ("PUT", "/v1/search", "GET"),
        ("PUT", "/v1/sources", "GET"),
        ("OPTIONS", "/v1/ask", "POST"),
        ("POST", "/docs", "GET"),
        ("BREW", "/healthz", "GET"),
    ],
)
def test_other_method_is_405(client: httpx.Client, method: str, address: str, allowed: str) -> None:
    response = client.request(method, address)
    assert_problem(response, 405, "method-not-allowed")
    assert response.headers["allow"] == allowed
    assert method in response.json()["detail"]


def test_body_of_the_greatest_size_is_taken(client: httpx.Client) -> None:
    body = b'{"question": "\xe9\x97\xae\xe4\xbb\x80\xe4\xb9\x88"}'
    response = client.post("/v1/ask", content=body.ljust(ApiOptions().max_body_bytes), headers=JSON)
    assert response.status_code == 200


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("address", ["/v1/ask", "/nowhere"])
def test_body_too_large_is_413(client: httpx.Client, address: str, chunked: bool) -> None:
    body = b" " * (ApiOptions().max_body_bytes + 1)

    def pieces() -> Iterator[bytes]:
        yield body[:1000]
        yield body[1000:]

    response = client.post(address, content=pieces() if chunked else body, headers=JSON)
    assert_problem(response, 413, "body-too-large")
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json", ""]
)
def test_other_content_type_is_415(client: httpx.Client, content_type: str) -> None:
    response = client.post("/v1/ask", content=b'{"question": "x"}', headers={"Content-Type": content_type})
    assert_problem(response, 415, "media-type-unsupported")


def test_no_content_type_is_415(client: httpx.Client) -> None:
    assert_problem(client.post("/v1/ask", content=b'{"question": "x"}'), 415, "media-type-unsupported")
    assert_problem(client.post("/v1/ask"), 415, "media-type-unsupported")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"question",
        b'{"question": "\xff"}',
        "{'question': '问'}".encode("gbk"),
        b"[" * 60_000,
        b'{"question": "x", "top": ' + b"9" * 5000 + b"}",
        b"\x00",
    ],
)
def test_body_that_is_not_json_is_400(client: httpx.Client, body: bytes) -> None:
    assert_problem(client.post("/v1/ask", content=body, headers=JSON), 400, "body-malformed")


@pytest.mark.parametrize("body", [b"", b"null", b"5", b'"x"', b'{"question": "x", "top": NaN}'])
def test_json_of_another_shape_is_422(client: httpx.Client, body: bytes) -> None:
    assert_problem(client.post("/v1/ask", content=body, headers=JSON), 422, "request-invalid")


def test_many_faults_are_told_up_to_a_limit(client: httpx.Client) -> None:
    response = client.post("/v1/ask", json={"question": "x", **{f"{'k' * 500}{n}": n for n in range(50)}})
    assert_problem(response, 422, "request-invalid")
    assert response.json()["detail"].startswith("50 values")
    assert len(response.json()["errors"]) == 20
    assert max(len(fault["field"]) for fault in response.json()["errors"]) == 200


@pytest.mark.parametrize("error", [RuntimeError("inner secret"), ProvenanceError("inner secret")])
def test_failure_inside_is_500_without_internals_and_logged_by_its_id(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    app = create_app(tmp_path / "none")

    def fail() -> None:
        raise error

    app.add_api_route("/fail", fail)
    with caplog.at_level(logging.ERROR, "bot.api"), serving(app) as client:
        response = client.get("/fail", headers={"X-Request-ID": "find-me"})
        assert client.get("/healthz").status_code == 200
    assert_problem(response, 500, "internal")
    assert "secret" not in response.text
    assert response.json()["request_id"] == "find-me"
    assert response.headers["x-content-type-options"] == "nosniff"
    records = [record for record in caplog.records if "find-me" in record.getMessage()]
    assert len(records) == 1
    assert records[0].exc_info is not None
    assert records[0].exc_info[1] is error


def test_every_error_of_the_project_has_a_kind() -> None:
    classes = [getattr(retrieval.errors, name) for name in retrieval.errors.__all__]
    assert len(classes) > 10
    inside = {cls for cls in classes if kind_of(cls("a", "b")) is INTERNAL}
    assert inside == {WenjuError, DictionaryError, ProvenanceError, EvaluationFileError}
    states = [getattr(bot.state.errors, name) for name in bot.state.errors.__all__]
    # No route takes a key's id.
    assert {cls for cls in states if kind_of(cls("x")) is INTERNAL} == {UnknownKeyError}


def test_kind_is_that_of_the_nearest_class() -> None:
    class OtherArchiveError(ArchiveError):
        pass

    assert kind_of(OtherArchiveError("x")).slug == "archive-unavailable"
    assert kind_of(ArchiveEmptyError("x")).slug == "archive-empty"
    assert kind_of(MissingExtraError("x", "y")).slug == "extra-missing"
    assert kind_of(QuestionError("x")).status == 422


def test_kinds_are_told_apart() -> None:
    assert (
        len({kind.type for kind in PROBLEM_KINDS}) == len({kind.title for kind in PROBLEM_KINDS}) == len(PROBLEM_KINDS)
    )


def test_detail_that_utf8_cannot_carry_is_escaped() -> None:
    scope = {"path": "/v1/ask", "state": {"request_id": "id"}}
    response = problem_response(scope, INTERNAL, "\ud800 问")
    assert r'"\\ud800 问"'.encode() in response.body
