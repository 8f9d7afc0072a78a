import pytest

from bot.wording import messages
from retrieval import Archive
from tests.bot.telegram.one_text import OneText
from tests.bot.telegram.running_bot import running_bot
from tests.bot.telegram.server import BotApiServer

_QUESTION = "炎陵县调解成功率是多少？"


def test_the_best_quotes_are_offered_with_their_sources(telegram: BotApiServer, seeds_archive: Archive) -> None:
    offer = telegram.ask_inline(_QUESTION, language="zh")
    quotes = seeds_archive.ask(_QUESTION, (), 8).quotes
    assert len(offer.results) == len(quotes) > 3
    for result, quote in zip(offer.results, quotes, strict=True):
        assert result.content.text.startswith(quote.text)
        assert quote.source in result.content.text
        assert result.description
    assert offer.is_personal
    assert offer.button == ""


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "telegram_inline_hint"),
        ("比特币今天的价格是多少美元？", "telegram_inline_nothing"),
        ("\u200b", "telegram_inline_nothing"),
    ],
)
def test_nothing_to_offer_leads_to_the_bot(telegram: BotApiServer, text: str, key: str) -> None:
    offer = telegram.ask_inline(text, language="de")
    assert (offer.results, offer.button) == ((), messages("de").text(key))


def test_a_query_nobody_waits_for_any_more_disturbs_nothing(telegram: BotApiServer, chat: int) -> None:
    user = {"id": 77, "is_bot": False, "first_name": "Reader"}
    telegram.deliver("inline_query", {"id": "1", "from": user, "query": _QUESTION, "offset": ""})
    asked = telegram.say("/help", chat)
    assert telegram.wait_for_messages(chat)[0].reply_to == asked


def test_a_long_quote_is_offered_whole() -> None:
    with BotApiServer() as server, running_bot(server, OneText("长" * 3000)):
        offer = server.ask_inline("?")
    assert [len(result.title) for result in offer.results] == [80] * 8
    assert offer.results[0].content.text == "长" * 3000 + "\na.txt:1"


def test_who_types_too_fast_is_offered_nothing_for_a_moment_only() -> None:
    library = OneText()
    with BotApiServer() as server, running_bot(server, library):
        offers = [server.ask_inline(f"{number}？") for number in range(61)]
    assert [len(offer.results) for offer in offers] == [8] * 60 + [0]
    assert [offers[0].cache_seconds, offers[60].cache_seconds] == [60, 0]
    assert len(library.questions) == 60
