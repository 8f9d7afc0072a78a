from pathlib import Path

import httpx
import pytest

from bot.api.app import create_app
from retrieval.archive import Archive
from tests.bot.api.serving import serving

ROUTES = (
    ("GET", "/readyz"),
    ("GET", "/v1/search?q=a"),
    ("GET", "/v1/documents"),
    ("GET", "/v1/documents/x"),
)


def test_alive(client: httpx.Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_ready(client: httpx.Client, seeds_archive: Archive) -> None:
    response = client.get("/readyz")
    info = seeds_archive.info()
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "documents": 5,
        "passages": info.passages,
        "generation": info.generation,
        "encoder": info.encoder,
    }


def test_starts_without_an_archive_and_takes_it_up_once_it_is_there(tmp_path: Path, encoder_cache: Path) -> None:
    path = tmp_path / "archive"
    with serving(create_app(path, cache=encoder_cache)) as client:
        assert client.get("/healthz").status_code == 200
        for method, address in ROUTES:
            assert_unavailable(client.request(method, address), "archive-missing", "wenju sync")
        assert_unavailable(client.post("/v1/ask", json={"question": "问"}), "archive-missing", str(path))
        source = tmp_path / "note.txt"
        source.write_text("株洲市在2023年共有三十六个法治护航工作站。\n", encoding="utf-8")
        with Archive.open(path, create=True, cache=encoder_cache) as archive:
            archive.sync([source])
        assert client.get("/readyz").json()["documents"] == 1
        answer = client.post("/v1/ask", json={"question": "株洲市有多少个法治护航工作站？"}).json()
        assert "三十六个" in answer["quotes"][0]["text"]


def test_empty_archive_is_not_ready(tmp_path: Path, encoder_cache: Path) -> None:
    path = tmp_path / "archive"
    Archive.open(path, create=True, cache=encoder_cache).close()
    with serving(create_app(path, cache=encoder_cache)) as client:
        assert_unavailable(client.get("/readyz"), "archive-empty", "wenju sync")
        assert_unavailable(client.post("/v1/ask", json={"question": "问什么？"}), "archive-empty", "wenju sync")
        assert client.get("/v1/documents").json() == {"total": 0, "documents": []}


@pytest.mark.parametrize("content", ["file", "rubbish"])
def test_what_is_no_archive_is_503(tmp_path: Path, content: str) -> None:
    path = tmp_path / "archive"
    if content == "file":
        path.write_text("not a folder", encoding="utf-8")
    else:
        path.mkdir()
        (path / "something.txt").write_text("not an archive", encoding="utf-8")
    with serving(create_app(path)) as client:
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["type"].startswith("urn:wenju:problem:archive-")


def assert_unavailable(response: httpx.Response, slug: str, cure: str) -> None:
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == f"urn:wenju:problem:{slug}"
    assert cure in response.json()["detail"]
