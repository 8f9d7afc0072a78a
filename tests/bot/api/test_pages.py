"""Pages of a PDF and of a scanned newspaper: their sizes, the places of words on them, their pictures."""

import io
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from bot.api.app import create_app
from retrieval import Archive
from retrieval.types import Quote
from tests.bot.api.serving import serving
from tests.retrieval.reading.samples import PAGES

PDF = "council.pdf"
SCAN = "newspaper.png"
QUESTIONS = {PDF: "Why was the lighting of the towpath held over to April?", SCAN: "每成功一件补贴多少元？"}
INK = 110


@pytest.fixture(scope="module")
def path(seeds_archive_path: Path, encoder_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copytree(seeds_archive_path, tmp_path_factory.mktemp("pages") / "archive"))
    with Archive.open(path, cache=encoder_cache) as archive:
        for name in (PDF, SCAN):
            assert archive.add(name, (PAGES / name).read_bytes()).failures == ()
    return path


@pytest.fixture(scope="module")
def archive(path: Path, encoder_cache: Path) -> Iterator[Archive]:
    with Archive.open(path, cache=encoder_cache) as opened:
        yield opened


@pytest.fixture(scope="module")
def paged(path: Path, encoder_cache: Path) -> Iterator[httpx.Client]:
    with serving(create_app(path, cache=encoder_cache)) as client:
        yield client


def address(archive: Archive, name: str) -> str:
    return next(f"/v1/documents/{info.id}" for info in archive.documents() if info.source == f"uploads/{name}")


def picture(response: httpx.Response) -> "np.typing.NDArray[np.uint8]":
    assert (response.status_code, response.headers["content-type"]) == (200, "image/png")
    return np.asarray(Image.open(io.BytesIO(response.content), formats=("PNG",)).convert("L"))


def quoted(archive: Archive, name: str) -> Quote:
    quotes = archive.ask(QUESTIONS[name], top=5).quotes
    return next(quote for quote in quotes if quote.source == f"uploads/{name}")


@pytest.mark.parametrize("name", [PDF, SCAN])
def test_a_quote_s_boxes_lie_on_its_words_in_the_picture(paged: httpx.Client, archive: Archive, name: str) -> None:
    quote = quoted(archive, name)
    base = address(archive, name)
    spans = ",".join(f"{span.start}-{span.end}" for span in quote.spans)
    told = paged.get(f"{base}/pages", params={"spans": spans}).json()
    assert told["pages"]
    assert told["places"]
    for place in told["places"]:
        page = next(each for each in told["pages"] if each["number"] == place["page"])
        drawn = picture(paged.get(f"{base}/pages/{page['number']}.png", params={"width": 1600}))
        scale = drawn.shape[1] / page["width"]
        assert drawn.shape[0] == pytest.approx(page["height"] * scale, abs=2)
        left, top, right, bottom = (int(place["box"][side] * scale) for side in ("left", "top", "right", "bottom"))
        words = drawn[top:bottom, left:right]
        assert words.size > 100
        assert words.min() < INK < words.mean()


@pytest.mark.parametrize("name", [PDF, SCAN])
def test_pictures_are_the_librarys_and_may_be_kept_for_a_while(
    paged: httpx.Client, archive: Archive, name: str
) -> None:
    base = address(archive, name)
    response = paged.get(f"{base}/pages/1.png", params={"width": 300})
    assert picture(response).shape[1] == 300
    assert response.content == archive.page_picture(base.rpartition("/")[2], 1, 300)
    assert response.headers["cache-control"] == "private, max-age=3600"
    assert response.headers["x-content-type-options"] == "nosniff"
    original = paged.get(f"{base}/original")
    assert original.content == (PAGES / name).read_bytes()
    assert original.headers["content-disposition"].startswith("inline; ")


@pytest.mark.parametrize(
    ("end", "status", "slug"),
    [
        ("pages/3.png", 404, "original-missing"),
        ("pages/0.png", 422, "request-invalid"),
        ("pages/x.png", 422, "request-invalid"),
        ("pages/1.png?width=99", 422, "request-invalid"),
        ("pages/1.png?width=4001", 422, "request-invalid"),
        ("pages?spans=5-1", 422, "request-invalid"),
        ("pages/1", 404, "route-unknown"),
    ],
)
def test_what_is_no_page_is_told(paged: httpx.Client, archive: Archive, end: str, status: int, slug: str) -> None:
    response = paged.get(f"{address(archive, PDF)}/{end}")
    assert (response.status_code, response.json()["type"]) == (status, f"urn:wenju:problem:{slug}")


def test_plain_text_has_no_pages(paged: httpx.Client, archive: Archive) -> None:
    info = next(info for info in archive.documents() if info.source.endswith(".txt"))
    assert paged.get(f"/v1/documents/{info.id}/pages", params={"spans": "1-9"}).json() == {"pages": [], "places": []}
    assert paged.get(f"/v1/documents/{info.id}/pages/1.png").status_code == 404


def test_a_server_without_the_package_that_draws_says_which(
    paged: httpx.Client, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    response = paged.get(f"{address(archive, PDF)}/pages/1.png")
    assert (response.status_code, response.json()["type"]) == (503, "urn:wenju:problem:extra-missing")
    assert "documents" in response.json()["detail"]
