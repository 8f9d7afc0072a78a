"""Widths, colours, languages, access, and what is loaded."""

import json
import re
from urllib.parse import urlsplit

import pytest

from bot.web.languages import document_language
from bot.wording import LANGUAGES, messages
from retrieval import Archive
from tests.bot.web.browsing import Browser

QUESTION = "炎陵县的调解成功率是多少？"
SOURCE = "/source/b40212a39fc9b694#c1995-2068"
PAGES = ("/", SOURCE, "/archive")
FIRST_PAINT_BYTES = 100_000
LINE_BEGINNINGS = """
const walker = document.createTreeWalker(document.querySelector('.quote blockquote'), NodeFilter.SHOW_TEXT);
const found = [];
let bottom = -1;
while (walker.nextNode()) {
  for (let at = 0; at < walker.currentNode.length; at += 1) {
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + 1);
    const box = range.getBoundingClientRect();
    if (box.top >= bottom) {
      found.push(walker.currentNode.data[at]);
      bottom = box.bottom - 2;
    }
  }
}
return found
"""


def visit(browser: Browser, path: str) -> None:
    browser.open(path)
    if path == "/":
        browser.ask(QUESTION)
        browser.ask("怎么做披萨？")
        browser.one(".turn .tools button[aria-controls]").click()
        browser.until(lambda: browser.all(".around .quoted"), "the text around")
    if path == "/archive":
        browser.one("#words").send_keys("调解")
        browser.until(lambda: browser.all("#hits blockquote"), "the passages")


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_s_width_needs_no_scrolling_sideways(browser: Browser, path: str) -> None:
    browser.set(width=360, height=740)
    visit(browser, path)
    assert browser.js("return document.documentElement.scrollWidth") == 360
    wide = browser.js(
        "return [...document.querySelectorAll('main *')].filter((e) => e.checkVisibility() && !e.closest('.unseen')"
        " && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 80))"
    )
    assert wide == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, path: str, dark: bool) -> None:
    browser.set(width=1280, height=900, dark=dark)
    visit(browser, path)
    browser.cdp("Page.setBypassCSP", enabled=True)
    assert browser.findings() == []


def test_dark_follows_the_reader_s_wish(browser: Browser) -> None:
    browser.open("/")
    paint = "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    assert min(browser.js(paint)) > 200
    browser.set(width=390, height=844, dark=True)
    assert max(browser.js(paint)) < 60


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_asked_of_another_host_and_the_first_paint_is_light(browser: Browser, path: str) -> None:
    browser.network("Network.requestWillBeSent")
    browser.open(path)
    events = browser.log("performance")
    assert events
    messages_ = [json.loads(entry["message"])["message"] for entry in events]
    urls = [m["params"]["request"]["url"] for m in messages_ if m["method"] == "Network.requestWillBeSent"]
    assert len(urls) > 5
    assert {urlsplit(url).netloc for url in urls if not url.startswith(("about:", "blob:"))} == {
        urlsplit(browser.base).netloc
    }
    shell = {
        m["params"]["requestId"]
        for m in messages_
        if m["method"] == "Network.requestWillBeSent" and "/v1/" not in m["params"]["request"]["url"]
    }
    size = sum(
        m["params"]["encodedDataLength"]
        for m in messages_
        if m["method"] == "Network.loadingFinished" and m["params"]["requestId"] in shell
    )
    assert 10_000 < size < FIRST_PAINT_BYTES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_of_the_browser(browser: Browser, language: str) -> None:
    browser.set(width=1280, height=900, language=document_language(language))
    browser.open("/")
    wording = messages(language)
    assert browser.js("return document.documentElement.lang") == document_language(language)
    assert browser.text("h1") == wording.text("web_welcome")
    browser.ask("怎么做披萨？")
    assert browser.text(".refusal") == wording.text("not_found")


def test_a_language_that_is_picked_is_kept(browser: Browser, archive: Archive) -> None:
    browser.open("/")
    browser.ask(QUESTION)
    browser.js(
        "const choice = document.getElementById('language'); choice.value = 'ru';"
        "choice.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    russian = messages("ru")
    browser.until(lambda: browser.js("return document.documentElement.lang") == "ru", "the Russian page")
    browser.ready()
    assert browser.text(".turn h2") == QUESTION
    assert browser.text(".turn .tools a") == russian.text("web_open_source")
    browser.open("/archive")
    assert browser.text("#documents-heading") == russian.text("web_documents_count", count=len(archive.documents()))


def test_pages_have_landmarks_one_first_heading_and_a_live_region(browser: Browser) -> None:
    for path in PAGES:
        browser.open(path)
        for css in ("main", "header.masthead", "nav[aria-label]", "h1", "#status[role=status]"):
            assert len(browser.all(css)) == 1, (path, css)


def test_chinese_is_set_in_chinese_fonts_and_broken_by_its_rules(browser: Browser) -> None:
    browser.set(width=390, height=844, language="en")
    browser.open("/")
    browser.ask(QUESTION)
    family, line_break, autospace = browser.js(
        "const style = getComputedStyle(document.querySelector('.quote blockquote'));"
        "return [style.fontFamily, style.lineBreak, style.textAutospace]"
    )
    assert re.search("CJK SC", family)
    assert (line_break, autospace) == ("strict", "no-autospace")
    # No line of a quotation begins with a mark that closes or ends.
    begins = browser.js(LINE_BEGINNINGS)
    assert len(begins) >= 3
    assert not set(begins) & set("，。；：、！？）》”")
