import io
import re
import sys

import pypdfium2
import pytest
from PIL import Image

from retrieval.errors import SourceError
from retrieval.types import Span
from tests.retrieval.reading.samples import PAGES, read_bytes, read_page


def printed(name: str) -> list[str]:
    """Give the headings and paragraphs of the page that a fixture was printed from."""
    source = (PAGES / name).read_text(encoding="utf-8")
    return re.findall(r"<(?:h1|h2|p)(?: class=\"by\")?>(.*?)</(?:h1|h2|p)>", source, re.DOTALL)


def without_blanks(paragraphs: list[str]) -> list[str]:
    return ["".join(paragraph.split()) for paragraph in paragraphs]


def written(*sizes: tuple[int, int]) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for width, height in sizes:
        document.new_page(width, height)
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    return stream.getvalue()


def scanned(*names: str) -> bytes:
    pictures = [Image.open(PAGES / name).convert("L") for name in names]
    stream = io.BytesIO()
    pictures[0].save(stream, "PDF", resolution=130, save_all=True, append_images=pictures[1:])
    return stream.getvalue()


def test_two_columns_with_a_heading_across_them_are_read_as_they_were_written() -> None:
    told: list[tuple[int, int, str]] = []
    reading = read_page("council.pdf", lambda done, total, label: told.append((done, total, label)))
    paragraphs = reading.document.text.split("\n\n")
    furniture = {"Harwick Gazette, 14 March 2024", "1", "2"}
    assert [paragraph for paragraph in paragraphs if paragraph not in furniture] == printed("council.html")
    assert reading.document.encoding == "pdf"
    assert reading.warnings == ()
    assert told == [(1, 2, "council.pdf, page 1"), (2, 2, "council.pdf, page 2")]


def test_each_line_has_its_page_and_its_place() -> None:
    reading = read_page("council.pdf")
    text, layout = reading.document.text, reading.layout
    assert layout is not None
    assert [(page.number, round(page.width), round(page.height)) for page in layout.pages] == [
        (1, 425, 567),
        (2, 425, 567),
    ]
    start = text.index("The chamber rose")
    assert layout.pages_of([Span(start, start + 10)]) == (2,)
    across = Span(text.index("a second radar"), text.index("heated shelter"))
    assert layout.pages_of([across]) == (1,)
    for line in layout.lines:
        page = layout.pages[line.page - 1]
        assert 0 <= line.box.left < line.box.right <= page.width
        assert 0 <= line.box.top < line.box.bottom <= page.height
    (first,) = [line for line in layout.lines if text[line.span.start :].startswith("Harwick councillors")]
    (other,) = [line for line in layout.lines if "Mill Street" in text[line.span.start : line.span.end]]
    assert first.box.right < layout.pages[0].width / 2 < other.box.left


def test_a_turned_page_is_read_as_it_is_seen() -> None:
    document = pypdfium2.PdfDocument(PAGES / "council.pdf")
    document[0].set_rotation(90)
    turned = document[0].get_size()
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    reading = read_bytes(stream.getvalue(), "a.pdf")
    assert reading.layout is not None
    page = reading.layout.pages[0]
    assert (page.width, page.height) == pytest.approx(turned)
    assert reading.document.text.startswith("Harwick Gazette")
    assert "running until the end of March. The vote was" in reading.document.text
    for line in reading.layout.lines:
        page = reading.layout.pages[line.page - 1]
        assert line.box.right <= page.width
        assert line.box.bottom <= page.height


def test_scanned_pages_are_read_by_recognition() -> None:
    reading = read_bytes(scanned("gazette.png"), "a.pdf")
    # Recognition leaves out some of the blanks between words.
    assert without_blanks(reading.document.text.split("\n\n")) == without_blanks(printed("gazette.html"))
    assert reading.layout is not None
    (page,) = reading.layout.pages
    assert page.recognised
    assert (page.width, page.height) == pytest.approx((871 / 130 * 72, 615 / 130 * 72), abs=0.5)
    assert max(line.box.right for line in reading.layout.lines) < page.width


def test_scanned_pages_need_the_extra_for_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(SourceError, match=r"a PDF of scanned pages needs the extra 'ocr'. Install it with: pip inst"):
        read_bytes(scanned("gazette.png", "newspaper.png"), "a.pdf")
    document = pypdfium2.PdfDocument(PAGES / "council.pdf")
    scan = pypdfium2.PdfDocument(scanned("gazette.png"))
    document.import_pages(scan)
    stream = io.BytesIO()
    document.save(stream)
    scan.close()
    document.close()
    reading = read_bytes(stream.getvalue(), "a.pdf")
    assert reading.document.text == read_page("council.pdf").document.text
    assert reading.warnings == (
        "page 3 of scanned pictures not read: the extra 'ocr' is missing. Install it with: pip install 'wenju[ocr]', "
        "then sync again.",
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this is not a PDF, or a damaged one"),
        (b"<html>", "this is not a PDF, or a damaged one"),
        (b"%PDF-1.7\n1 0 obj\n<<", "this is not a PDF, or a damaged one"),
        ((PAGES / "locked.pdf").read_bytes(), "locked with a password. Save a copy without one"),
        (written(), "this is not a PDF, or a damaged one"),
        (written((200, 200)), "the file holds no text"),
    ],
)
def test_what_holds_no_readable_page_is_refused_with_a_cure(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as refusal:
        read_bytes(data, "a.pdf")
    assert str(refusal.value).startswith("a.pdf: ")


def test_a_cut_off_pdf_is_refused_or_read_in_part() -> None:
    data = (PAGES / "council.pdf").read_bytes()
    for part in (2, 3, 5):
        with pytest.raises(SourceError, match=r"a\.pdf: "):
            read_bytes(data[: len(data) // part], "a.pdf")


def test_a_missing_extra_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(SourceError, match=r"reading PDF needs the extra 'documents'"):
        read_page("council.pdf")
