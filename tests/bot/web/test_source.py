import pytest

from retrieval import Archive
from tests.bot.web.browsing import Browser
from tests.bot.web.conftest import ODD_NAME, ODD_TEXT, PDF_NAME

QUESTION = "炎陵县的调解成功率是多少？"
VISIBLE = """
const box = document.querySelector('#quoted').getBoundingClientRect();
const head = document.querySelector('header.heading').getBoundingClientRect();
return box.top >= (getComputedStyle(document.querySelector('header.heading')).position === 'sticky' ? head.bottom : 0)
  && box.bottom <= innerHeight && box.height > 0
"""


def odd(archive: Archive) -> str:
    return next(info.id for info in archive.documents() if info.source == f"uploads/{ODD_NAME}")


def test_a_quote_s_link_opens_the_document_at_the_quote(browser: Browser, archive: Archive) -> None:
    quote = archive.ask(QUESTION).quotes[0]
    browser.open("/")
    browser.ask(QUESTION)
    browser.one(".turn .tools a").click()
    browser.until(lambda: browser.all("#quoted"), "the marked quote")
    spans = ",".join(f"{span.start}-{span.end}" for span in quote.spans)
    assert browser.driver.current_url == f"{browser.base}/source/{quote.document_id}#c{spans}"
    assert "".join(browser.texts("mark.quoted")) == quote.text
    assert browser.js(VISIBLE)
    assert browser.js("return document.activeElement.id") == "quoted"
    assert browser.text("#title") == quote.context.article
    assert quote.context.publication in browser.text("#imprint")
    assert browser.console() == []


def test_a_quote_of_several_pieces_is_marked_in_all_of_them(browser: Browser, archive: Archive) -> None:
    document_id, spans = next(
        (info.id, block.spans)
        for info in archive.documents()
        for block in archive.outline(info.id).blocks
        if len(block.spans) > 1
    )
    text = archive.document(document_id).text
    pieces = [text[span.start : span.end] for span in spans]
    browser.open(f"/source/{document_id}#c" + ",".join(f"{span.start}-{span.end}" for span in spans))
    assert browser.texts("mark.quoted") == pieces
    parents = browser.js("return [...document.querySelectorAll('mark.quoted')].map((m) => m.parentNode.textContent)")
    assert parents == ["".join(pieces)] * len(pieces)


def test_the_whole_text_is_shown_with_its_blocks_told_apart(browser: Browser, archive: Archive) -> None:
    for info in archive.documents()[:2]:
        outline = archive.outline(info.id)
        text = archive.document(info.id).text
        browser.open(f"/source/{info.id}")
        shown = browser.text("#text")
        assert sorted("".join(shown.split())) == sorted("".join(text.split()))
        for kind in ("headline", "byline", "imprint", "caption", "heading"):
            blocks = [
                "".join(text[span.start : span.end] for span in block.spans)
                for block in outline.blocks
                if block.kind.value == kind
            ]
            assert sorted(browser.texts(f"#text .{kind}")) == sorted(blocks)
        assert len(browser.all("#text article")) == len([each for each in outline.articles if each.blocks])


def test_offsets_count_characters_where_a_text_has_some_beyond_the_basic_plane(
    browser: Browser, archive: Archive
) -> None:
    start = ODD_TEXT.index("来了")
    browser.open(f"/source/{odd(archive)}#c{start}-{start + 10}")
    assert "".join(browser.texts("mark.quoted")) == ODD_TEXT[start : start + 10]


def test_a_link_that_names_no_words_of_the_document_says_so_and_shows_the_text(
    browser: Browser, archive: Archive
) -> None:
    info = archive.documents()[0]
    for end in ("#c999998-999999", "#c20-10", "#nonsense"):
        browser.open(f"/source/{info.id}{end}")
        assert browser.text("#problem") == "链接所指的文字不在这份文件里。以下是全文。"
        assert len(browser.text("#text")) > 1000


def test_a_document_that_is_not_there_is_told(browser: Browser) -> None:
    browser.open("/source/%3Cb%3Ealert(1)%3C%5Cb%3E")
    assert browser.text("#problem") == "档案里没有（或不再有）这份文件。"


def test_another_place_of_the_same_document_is_shown_without_loading_it_again(
    browser: Browser, archive: Archive
) -> None:
    info = archive.documents()[0]
    text = archive.document(info.id).text
    browser.open(f"/source/{info.id}#c100-120")
    browser.js("location.hash = '#c300-330'")
    browser.until(lambda: "".join(browser.texts("mark.quoted")) == text[300:330], "the other place")


def test_a_pdf_s_page_is_shown_beside_the_text_with_a_box_around_the_quote(browser: Browser, archive: Archive) -> None:
    document = next(info for info in archive.documents() if info.source == f"uploads/{PDF_NAME}")
    sizes = archive.page_sizes(document.id)
    assert len(sizes) > 1
    block = next(
        block
        for block in archive.outline(document.id).blocks
        if archive.places(document.id, block.spans)[0].page == 2 and block.kind.value == "paragraph"
    )
    place = archive.places(document.id, block.spans)[0]
    size = next(each for each in sizes if each.number == place.page)
    browser.open(f"/source/{document.id}#c" + ",".join(f"{span.start}-{span.end}" for span in block.spans))
    browser.until(lambda: browser.all(".picture .frame"), "the box")
    browser.until(lambda: browser.js("return document.querySelector('.picture img').naturalWidth > 400"), "the page")
    image, frame = (
        browser.js(
            "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
            "return [box.left, box.top, box.width, box.height]",
            css,
        )
        for css in (".picture img", ".picture .frame")
    )
    scale = image[2] / size.width
    assert frame[0] - image[0] == pytest.approx(place.box.left * scale, abs=3)
    assert frame[1] - image[1] == pytest.approx(place.box.top * scale, abs=3)
    assert frame[2] == pytest.approx(place.box.width * scale, abs=3)
    text = browser.js("return document.getElementById('text').getBoundingClientRect().left")
    assert text > image[0] + image[2]
    browser.one(".turning button").click()
    browser.until(lambda: "1" in browser.text(".turning [role=status]"), "the page before")
    assert browser.console() == []


def test_markup_in_names_and_texts_is_shown_as_it_is_written(browser: Browser, archive: Archive) -> None:
    browser.open(f"/source/{odd(archive)}")
    assert sorted("".join(browser.text("#text").split())) == sorted("".join(ODD_TEXT.split()))
    assert browser.all("#text img, #text script, #text h1") == []
    assert ODD_NAME in browser.text("#imprint")
    browser.open("/archive")
    browser.until(lambda: ODD_NAME in browser.text("#documents"), "the document in the list")
    assert browser.all("#documents img, #documents script") == []
    browser.open("/")
    browser.ask("𠮷野家开业来了多少位客人？")
    assert "三百二十一位客人" in browser.text(".turn")
    assert browser.all(".turn img, .turn script, .turn h1") == []
    assert "owned" not in browser.driver.title
