from pathlib import Path

import httpx
from selenium.webdriver.common.keys import Keys

from retrieval import Archive
from tests.bot.web.browsing import Browser


def listed(browser: Browser) -> list[str]:
    return browser.texts("#documents h3")


def test_documents_are_listed_with_dates_places_and_headlines_that_open_the_source(
    browser: Browser, archive: Archive
) -> None:
    browser.open("/archive")
    documents = archive.documents()
    assert listed(browser) == [info.title or info.source for info in documents]
    assert browser.text("#documents-heading") == f"文件 {len(documents)} 份"
    second = documents[1]
    assert second.date
    dates = [str(each.get_attribute("datetime")) for each in browser.all("#documents time")]
    assert dates == [info.date for info in documents if info.date]
    articles = archive.outline(second.id).articles
    browser.js("document.querySelector('#documents > li:nth-child(2)').scrollIntoView()")
    at = "#documents > li:nth-child(2) .articles"
    browser.until(lambda: browser.all(f"{at} a"), "the headlines")
    assert browser.texts(f"{at} a") == [article.headline for article in articles]
    assert browser.texts(f"{at} .place") == [article.place for article in articles]
    browser.one(f"{at} li:nth-child(2) a").click()
    browser.until(lambda: browser.all("#quoted"), "the article")
    assert "".join(browser.texts("mark.quoted")) == articles[1].headline


def test_the_timeline_narrows_the_list_to_a_year_or_month_and_back(browser: Browser, archive: Archive) -> None:
    browser.open("/archive")
    every = archive.documents()
    dated = [info for info in every if info.date.startswith("2021-11")]
    assert 0 < len(dated) < len(every)
    assert browser.texts("#timeline .year") == ["2021", "2024"]
    month = browser.one("#timeline > li:nth-child(1) ol li:nth-child(11) button")
    assert month.get_attribute("aria-label") == f"2021年11月：文件 {len(dated)} 份"
    month.click()
    browser.until(lambda: listed(browser) == [info.title for info in dated], "the documents of the month")
    assert month.get_attribute("aria-pressed") == "true"
    month.click()
    browser.until(lambda: len(listed(browser)) == len(every), "all documents")
    assert month.get_attribute("aria-pressed") is None
    browser.one("#timeline .year").click()
    browser.until(lambda: listed(browser) == [i.title for i in every if i.date.startswith("2021")], "the year")


def test_it_searches_as_one_types_and_marks_the_words(browser: Browser, archive: Archive) -> None:
    browser.open("/archive")
    browser.one("#words").send_keys("视频监控")
    expected = [hit.passage.text for hit in archive.search("视频监控")]
    browser.until(lambda: browser.texts("#hits blockquote") == expected, "the passages")
    assert set(browser.texts("#hits mark")) == {"视频监控"}
    assert browser.text("#found-heading") == f"找到 {len(expected)} 段"
    browser.one("#words").send_keys(Keys.BACKSPACE * 4)
    browser.until(lambda: not browser.one("#found").is_displayed(), "the end of the search")


def test_typing_sends_one_request_after_a_pause(browser: Browser) -> None:
    browser.open("/archive")
    browser.network("Network.requestWillBeSent")
    browser.one("#words").send_keys("调解成功率")
    browser.until(lambda: browser.all("#hits blockquote"), "the passages")
    sent = [event["request"]["url"] for event in browser.network("Network.requestWillBeSent")]
    assert len([url for url in sent if "/v1/search" in url]) == 1


def test_filters_narrow_search_and_list_and_a_wrong_date_is_told(browser: Browser, archive: Archive) -> None:
    browser.open("/archive")
    browser.one("#words").send_keys("调解")
    browser.one("#place").send_keys("攸县")
    browser.until(lambda: listed(browser) and len(listed(browser)) == 1, "the documents about the place")
    hits = "return [...document.querySelectorAll('#hits a')].map((link) => link.href.match(/source.([0-9a-f]+)/)[1])"
    about = {i.id for i in archive.documents() if any(a.place == "攸县" for a in archive.outline(i.id).articles)}
    browser.until(lambda: set(browser.js(hits)) == about, "the passages about the place")
    browser.one("#since").send_keys("May")
    browser.until(lambda: "2022-05" in browser.text("#search-problem"), "the problem")
    browser.one("#search [type=reset]").click()
    browser.until(lambda: len(listed(browser)) == len(archive.documents()), "all documents")
    assert not browser.one("#search-problem").is_displayed()


def test_upload_tells_its_progress_the_document_can_be_asked_and_deleted(
    browser: Browser, archive: Archive, site: httpx.Client, tmp_path: Path
) -> None:
    file = tmp_path / "<b>长河镇通讯.txt"
    file.write_text("长河镇图书馆开馆\n\n长河镇图书馆5月开馆，藏书四万三千册，周一闭馆。\n", "utf-8")
    browser.open("/archive")
    before = len(listed(browser))
    deletable = len(browser.all(".removing button"))
    assert deletable == len([info for info in archive.documents() if info.uploaded])
    browser.one("#upload").send_keys(str(file))
    browser.until(lambda: browser.all("#uploads a"), "the end of the upload")
    assert "已收入档案。" in browser.text("#uploads")
    browser.until(lambda: len(listed(browser)) == before + 1, "the new document in the list")
    address = browser.js("return document.querySelector('#uploads a').getAttribute('href')")
    # By the keyboard: headlines that come into view move what a pointer would aim at.
    browser.one("#uploads a").send_keys(Keys.ENTER)
    browser.until(lambda: browser.all("#text .paragraph"), "the new document")
    assert "藏书四万三千册" in browser.text("#text")
    browser.open("/")
    browser.ask("长河镇图书馆藏书多少册？")
    assert "四万三千册" in browser.text(".turn .quote blockquote")
    browser.open("/archive")
    assert len(browser.all(".removing button")) == deletable + 1
    browser.one("#documents > li:has([href='" + address + "']) .removing button").send_keys(Keys.ENTER)
    assert "长河镇通讯.txt" in browser.driver.switch_to.alert.text
    browser.driver.switch_to.alert.accept()
    browser.until(lambda: len(listed(browser)) == before, "the document's end")
    assert site.get("/v1/documents").json()["total"] == before


def test_an_upload_that_cannot_be_read_says_why(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "broken.pdf"
    file.write_bytes(b"%PDF-1.7 and nothing of one")
    browser.open("/archive")
    before = len(listed(browser))
    browser.one("#upload").send_keys(str(file))
    browser.until(lambda: browser.all("#uploads .failed"), "the failure")
    assert "broken.pdf" in browser.text("#uploads .failed")
    assert len(listed(browser)) == before
