import io
import struct
import sys
import zlib

import pytest
from PIL import Image

from retrieval.errors import SourceError
from retrieval.types import Span
from tests.retrieval.reading.samples import PAGES, read_bytes, read_page
from tests.retrieval.reading.test_pdf import printed, without_blanks


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("L", (width, height), 255).save(stream, kind)
    return stream.getvalue()


def declared(width: int, height: int) -> bytes:
    """Give a PNG file that declares a size and holds nothing of it."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    checked = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + checked + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


def test_three_columns_of_a_chinese_newspaper_are_read_in_order() -> None:
    told: list[tuple[int, int, str]] = []
    reading = read_page("newspaper.png", lambda done, total, label: told.append((done, total, label)))
    text, layout = reading.document.text, reading.layout
    assert without_blanks(text.split("\n\n")) == without_blanks(printed("newspaper.html"))
    assert (reading.document.encoding, reading.warnings, told) == ("ocr", (), [(1, 1, "newspaper.png, page 1")])
    assert layout is not None
    (page,) = layout.pages
    assert (page.width, page.height, page.recognised) == (820, 768, True)
    start = text.index("每成功一件补贴200元")
    places = layout.places([Span(start, start + 11)])
    assert places
    scan = Image.open(PAGES / "newspaper.png").convert("L")
    for place in places:
        assert place.page == 1
        part = scan.crop((int(place.box.left), int(place.box.top), int(place.box.right), int(place.box.bottom)))
        shades = part.tobytes()
        assert min(shades) < 100 < 200 < max(shades)


def test_a_picture_without_text_is_refused() -> None:
    with pytest.raises(SourceError, match=r"no text was found on the picture. Leave it out"):
        read_bytes(picture(200, 100), "a.png")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (picture(1, 1), "1 x 1 pixels is too small to show text"),
        (declared(20_000, 10_000), "more than 150 million pixels. Save it smaller"),
        (declared(12_000, 13_000), "more than 150 million pixels. Save it smaller"),
        (declared(10_000, 10_000), "not a picture, or a damaged one"),
        (picture(300, 300)[:60], "not a picture, or a damaged one"),
        (b"text", "not a picture, or a damaged one"),
        (b"", "not a picture, or a damaged one"),
    ],
)
def test_what_is_no_picture_of_a_page_is_refused_with_a_cure(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as refusal:
        read_bytes(data, "a.png")
    assert str(refusal.value).startswith("a.png: ")


def test_the_pages_of_a_tiff_file_are_pages() -> None:
    with Image.open(PAGES / "gazette.png") as scan:
        head = scan.convert("L").crop((0, 0, 871, 100))
    stream = io.BytesIO()
    head.save(stream, "TIFF", save_all=True, append_images=[head.resize((435, 50)), head])
    reading = read_bytes(stream.getvalue(), "a.tiff")
    assert reading.layout is not None
    assert [(page.number, page.width) for page in reading.layout.pages] == [(1, 871), (2, 435), (3, 871)]
    assert reading.layout.pages_of([Span(0, len(reading.document.text))]) == (1, 2, 3)


def test_a_picture_that_the_camera_turned_is_turned_upright() -> None:
    with Image.open(PAGES / "gazette.png") as scan:
        turned = scan.convert("L").crop((0, 0, 871, 100)).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = io.BytesIO()
    turned.save(stream, "JPEG", exif=exif)
    reading = read_bytes(stream.getvalue(), "a.jpg")
    assert reading.document.text == "Old mill opens as a school of baking"


def test_a_missing_extra_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(SourceError, match=r"reading pictures needs the extra 'ocr'. Install it with: pip install 'we"):
        read_page("gazette.png")
