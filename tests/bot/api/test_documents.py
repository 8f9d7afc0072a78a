from pathlib import Path
from typing import Any

import httpx
import pytest

from retrieval.archive import Archive
from retrieval.types import Quote

SEEDS = Path(__file__).parents[3] / "seeds"


def test_list_is_the_librarys(client: httpx.Client, seeds_archive: Archive) -> None:
    response = client.get("/v1/documents")
    assert response.status_code == 200
    assert response.json() == {"total": 5, "documents": [info.to_dict() for info in seeds_archive.documents()]}


def test_pages_joined_are_the_list(client: httpx.Client) -> None:
    whole = client.get("/v1/documents").json()["documents"]
    pages = [client.get("/v1/documents", params={"limit": 2, "offset": offset}).json() for offset in (0, 2, 4, 6)]
    assert [len(page["documents"]) for page in pages] == [2, 2, 1, 0]
    assert [info for page in pages for info in page["documents"]] == whole
    assert {page["total"] for page in pages} == {5}


@pytest.mark.parametrize(
    ("query", "field"), [("limit=0", "limit"), ("limit=201", "limit"), ("offset=-1", "offset"), ("page=2", "page")]
)
def test_paging_is_capped(client: httpx.Client, query: str, field: str) -> None:
    response = client.get(f"/v1/documents?{query}")
    assert response.status_code == 422
    assert [fault["field"] for fault in response.json()["errors"]] == [field]


def test_offset_beyond_all_is_an_empty_page(client: httpx.Client) -> None:
    response = client.get("/v1/documents", params={"offset": str(10**40)})
    assert response.status_code == 200
    assert response.json() == {"total": 5, "documents": []}


def test_document_is_the_file_untouched(client: httpx.Client, seeds_archive: Archive) -> None:
    listed = client.get("/v1/documents").json()["documents"]
    for info in listed:
        document = client.get(f"/v1/documents/{info['id']}").json()
        text = document.pop("text")
        outline = document.pop("outline")
        assert document == info
        assert outline == seeds_archive.outline(info["id"]).to_dict()
        assert text.encode(info["encoding"]) == (SEEDS / Path(info["source"]).name).read_bytes()
        assert len(text) == info["characters"]


@pytest.mark.parametrize("document_id", ["unknown", "0", "%00", "%ff", "..", "' OR 1=1 --", "问"])
def test_unknown_document_is_404(client: httpx.Client, document_id: str) -> None:
    response = client.get(f"/v1/documents/{document_id}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_unknown_document_names_the_id(client: httpx.Client) -> None:
    problem = client.get("/v1/documents/no-such-id").json()
    assert problem["type"] == "urn:wenju:problem:document-unknown"
    assert "no-such-id" in problem["detail"]


def test_overlong_id_is_422(client: httpx.Client) -> None:
    response = client.get(f"/v1/documents/{'x' * 201}")
    assert response.status_code == 422
    assert [(fault["where"], fault["field"]) for fault in response.json()["errors"]] == [("path", "document_id")]


@pytest.fixture(scope="module")
def quote(seeds_archive: Archive) -> Quote:
    return seeds_archive.ask("炎陵县的调解成功率是多少？").quotes[0]


def named(quote: Quote) -> str:
    return ",".join(f"{span.start}-{span.end}" for span in quote.spans)


@pytest.mark.parametrize("characters", [None, 1, 200, 1000])
def test_more_text_around_a_quote_is_the_librarys(
    client: httpx.Client, seeds_archive: Archive, quote: Quote, characters: int | None
) -> None:
    query: dict[str, Any] = {"spans": named(quote)} | ({} if characters is None else {"characters": characters})
    wider = client.get(f"/v1/documents/{quote.document_id}/around", params=query)
    assert wider.status_code == 200
    expected = seeds_archive.around(quote.document_id, quote.spans, *([] if characters is None else [characters]))
    assert wider.json() == expected.to_dict()
    text = seeds_archive.document(quote.document_id).text
    assert "".join(text[start:end] for start, end in wider.json()["spans"]) == wider.json()["text"]
    assert "".join(text[start:end] for start, end in wider.json()["highlights"]) == quote.text
    assert (len(wider.json()["text"]) > len(quote.text)) == (characters != 1)


@pytest.mark.parametrize(
    ("spans", "status", "slug"),
    [
        ("", 422, "request-invalid"),
        ("20-10", 422, "request-invalid"),
        ("10-10", 422, "request-invalid"),
        ("x", 422, "request-invalid"),
        ("1-2," * 600 + "1-2", 422, "request-invalid"),
        ("999999-9999999", 404, "passage-unknown"),
    ],
)
def test_spans_at_which_nothing_stands_are_told(
    client: httpx.Client, quote: Quote, spans: str, status: int, slug: str
) -> None:
    response = client.get(f"/v1/documents/{quote.document_id}/around", params={"spans": spans})
    assert (response.status_code, response.json()["type"]) == (status, f"urn:wenju:problem:{slug}")


def test_text_around_needs_spans_and_a_document(client: httpx.Client, quote: Quote) -> None:
    missing = client.get(f"/v1/documents/{quote.document_id}/around")
    assert [fault["field"] for fault in missing.json()["errors"]] == ["spans"]
    assert client.get("/v1/documents/x/around", params={"spans": "1-2"}).status_code == 404
    beyond = client.get(f"/v1/documents/{quote.document_id}/around", params={"spans": "1-2", "characters": 20_001})
    assert [fault["field"] for fault in beyond.json()["errors"]] == ["characters"]
