import pytest

from retrieval.errors import SourceError
from tests.retrieval.reading.samples import epub, read_bytes, zipped


def chapter(body: str) -> str:
    head = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head>'
    return f"{head}<body>{body}</body></html>"


def test_chapters_are_read_in_the_order_of_the_spine_without_the_contents() -> None:
    book = epub(
        {
            "nav.xhtml": chapter("<nav><ol><li>目录</li></ol></nav>"),
            "two.xhtml": chapter("<h1>第二章</h1><p>他走了。</p>"),
            "part%20one.xhtml": chapter("<h1>第一章</h1><p>天很冷&#8230;&nbsp;雪。</p>"),
        },
        spine='<itemref idref="i0"/><itemref idref="i2"/><itemref idref="i1" linear="no"/>',
    )
    told: list[tuple[int, int, str]] = []
    reading = read_bytes(book, "a.epub", lambda done, total, label: told.append((done, total, label)))
    assert reading.document.text == "第一章\n\n天很冷…\xa0雪。\n\n第二章\n\n他走了。"
    assert reading.document.encoding == "epub"
    assert told == [(1, 2, "a.epub"), (2, 2, "a.epub")]
    assert reading.layout is not None
    assert [heading.level for heading in reading.layout.headings] == [1, 1]


def test_a_missing_chapter_is_a_warning() -> None:
    reading = read_bytes(epub({"one.xhtml": chapter("<p>text</p>"), "two.xhtml": ""}), "a.epub")
    assert reading.document.text == "text"
    assert reading.warnings == ("the chapter two.xhtml is missing from the book. Get a whole copy of it.",)


def test_short_chapters_and_links_are_read_whole() -> None:
    book = epub({"one.xhtml": chapter('<p>短。</p><p><a href="#n">注</a></p>')})
    assert read_bytes(book, "a.epub").document.text == "短。\n\n注"


def test_a_locked_book_is_refused_and_one_with_scrambled_fonts_is_not() -> None:
    method = '<encryption><EncryptedData><EncryptionMethod Algorithm="{}"/></EncryptedData></encryption>'
    pages = {"one.xhtml": chapter("<p>text</p>")}
    with pytest.raises(SourceError, match=r"locked by copy protection\. Use a copy without it"):
        read_bytes(epub(pages, encryption=method.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")), "a.epub")
    fonts = epub(pages, encryption=method.format("http://www.idpf.org/2008/embedding"))
    assert read_bytes(fonts, "a.epub").document.text == "text"


def test_a_bomb_is_refused() -> None:
    with pytest.raises(SourceError, match="as the bombs do"):
        read_bytes(epub({"one.xhtml": " " * 60_000_000}), "a.epub")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no book", "no EPUB file, or a damaged one"),
        (zipped({"a.txt": "text"}), "a ZIP archive without a book in it"),
        (epub({"one.xhtml": chapter("<p> </p>")}), "holds no text"),
    ],
)
def test_what_is_no_book_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read_bytes(data, "a.epub")
