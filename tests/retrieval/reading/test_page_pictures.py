import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from retrieval import Archive
from retrieval.errors import MissingExtraError, OriginalMissingError, UnknownDocumentError
from retrieval.reading import page_picture
from retrieval.types import Span
from tests.retrieval.reading.samples import PAGES
from tests.retrieval.reading.test_pdf import written

PDF = "application/pdf"


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png), formats=("PNG",))
    picture.load()
    return picture


def test_a_pdfs_page_is_drawn_as_wide_as_it_was_asked_for() -> None:
    picture = opened(page_picture((PAGES / "council.pdf").read_bytes(), PDF, 2, 600))
    assert (picture.mode, picture.width, picture.height) == ("RGB", 600, 801)
    shades = np.asarray(picture.convert("L"))
    assert (shades > 250).mean() > 0.7
    assert (shades < 80).sum() > 1000


def test_a_picture_is_shown_pixel_for_pixel_and_never_made_larger() -> None:
    original = Image.open(PAGES / "gazette.png").convert("RGB")
    data = (PAGES / "gazette.png").read_bytes()
    same = opened(page_picture(data, "image/png", 1, 4000))
    assert same.size == original.size
    assert np.array_equal(np.asarray(same), np.asarray(original))
    assert opened(page_picture(data, "image/png", 1, 100)).width == 100


def test_a_picture_is_turned_upright_as_when_it_was_read() -> None:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (300, 200), "red").save(stream, "JPEG", exif=exif)
    assert opened(page_picture(stream.getvalue(), "image/jpeg", 1)).size == (200, 300)


def test_each_page_of_a_tiff_is_a_page() -> None:
    stream = io.BytesIO()
    frames = [Image.new("RGB", (120, 90), colour) for colour in ("black", "white")]
    frames[0].save(stream, "TIFF", save_all=True, append_images=frames[1:])
    assert opened(page_picture(stream.getvalue(), "image/tiff", 2)).getpixel((0, 0)) == (255, 255, 255)


def test_a_tall_page_is_drawn_narrower_than_it_was_asked_for() -> None:
    picture = opened(page_picture(written((20, 14_000)), PDF, 1, 4000))
    assert picture.width * picture.height <= 41_000_000
    assert picture.width < 300


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_page_that_is_not_there_is_named(number: int) -> None:
    with pytest.raises(OriginalMissingError, match=rf"no page {number}; the file has 2"):
        page_picture((PAGES / "council.pdf").read_bytes(), PDF, number)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(b"%PDF-1.4 torn", PDF), (b"\x89PNG torn", "image/png"), (b"plain words", "text/plain")],
)
def test_what_cannot_be_drawn_is_refused(data: bytes, media_type: str) -> None:
    with pytest.raises(OriginalMissingError):
        page_picture(data, media_type, 1)


@pytest.mark.parametrize("width", [99, 4001, -5])
def test_a_width_out_of_bounds_is_refused(width: int) -> None:
    with pytest.raises(ValueError, match=f"100 to 4000 pixels wide, not {width}"):
        page_picture(written((100, 100)), PDF, 1, width)


def test_a_picture_that_would_fill_the_memory_is_not_decoded() -> None:
    stream = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(stream, "PNG")
    with pytest.raises(OriginalMissingError, match="more than the 150 million pixels"):
        page_picture(stream.getvalue(), "image/png", 1)


def test_a_missing_package_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(MissingExtraError, match=r"wenju\[documents\]"):
        page_picture(b"%PDF-1.4", PDF, 1)


@pytest.fixture(scope="module")
def pages_archive(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Archive:
    archive = Archive.open(tmp_path_factory.mktemp("pages") / "archive", create=True, cache=encoder_cache)
    archive.sync([PAGES / "council.pdf", PAGES / "newspaper.html"])
    return archive


def test_an_archive_shows_a_quote_on_its_page(pages_archive: Archive) -> None:
    info = next(info for info in pages_archive.documents() if info.source == "council.pdf")
    text = pages_archive.document(info.id).text
    start = text.index("The chamber rose")
    first, *_ = pages_archive.places(info.id, [Span(start, start + 16)])
    size = pages_archive.page_sizes(info.id)[first.page - 1]
    assert (round(size.width), round(size.height)) == (425, 567)
    assert 0 <= first.box.left < first.box.right <= size.width
    shades = np.asarray(opened(pages_archive.page_picture(info.id, first.page, 850)).convert("L"))
    scale = 850 / size.width
    box = shades[
        int(first.box.top * scale) : int(first.box.bottom * scale),
        int(first.box.left * scale) : int(first.box.right * scale),
    ]
    assert (box < 128).mean() > 0.05


def test_a_document_without_pages_has_none(pages_archive: Archive) -> None:
    info = next(info for info in pages_archive.documents() if info.source == "newspaper.html")
    assert pages_archive.places(info.id, [Span(0, 5)]) == []
    assert pages_archive.page_sizes(info.id) == []
    with pytest.raises(OriginalMissingError, match="text/html has no pages"):
        pages_archive.page_picture(info.id, 1)
    with pytest.raises(UnknownDocumentError):
        pages_archive.page_sizes("nothing")
