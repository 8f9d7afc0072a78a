"""Answers of every kind, as the page shows them; they are put where it keeps a conversation."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from bot.api.app import create_app
from bot.api.options import ApiOptions
from bot.wording import messages
from retrieval import Archive
from retrieval.types import Answer, AnswerStatus, Arrangement, Missing, MissingKind, ReplyKind, Summary
from tests.bot.api.models import SENTENCE, PatientModel
from tests.bot.api.serving import serving
from tests.bot.web.browsing import Browser

QUESTION = "炎陵县的调解成功率是多少？"
ZH = messages("zh")


@pytest.fixture
def answer(archive: Archive) -> Answer:
    found = archive.ask(QUESTION)
    assert len(found.quotes) == 3
    return found


def show(browser: Browser, answer: Answer) -> None:
    browser.open("/")
    kept = {"turns": [{"question": answer.question, "answer": answer.to_dict()}], "conversationId": None}
    browser.js("sessionStorage.setItem('wenju_conversation', arguments[0])", json.dumps(kept))
    browser.open("/")
    assert browser.texts(".turn h2") == [answer.question]


@pytest.mark.parametrize("kind", list(ReplyKind))
def test_a_message_that_is_no_question_gets_its_phrase_and_no_quote(browser: Browser, kind: ReplyKind) -> None:
    show(browser, Answer(AnswerStatus.NOT_FOUND, "你好", "zh", reply=kind))
    assert browser.texts(".answer > *") == [ZH.text(f"reply_{kind.value}")]


@pytest.mark.parametrize("arrangement", [Arrangement.COMPARISON, Arrangement.DISAGREEMENT, Arrangement.COLLECTION])
def test_quotes_that_belong_together_are_all_shown_whole_below_their_heading(
    browser: Browser, answer: Answer, arrangement: Arrangement
) -> None:
    show(browser, replace(answer, arrangement=arrangement))
    assert browser.text("h3.together") == ZH.text(arrangement.value)
    assert browser.texts("ol.together blockquote") == [quote.text for quote in answer.quotes]
    assert browser.all(".others") == []
    assert len(browser.all("ol.together .tools")) == len(answer.quotes)


def test_a_list_tells_how_long_it_is_in_all(browser: Browser, answer: Answer) -> None:
    show(browser, replace(answer, arrangement=Arrangement.COLLECTION, total=12))
    assert browser.text("h3.together") == ZH.text("collection_total", count=12, shown=3)


@pytest.mark.parametrize("kind", list(MissingKind))
def test_what_the_archive_lacks_is_said_with_what_it_has_instead(browser: Browser, kind: MissingKind) -> None:
    nothing = Answer(
        AnswerStatus.NOT_FOUND, QUESTION, "zh", missing=(Missing(kind, "甲"), Missing(kind, "乙", ("丙", "丁")))
    )
    show(browser, nothing)
    assert browser.texts(".missing") == [
        ZH.text(f"missing_{kind.value}", asked="甲"),
        ZH.text(f"missing_{kind.value}_instead", asked="乙", available="丙、丁"),
    ]


def test_a_summary_s_sentences_name_the_quotes_that_they_rest_on(browser: Browser, answer: Answer) -> None:
    show(browser, replace(answer, summary=Summary((("成功率是99%。", (1, 2)), ("<b>另</b>一句。", (3,))), dropped=2)))
    assert browser.text(".summary h3") == ZH.text("summary")
    assert browser.text(".summary p").split() == ["成功率是99%。", "[1][2]", "<b>另</b>一句。", "[3]"]
    assert browser.text(".summary .faint") == ZH.text("summary_dropped", count=2)


def test_quotes_are_shown_while_the_summary_is_being_written(
    browser: Browser, archive: Archive, encoder_cache: Path
) -> None:
    model = PatientModel()
    options = ApiOptions(summarise=model.summarise)
    app = create_app(Path(archive.info().path), cache=encoder_cache, options=options)
    with serving(app) as client:
        browser.fresh(str(client.base_url).rstrip("/"))
        browser.open("/")
        browser.one("#question").send_keys(QUESTION, Keys.ENTER)
        browser.until(lambda: browser.all(".summary.pending"), "the place of the summary")
        assert browser.text(".summary.pending") == ZH.text("web_summarising")
        assert "99%" in browser.text(".turn .quote blockquote")
        browser.one(".turn .tools button[aria-controls]").click()
        model.free.set()
        browser.until(lambda: browser.all(".summary:not(.pending)"), "the summary")
    assert browser.text(".summary p").split() == [SENTENCE, "[1]"]
    assert browser.js("return document.querySelector('.summary sup a').getAttribute('href')") == browser.js(
        "return document.querySelector('.quote .place').getAttribute('href')"
    )
    # What the reader has opened meanwhile stays open.
    assert browser.one(".turn .tools button[aria-controls]").get_attribute("aria-expanded") == "true"


def test_what_a_question_was_understood_as_stands_above_its_answer(browser: Browser, answer: Answer) -> None:
    show(browser, replace(answer, understood_as="攸县的调解成功率是多少？"))
    assert browser.texts(".answer > *")[0] == ZH.text("understood_as", question="攸县的调解成功率是多少？")


def test_a_conversation_that_cannot_be_read_is_as_if_it_were_not_there(browser: Browser) -> None:
    browser.open("/")
    browser.js("sessionStorage.setItem('wenju_conversation', '{broken')")
    browser.open("/")
    assert browser.all(".turn") == []
    browser.ask(QUESTION)
    assert browser.all(".turn .quote")
