"""Uploading, deleting and getting files back, while questions are asked."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.api.app import create_app
from bot.api.options import ApiOptions
from retrieval import Archive
from retrieval.index import WriteLock
from tests.bot.api.refusals import assert_problem
from tests.bot.api.sending import finished, upload
from tests.bot.api.serving import serving

NOTE = "株洲市桥头镇2024年共修建了四十七座石桥。\n"
QUESTION = {"question": "桥头镇修建了多少座石桥？"}
PAGE = "<html><body><script>alert('x')</script><p>桥头镇有九座磨坊。</p></body></html>"
LIMIT = 200_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uploads") / "archive"


@pytest.fixture(scope="module")
def own(path: Path, encoder_cache: Path) -> Iterator[httpx.Client]:
    """A server over an archive that is not there yet: the first upload makes it."""
    options = ApiOptions(max_upload_bytes=LIMIT, body_seconds=1.0, upload_seconds=1.5)
    with serving(create_app(path, cache=encoder_cache, options=options)) as client:
        yield client


def test_an_uploaded_file_answers_and_comes_back_and_goes(own: httpx.Client) -> None:
    job = finished(own, upload(own, "桥头镇.txt", NOTE.encode()))
    assert (job["status"], job["name"], job["done"], job["error"]) == ("done", "桥头镇.txt", job["total"], None)
    answer = own.post("/v1/ask", json=QUESTION).json()
    assert "四十七座石桥" in answer["quotes"][0]["text"]
    assert answer["quotes"][0]["document_id"] == job["document_id"]
    original = own.get(f"/v1/documents/{job['document_id']}/original")
    assert original.content == NOTE.encode()
    assert original.headers["content-type"] == "text/plain"
    assert original.headers["x-content-type-options"] == "nosniff"
    assert original.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E6%A1%A5")
    assert own.get("/v1/documents").json()["documents"][0]["uploaded"] is True
    assert own.delete(f"/v1/documents/{job['document_id']}").status_code == 204
    assert_problem(own.get(f"/v1/documents/{job['document_id']}"), 404, "document-unknown")
    assert_problem(own.delete(f"/v1/documents/{job['document_id']}"), 404, "document-unknown")


def test_a_page_with_a_script_is_never_shown_as_one(own: httpx.Client) -> None:
    job = finished(own, upload(own, "page.html", PAGE.encode()))
    assert job["status"] == "done", job
    original = own.get(f"/v1/documents/{job['document_id']}/original")
    assert original.content == PAGE.encode()
    assert original.headers["content-type"] == "text/html"
    assert original.headers["content-disposition"].startswith("attachment; ")
    assert original.headers["content-security-policy"] == "default-src 'none'; sandbox"
    document = own.get(f"/v1/documents/{job['document_id']}")
    assert document.headers["content-type"] == "application/json"
    own.delete(f"/v1/documents/{job['document_id']}")


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.txt", "..", "/etc/x.txt", "a/b.txt", "a\\b.txt", "C:\\x.txt", "a\0b.txt", "x" * 300 + ".txt"],
)
def test_a_name_that_is_a_path_leads_nowhere(own: httpx.Client, path: Path, name: str) -> None:
    before = {each for each in path.parent.rglob("*") if each.suffix == ".txt"}
    response = upload(own, name, NOTE.encode())
    if response.status_code in (201, 202):  # a client library may have taken the path off the name
        job = finished(own, response)
        assert not set(job["name"]) & set("/\\\0")
        if job["document_id"]:
            own.delete(f"/v1/documents/{job['document_id']}")
    else:
        assert response.status_code in (400, 422)
    assert {each for each in path.parent.rglob("*") if each.suffix == ".txt"} <= before


@pytest.mark.parametrize(
    ("name", "data"), [("x.exe", b"MZ\x90\x00" * 100), ("x.pdf", b"%PDF-1.4 broken"), ("x.txt", b"")]
)
def test_a_file_that_cannot_be_read_says_why(own: httpx.Client, name: str, data: bytes) -> None:
    response = upload(own, name, data)
    if response.status_code == 202:
        job = finished(own, response)
        assert job["status"] == "failed"
        assert job["error"]
    else:
        assert_problem(response, 422, "document-invalid")


def test_a_file_that_is_too_large_is_refused_before_it_has_come(own: httpx.Client) -> None:
    assert_problem(upload(own, "big.txt", b"x" * LIMIT), 413, "body-too-large")

    def pieces() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(100):
            yield b"x" * 10_000

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    # The refusal arrives although the client goes on sending.
    for _ in range(5):
        assert_problem(own.post("/v1/documents", content=pieces(), headers=headers), 413, "body-too-large")
        assert_problem(upload(own, "big.txt", b"x" * LIMIT), 413, "body-too-large")


@pytest.mark.parametrize(
    ("content", "content_type", "status", "slug"),
    [
        (b"x", "text/plain", 415, "media-type-unsupported"),
        (b"{}", "application/json", 415, "media-type-unsupported"),
        (b"x", "multipart/form-data", 400, "body-malformed"),
        (b"x", "multipart/form-data; boundary=b", 400, "body-malformed"),
        (b"--b--\r\n", "multipart/form-data; boundary=b", 400, "body-malformed"),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            400,
            "body-malformed",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\nx\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            400,
            "body-malformed",
        ),
    ],
)
def test_a_body_that_holds_no_file_is_told(
    own: httpx.Client, content: bytes, content_type: str, status: int, slug: str
) -> None:
    assert_problem(own.post("/v1/documents", content=content, headers={"Content-Type": content_type}), status, slug)


def test_while_another_process_writes_the_upload_waits(own: httpx.Client, path: Path) -> None:
    finished(own, upload(own, "first.txt", NOTE.encode()))
    with WriteLock(path):
        response = upload(own, "second.txt", NOTE.replace("四十七", "五十八").encode())
        assert response.status_code == 202
        assert own.get(response.headers["location"]).json()["status"] in ("queued", "running")
        assert own.post("/v1/ask", json=QUESTION).status_code == 200
    assert finished(own, response)["status"] == "done"
    assert own.get("/v1/documents").json()["total"] == 2


def test_the_archive_that_uploads_made_is_an_archive(path: Path, encoder_cache: Path) -> None:
    with Archive.open(path, cache=encoder_cache) as archive:
        assert {info.source for info in archive.documents()} >= {"uploads/second.txt"}


def test_the_file_of_a_synced_document_is_given(client: httpx.Client) -> None:
    listed = client.get("/v1/documents").json()["documents"]
    seeds = Path(__file__).parents[3] / "seeds"
    original = client.get(f"/v1/documents/{listed[0]['id']}/original")
    assert original.content == (seeds / Path(listed[0]["source"]).name).read_bytes()
    assert_problem(client.get("/v1/documents/x/original"), 404, "document-unknown")
