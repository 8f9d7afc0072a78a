import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from bot.api import schemas
from bot.api.app import create_app
from bot.api.examples import examples
from bot.api.kinds import PROBLEM_KINDS
from retrieval.archive import Archive

ADDRESSES = {
    "/v1/ask",
    "/v1/search",
    "/v1/sources",
    "/v1/documents",
    "/v1/documents/{document_id}",
    "/v1/documents/{document_id}/around",
    "/v1/documents/{document_id}/original",
    "/v1/documents/{document_id}/pages",
    "/v1/documents/{document_id}/pages/{number}.png",
    "/v1/jobs/{job_id}",
    "/v1/conversations",
    "/v1/conversations/{conversation_id}",
    "/v1/feedback",
    "/v1/models",
    "/v1/models/{model}",
    "/v1/chat/completions",
    "/healthz",
    "/readyz",
    "/metrics",
}
OPERATIONS = len(ADDRESSES) + 4  # documents, one document, one conversation and feedback have two each
OPENAI = ("/v1/models", "/v1/chat")
OPEN = ("/healthz", "/readyz")


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> dict[str, Any]:
    response = client.get("/openapi.json")
    assert response.status_code == 200
    parsed: dict[str, Any] = response.json()
    return parsed


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = [(path, operation) for path, methods in document["paths"].items() for operation in methods.values()]
    assert len(found) == OPERATIONS
    return found


def test_every_address_is_described(document: dict[str, Any]) -> None:
    assert set(document["paths"]) == ADDRESSES
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, operation in operations(document):
        assert operation["summary"]
        assert operation["description"]
        assert ":raises" not in operation["description"]
        assert {"408", "413", "421", "500"} <= set(operation["responses"])
        assert any(status.startswith("2") for status in operation["responses"])
        assert ({"401", "403", "429"} <= set(operation["responses"])) == (path not in OPEN)
        assert ("security" in operation) == (path not in (*OPEN, "/metrics"))


def test_failures_are_described_as_problems_with_examples(document: dict[str, Any]) -> None:
    described = set()
    for path, operation in operations(document):
        for status, response in operation["responses"].items():
            if status.startswith("2"):
                continue
            if path.startswith(OPENAI):
                assert response["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ChatFailure"}
                continue
            assert list(response["content"]) == ["application/problem+json"]
            media = response["content"]["application/problem+json"]
            assert media["schema"] == {"$ref": "#/components/schemas/Problem"}
            for slug, example in media["examples"].items():
                described.add(slug)
                problem = schemas.Problem.model_validate(example["value"])
                assert problem.type == f"urn:wenju:problem:{slug}"
                assert str(problem.status) == status
    everywhere = {"route-unknown", "method-not-allowed", "model-unknown"}  # in no problem's shape
    assert described == {kind.slug for kind in PROBLEM_KINDS} - everywhere


def test_all_kinds_of_problem_are_listed(document: dict[str, Any]) -> None:
    assert [kind["type"] for kind in document["x-problem-types"]] == [kind.type for kind in PROBLEM_KINDS]


def test_document_is_the_same_each_time() -> None:
    app = create_app(Path("nowhere"))
    first = app.openapi()
    assert app.openapi() == first == create_app(Path("elsewhere")).openapi()


ASKED = examples()["ask"]
WORDS_OF_ANSWERS = {
    "chinese": "调解成功率99%",
    "english": "731名",
    "follow_up": "调解成功率",
    "filtered": "",
    "not_found": "",
}


@pytest.mark.parametrize("name", sorted(ASKED["requests"]))
def test_request_example_is_answered_as_described(client: httpx.Client, name: str) -> None:
    response = client.post("/v1/ask", json=ASKED["requests"][name]["value"])
    assert response.status_code == 200
    answer = response.json()
    assert_described(schemas.AskResponse, answer)
    assert WORDS_OF_ANSWERS[name] in (answer["quotes"] or answer["near_misses"])[0]["text"]
    if name in ASKED["answers"]:
        assert answer["status"] == ASKED["answers"][name]["value"]["status"]


@pytest.mark.parametrize(
    ("operation", "model"),
    [
        ("ask", schemas.AskResponse),
        ("search", schemas.SearchResult),
        ("listDocuments", schemas.DocumentList),
        ("readDocument", schemas.Document),
        ("readAround", schemas.Quote),
    ],
)
def test_response_examples_are_as_described(document: dict[str, Any], operation: str, model: type[BaseModel]) -> None:
    (described,) = (each for _, each in operations(document) if each["operationId"] == operation)
    shown = described["responses"]["200"]["content"]["application/json"]["examples"]
    assert shown == examples()[operation]["answers"] != {}
    for example in shown.values():
        assert_described(model, example["value"])


def test_every_example_is_shown_where_it_belongs(document: dict[str, Any]) -> None:
    described = {operation["operationId"]: operation for _, operation in operations(document)}
    assert len(examples()) > 8
    for name, own in examples().items():
        parameters = {each["name"]: each["schema"].get("examples") for each in described[name].get("parameters", ())}
        assert own.keys() <= {"parameters", "requests", "answers"}
        for parameter, value in own.get("parameters", {}).items():
            assert parameters[parameter] == [value]
        if "requests" in own:
            body = described[name]["requestBody"]["content"]["application/json"]
            assert body["examples"] == own["requests"]


def test_the_example_of_more_text_is_what_the_route_gives(client: httpx.Client) -> None:
    own = examples()["readAround"]
    asked = own["parameters"]
    query = {"spans": asked["spans"], "characters": asked["characters"]}
    given = client.get(f"/v1/documents/{asked['document_id']}/around", params=query).json()
    assert given == own["answers"]["quote"]["value"]
    assert "调解成功率99%" in given["text"]


def assert_described(model: type[BaseModel], value: Any) -> None:
    assert model.model_validate(value).model_dump(mode="json") == value


def test_examples_are_of_the_first_archive(seeds_archive: Archive) -> None:
    infos = {info.id: info.to_dict() for info in seeds_archive.documents()}
    shown = {name: [each["value"] for each in own.get("answers", {}).values()] for name, own in examples().items()}
    quotes = [quote for answer in shown["ask"] for quote in answer["quotes"]]
    hits = [hit for result in shown["search"] for hit in result["hits"]]
    assert quotes
    assert hits
    for each in quotes + hits:
        document = seeds_archive.document(each["document_id"])
        assert document.source == each["source"]
        assert "".join(document.text[start:end] for start, end in each["spans"]) == each["text"]
    for listed in shown["listDocuments"]:
        for info in listed["documents"]:
            assert infos[info["id"]]["revision"] == info["revision"]
    for read in shown["readDocument"]:
        assert seeds_archive.document(read["id"]).text.startswith(read["text"].removesuffix("…"))


class PageParser(HTMLParser):
    """Collects what a browser would fetch or run, and the anchors."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.fetched: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name == "href" and value:
                self.links.add(value)
            if name in ("src", "srcset", "data", "action") or name.startswith("on") or name == "style":
                self.fetched.add(str(value))


def test_docs_page_needs_nothing_from_elsewhere(client: httpx.Client) -> None:
    response = client.get("/docs")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page = PageParser()
    page.feed(response.text)
    assert not page.tags & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert not page.fetched
    assert {link for link in page.links if not link.startswith("#")} == {"openapi.json"}
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert "@import" not in response.text
    assert "url(" not in response.text


def test_docs_page_policy_allows_its_style_and_nothing_else(client: httpx.Client) -> None:
    response = client.get("/docs")
    style = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
    assert len(style) == 1
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]


def test_docs_page_tells_every_operation_and_problem(client: httpx.Client) -> None:
    text = client.get("/docs").text
    for address in ADDRESSES:
        assert f" {address}</code>" in text
    for kind in PROBLEM_KINDS:
        assert kind.type in text
    assert "炎陵县调解成功率是多少？" in text
    assert "None" not in text
