import httpx
import pytest

from retrieval import Archive
from tests.bot.web.browsing import Browser
from tests.bot.web.uploading import uploaded

QUESTION = "炎陵县的调解成功率是多少？"
VISIBLE = """
const box = document.querySelector('#quoted').getBoundingClientRect();
const head = document.querySelector('header.heading').getBoundingClientRect();
return box.top >= (getComputedStyle(document.querySelector('header.heading')).position === 'sticky' ? head.bottom : 0)
  && box.bottom <= innerHeight && box.height > 0
"""


def test_a_quote_s_link_opens_the_document_at_the_quote(browser: Browser, seeds_archive: Archive) -> None:
    quote = seeds_archive.ask(QUESTION).quotes[0]
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


def test_a_quote_of_several_pieces_is_marked_in_all_of_them(browser: Browser, seeds_archive: Archive) -> None:
    document_id, spans = next(
        (info.id, block.spans)
        for info in seeds_archive.documents()
        for block in seeds_archive.outline(info.id).blocks
        if len(block.spans) > 1
    )
    text = seeds_archive.document(document_id).text
    pieces = [text[span.start : span.end] for span in spans]
    browser.open(f"/source/{document_id}#c" + ",".join(f"{span.start}-{span.end}" for span in spans))
    assert browser.texts("mark.quoted") == pieces
    parents = browser.js("return [...document.querySelectorAll('mark.quoted')].map((m) => m.parentNode.textContent)")
    assert parents == ["".join(pieces)] * len(pieces)


def test_the_whole_text_is_shown_with_its_blocks_told_apart(browser: Browser, seeds_archive: Archive) -> None:
    for info in seeds_archive.documents()[:2]:
        outline = seeds_archive.outline(info.id)
        text = seeds_archive.document(info.id).text
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
    browser: Browser, site: httpx.Client
) -> None:
    text = "𠮷野家𝄞的故事\n\n𠀀𠀁𠀂街上的𠮷野家昨天开业，来了三百二十一位客人。\n"
    with uploaded(site, "𠮷.txt", text) as document_id:
        start = text.index("来了")
        browser.open(f"/source/{document_id}#c{start}-{start + 10}")
        assert "".join(browser.texts("mark.quoted")) == text[start : start + 10]


def test_a_link_that_names_no_words_of_the_document_says_so_and_shows_the_text(
    browser: Browser, seeds_archive: Archive
) -> None:
    info = seeds_archive.documents()[0]
    for end in ("#c999998-999999", "#c20-10", "#nonsense"):
        browser.open(f"/source/{info.id}{end}")
        assert browser.text("#problem") == "链接所指的文字不在这份文件里。以下是全文。"
        assert len(browser.text("#text")) > 1000


def test_a_document_that_is_not_there_is_told(browser: Browser) -> None:
    browser.open("/source/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert browser.text("#problem") == "档案里没有（或不再有）这份文件。"


def test_another_place_of_the_same_document_is_shown_without_loading_it_again(
    browser: Browser, seeds_archive: Archive
) -> None:
    info = seeds_archive.documents()[0]
    text = seeds_archive.document(info.id).text
    browser.open(f"/source/{info.id}#c100-120")
    browser.js("location.hash = '#c300-330'")
    browser.until(lambda: "".join(browser.texts("mark.quoted")) == text[300:330], "the other place")


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>.txt", "“quotes” & 'ticks' \\ $.txt"])
def test_hostile_names_and_texts_are_shown_harmlessly(browser: Browser, site: httpx.Client, name: str) -> None:
    text = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\n\n</p></main><h1>大标题</h1>正文。\n"
    with uploaded(site, name, text) as document_id:
        browser.open(f"/source/{document_id}")
        assert sorted("".join(browser.text("#text").split())) == sorted("".join(text.split()))
        assert browser.all("#text img, #text script, #text h1") == []
        assert name in browser.text("#imprint")
        browser.open("/archive")
        browser.until(lambda: name in browser.text("#documents"), "the document in the list")
        assert browser.all("#documents img, #documents script") == []
        assert "owned" not in browser.driver.title


