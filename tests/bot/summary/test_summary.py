import dataclasses
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import SecretStr, Settings
from bot.summary import summarise
from bot.summary.checking import check
from retrieval.types import Answer, AnswerStatus, Context, Quote, Span
from tests.bot.summary.server import ModelServer, running_model

FIRST = "炎陵县调处各类矛盾纠纷1,917件,调解成功900件,调解成功率99%。"
SECOND = "刘继承说：“群众的事无小事”，去年走访茶陵县112户。"


def _quote(text: str, date: str = "2021-11-10") -> Quote:
    context = Context(publication="株洲日报", date=date, place="炎陵县")
    return Quote(text, "a.txt", "d", (Span(0, len(text)),), (1, 1), (), 0.9, context)


def _answer(language: str = "zh") -> Answer:
    quotes = (_quote(FIRST), _quote(SECOND))
    return Answer(AnswerStatus.ANSWERED, "成功率是多少？", language, quotes=quotes, probability=0.9)


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with running_model() as running:
        yield running


@pytest.fixture
def settings(model: ModelServer, encoder_cache: Path) -> Settings:
    return Settings(cache=encoder_cache, llm_url=model.url, llm_model="m", llm_key=SecretStr("k"), llm_timeout=60)


def test_without_a_server_the_answer_stays() -> None:
    assert summarise(_answer(), Settings()) == _answer()


def test_a_summary_by_the_quotes_alone(model: ModelServer, settings: Settings) -> None:
    model.text = "炎陵县的调解成功率是99%。[1]\n走访了112户 [2]。"
    answer = summarise(_answer(), settings)
    assert answer.summary is not None
    assert answer.summary.sentences == (("炎陵县的调解成功率是99%。", (1,)), ("走访了112户。", (2,)))
    assert answer.summary.dropped == 0
    assert dataclasses.replace(answer, summary=None) == _answer()
    (request,) = model.requests
    assert request["path"] == "/v1/chat/completions"
    assert (request["model"], request["temperature"]) == ("m", 0)
    assert FIRST in request["messages"][1]["content"]
    assert SECOND in request["messages"][1]["content"]
    assert "simplified" in request["messages"][0]["content"]
    assert model.keys == ["Bearer k"]


def test_what_is_not_answered_is_not_sent(model: ModelServer, settings: Settings) -> None:
    missed = Answer(AnswerStatus.NOT_FOUND, "q", "zh", near_misses=(_quote(FIRST),))
    assert summarise(missed, settings) == missed
    assert model.requests == []


@pytest.mark.parametrize(
    "manner",
    [
        "silent",
        "dripping",
        "huge",
        "nonsense",
        "other_json",
        "empty_json",
        "deep_json",
        "redirecting",
        "failing",
        "hanging_up",
    ],
)
def test_a_server_that_misbehaves_costs_the_summary_and_nothing_else(
    model: ModelServer, settings: Settings, manner: str, caplog: pytest.LogCaptureFixture
) -> None:
    model.manner = manner
    slow = manner in ("silent", "dripping")
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        assert summarise(_answer(), dataclasses.replace(settings, llm_timeout=1 if slow else 60)) == _answer()
    assert not slow or time.monotonic() - began < 2.9  # a second is its time; it would take three
    assert "no summary" in caplog.text
    assert "Bearer" not in caplog.text
    assert len(model.requests) == 1


def test_a_server_that_is_down(caplog: pytest.LogCaptureFixture) -> None:
    with running_model() as gone:
        url = gone.url
    with caplog.at_level(logging.WARNING):
        assert summarise(_answer(), Settings(llm_url=url, llm_timeout=1)) == _answer()
    assert "cannot be asked" in caplog.text


@pytest.mark.parametrize(
    "sentence",
    [
        "成功率是99%。",  # cites nothing
        "成功率是99%。[3]",  # cites what there is not
        "成功率是98%。[1]",  # another number
        "成功率是99%。[2]",  # stands in another quote than the one cited
        "茶陵县的成功率是99%。[1]",  # another place
        "胡长春说成功率是99%。[1]",  # another person
        "他说“群众的事都是小事”。[2]",  # words that nobody said
        "共走访一百一十三户。[2]",
    ],
)
def test_a_sentence_that_the_quotes_do_not_bear_out_is_dropped(sentence: str, encoder_cache: Path) -> None:
    summary = check(f"{sentence}\n调解成功900件。[1]", _answer(), encoder_cache)
    assert summary.sentences == (("调解成功900件。", (1,)),)
    assert summary.dropped == 1


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("1917件纠纷得到调处。[1]", (1,)),
        ("炎陵县调处1,917件，茶陵县走访112户。[1][2]", (1, 2)),
        ("炎陵县调处1917件，茶陵县走访112户[1, 2]。", (1, 2)),
        ("刘继承说“群众的事无小事”。[2]", (2,)),
        ("2021年11月10日的报道说成功率是99%。[1]", (1,)),
    ],
)
def test_a_sentence_that_they_bear_out_is_kept(sentence: str, numbers: tuple[int, ...], encoder_cache: Path) -> None:
    summary = check(sentence, _answer(), encoder_cache)
    assert [cited for _, cited in summary.sentences] == [numbers]
    assert summary.dropped == 0


def test_names_in_latin_letters_are_checked_by_their_sound(encoder_cache: Path) -> None:
    kept = "In Yanling County the success rate was 99% [1]."
    invented = "In Liling the success rate was 99% [1]. The mediator Smith said so [1]."
    summary = check(f"{kept} {invented}", _answer("en"), encoder_cache)
    assert summary.sentences == (("In Yanling County the success rate was 99%.", (1,)),)
    assert summary.dropped == 2
