import httpx
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from retrieval import Archive
from retrieval.types import Turn
from tests.bot.web.browsing import Browser

QUESTION = "炎陵县的调解成功率是多少？"


def test_an_answer_is_the_quote_with_its_answering_words_marked_and_its_place(
    browser: Browser, archive: Archive
) -> None:
    expected = archive.ask(QUESTION).quotes[0]
    browser.open("/")
    turn = browser.ask(QUESTION)
    assert turn.find_element(By.TAG_NAME, "h2").text == QUESTION
    assert browser.text(".turn > .answer > .quote blockquote") == expected.text
    document = archive.document(expected.document_id)
    marked = [document.text[span.start : span.end] for span in expected.highlights]
    assert browser.texts(".turn > .answer > .quote mark") == marked
    assert browser.one(".quote blockquote").get_attribute("lang") == "zh-Hans"
    place = browser.text(".quote .place")
    assert expected.context.article in place
    assert expected.context.publication in place
    assert f"第{expected.lines[0]}行" in place
    others = browser.texts(".others blockquote")
    assert others == [quote.text for quote in archive.ask(QUESTION).quotes[1:]]
    assert browser.console() == []


def test_a_follow_up_is_asked_in_the_conversation_and_shown_as_understood(browser: Browser, archive: Archive) -> None:
    first = archive.ask(QUESTION)
    second = archive.ask("那攸县呢？", history=[Turn(QUESTION, first.quotes[0].text)])
    assert second.understood_as
    browser.open("/")
    browser.ask(QUESTION)
    browser.ask("那攸县呢？")
    assert second.understood_as in browser.text(".turn:last-child .understood")
    assert browser.texts(".turn:last-child .quote blockquote")[0] == second.quotes[0].text


def test_the_conversation_outlasts_a_look_at_the_source_and_ends_when_told(browser: Browser) -> None:
    browser.open("/")
    browser.ask(QUESTION)
    answer = browser.text(".turn .quote blockquote")
    browser.one(".quote .place").click()
    browser.until(lambda: "/source/" in browser.driver.current_url, "the source")
    browser.driver.back()
    browser.ready()
    assert browser.text(".turn .quote blockquote") == answer
    browser.one("#anew").click()
    assert browser.all(".turn") == []
    browser.open("/")
    assert browser.all(".turn") == []


def test_what_is_not_in_the_archive_is_said_and_near_misses_are_not_marked_as_answers(
    browser: Browser, archive: Archive
) -> None:
    question = "怎么做披萨？"
    expected = archive.ask(question)
    assert expected.status.value == "not_found"
    browser.open("/")
    browser.ask(question)
    assert browser.text(".refusal") == "档案里没有找到这个问题的答案。"
    assert browser.texts(".others blockquote") == [quote.text for quote in expected.near_misses]
    assert browser.all(".turn mark") == []
    assert browser.one(".others").get_attribute("open") is not None
    assert browser.text("#status") == browser.text(".refusal")


def test_examples_come_from_the_archive_and_are_answered(browser: Browser) -> None:
    browser.open("/")
    browser.until(lambda: browser.all("#examples button"), "the examples")
    shown = browser.texts("#examples button")
    assert 2 <= len(shown) <= 4
    browser.one("#examples button").click()
    browser.until(lambda: browser.all(".turn:not([aria-busy])"), "the answer")
    assert browser.text(".turn h2") == shown[0]
    assert browser.all(".turn .quote")
    assert not browser.one("#examples").is_displayed()


def test_more_of_the_text_is_shown_around_the_quote(browser: Browser) -> None:
    browser.open("/")
    browser.ask(QUESTION)
    quote = browser.text(".turn .quote blockquote")
    toggle = browser.one(".turn .tools button[aria-controls]")
    toggle.click()
    browser.until(lambda: browser.all(".around .quoted"), "the text around")
    assert toggle.get_attribute("aria-expanded") == "true"
    assert "".join(browser.texts(".around .quoted")) == quote
    assert len(browser.text(".around")) > len(quote) + 100
    toggle.click()
    assert not browser.one(".around").is_displayed()


def test_feedback_reaches_the_server(browser: Browser, site: httpx.Client) -> None:
    browser.open("/")
    browser.ask(QUESTION)
    yes, no = browser.all(".turn button[aria-pressed]")
    no.click()
    browser.until(lambda: browser.text(".said") == "谢谢。", "the thanks")
    assert (yes.get_attribute("aria-pressed"), no.get_attribute("aria-pressed")) == ("false", "true")
    kept = site.get("/v1/feedback").json()["feedback"][0]
    assert (kept["question"], kept["helpful"], kept["surface"]) == (QUESTION, False, "web")
    quote = site.post("/v1/ask", json={"question": QUESTION}).json()["quotes"][0]
    assert (kept["document_id"], kept["spans"]) == (quote["document_id"], quote["spans"])


def test_keyboard_alone_asks_and_opens_the_source(browser: Browser) -> None:
    browser.open("/")
    assert browser.js("return document.activeElement.id") == "question"
    browser.press("炎陵县的结案率是多少？", Keys.ENTER)
    browser.until(lambda: browser.all(".turn:not([aria-busy]) .quote"), "the answer")
    assert browser.js("return document.activeElement.id") == "question"
    browser.js("document.activeElement.blur()")
    browser.one(".skip").send_keys(Keys.ENTER)
    reached = []
    for _ in range(12):
        browser.press(Keys.TAB)
        reached.append(browser.js("return document.activeElement.className"))
        if reached[-1] == "place":
            break
    assert reached[-1] == "place", reached
    assert browser.js("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser.press(Keys.ENTER)
    browser.until(lambda: "/source/" in browser.driver.current_url, "the source")


def test_shift_enter_begins_a_line_and_an_input_method_s_enter_sends_nothing(browser: Browser) -> None:
    browser.open("/")
    browser.one("#question").send_keys("一", Keys.SHIFT, Keys.ENTER, Keys.SHIFT, "二")
    assert browser.one("#question").get_property("value") == "一\n二"
    browser.js(
        "document.getElementById('question').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, cancelable: true, bubbles: true}))"
    )
    assert browser.all(".turn") == []


def test_a_server_that_is_gone_is_told_kindly_and_the_question_can_be_asked_again(browser: Browser) -> None:
    browser.open("/")
    browser.cdp("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    try:
        browser.ask(QUESTION)
        assert browser.text(".turn .problem") == "网络已断开，恢复后请再问一次。"
        assert browser.one("#offline").is_displayed()
    finally:
        browser.cdp(
            "Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1
        )
    browser.one(".turn .answer button").click()
    browser.until(lambda: browser.all(".turn .quote"), "the answer")
    assert len(browser.all(".turn")) == 1
    assert not browser.one("#offline").is_displayed()


def test_html_in_a_question_is_shown_as_it_is_written(browser: Browser) -> None:
    hostile = "<img src=x onerror=\"document.title='owned'\"><b>炎陵县</b>的调解成功率？"
    browser.open("/")
    turn = browser.ask(hostile)
    assert turn.find_element(By.TAG_NAME, "h2").text == hostile
    assert browser.all(".turn img, .turn b") == []
    assert "owned" not in browser.driver.title


def test_innerhtml_is_forbidden_to_every_script(browser: Browser) -> None:
    browser.open("/")
    assert "TrustedHTML" in str(
        browser.js(
            "try { document.createElement('p').innerHTML = '<b>x</b>'; return 'set' }"
            "catch (error) { return error.message }"
        )
    )
