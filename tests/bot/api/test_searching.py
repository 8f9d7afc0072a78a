import httpx
import pytest

from retrieval.archive import Archive


@pytest.mark.parametrize("query", ["攸县 视频监控", "mediation success rate", "youxian", "%E6%94%B8"])
def test_hits_are_the_librarys_and_stand_in_the_documents(
    client: httpx.Client, seeds_archive: Archive, query: str
) -> None:
    response = client.get("/v1/search", params={"q": query, "top": 5})
    assert response.status_code == 200
    hits = [hit.to_dict() for hit in seeds_archive.search(query, top=5)]
    assert response.json() == {"query": query, "hits": hits, "explanation": None}
    for hit in response.json()["hits"]:
        text = client.get(f"/v1/documents/{hit['document_id']}").json()["text"]
        assert "".join(text[start:end] for start, end in hit["spans"]) == hit["text"]


def test_ten_hits_unless_told(client: httpx.Client) -> None:
    assert len(client.get("/v1/search", params={"q": "政法"}).json()["hits"]) == 10
    assert len(client.get("/v1/search", params={"q": "政法", "top": 1}).json()["hits"]) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("?q=a&top=0", "top"),
        ("?q=a&top=51", "top"),
        ("?q=a&top=many", "top"),
        ("?q=a&limit=5", "limit"),
        (f"?q=a&top={'9' * 5000}", "top"),
    ],
)
def test_parameter_that_is_not_as_documented_is_named(client: httpx.Client, query: str, field: str) -> None:
    response = client.get("/v1/search" + query)
    assert response.status_code == 422
    assert response.json()["type"] == "urn:wenju:problem:request-invalid"
    assert [(fault["where"], fault["field"]) for fault in response.json()["errors"]] == [("query", field)]


@pytest.mark.parametrize("query", ["?q=", "?q=%20", "?q=%00"])
def test_query_without_words_is_422(client: httpx.Client, query: str) -> None:
    response = client.get("/v1/search" + query)
    assert response.status_code == 422
    assert response.json()["type"] == "urn:wenju:problem:question-invalid"


@pytest.mark.parametrize("query", ["?q=%ff%fe", "?q=%ed%a0%80", "?q=a%00b", "?q=%22%28%2a"])
def test_odd_bytes_are_no_failure(client: httpx.Client, query: str) -> None:
    assert client.get("/v1/search" + query).status_code in (200, 422)
