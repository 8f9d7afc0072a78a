"""The buttons below an answer, pressed over HTTP, with the real archive."""

from pathlib import Path

import pytest

from bot.wording import messages
from retrieval import Archive
from tests.bot.telegram.methods import SentMessage
from tests.bot.telegram.running_bot import running_bot
from tests.bot.telegram.server import BotApiServer

_QUESTION = "炎陵县调解成功率是多少？"
_WORDS = messages("en")


def _answer(server: BotApiServer, chat: int, question: str = _QUESTION) -> SentMessage:
    server.say(question, chat)
    return server.wait_for_messages(chat)[-1]


def _data(message: SentMessage, text: str) -> str:
    return next(button.data for button in message.buttons if text in button.text)


def test_an_answer_has_its_buttons(telegram: BotApiServer, chat: int) -> None:
    rows = _answer(telegram, chat).rows
    around, page = _WORDS.text("telegram_button_around"), _WORDS.text("telegram_button_page")
    assert [[button.text for button in row] for row in rows] == [
        *([f"{number} · {around}", f"{number} · {page}"] for number in (1, 2, 3)),
        [_WORDS.text("telegram_button_more"), "👍", "👎"],
    ]


def test_more_sources_come_in_their_order_until_there_are_no_more(
    telegram: BotApiServer, seeds_archive: Archive, chat: int
) -> None:
    message = _answer(telegram, chat)
    shown = message.quoted
    for _ in range(9):
        before = len(telegram.in_chat(chat))
        toast = telegram.press(message, _data(message, _WORDS.text("telegram_button_more")))
        if toast.text:
            break
        message = telegram.in_chat(chat)[before]
        assert message.text.split("\n")[1].startswith(f"{len(shown) + 1}. ") or f"\n{len(shown) + 1}. " in message.text
        shown += message.quoted
        if all(_WORDS.text("telegram_button_more") != button.text for button in message.buttons):
            break
    assert len(shown) == len(set(shown)) > 6
    assert shown[:9] == [quote.text for quote in seeds_archive.ask(_QUESTION, (), 9).quotes]


def test_the_page_as_text_holds_the_quote_in_bold(telegram: BotApiServer, seeds_archive: Archive, chat: int) -> None:
    message = _answer(telegram, chat)
    quote = seeds_archive.ask(_QUESTION).quotes[0]
    assert telegram.press(message, _data(message, f"1 · {_WORDS.text('telegram_button_page')}")).text == ""
    pages = telegram.in_chat(chat)[1:]
    bold = "".join(text for page in pages for text in page.covered("bold"))
    assert quote.text.replace("\n", "") in bold.replace("\n", "")
    text = "".join(quoted for page in pages for quoted in page.quoted)
    assert len(text) > 3 * len(quote.text)
    source = seeds_archive.document(quote.document_id).text
    assert all(block in source for block in text.split("\n\n") if block and "…" not in block)
    assert quote.context.article in pages[-1].text


def test_text_around_a_quote_grows_and_marks_the_quote(
    telegram: BotApiServer, seeds_archive: Archive, chat: int
) -> None:
    message = _answer(telegram, chat)
    quote = seeds_archive.ask(_QUESTION).quotes[0]
    lengths = [len(quote.text)]
    around = _WORDS.text("telegram_button_around")
    data = _data(message, f"1 · {around}")
    for _ in range(3):
        before = len(telegram.in_chat(chat))
        toast = telegram.press(message, data)
        if toast.text:
            assert toast.text == _WORDS.text("telegram_nothing_around")
            break
        message = telegram.in_chat(chat)[before]
        (wide,) = message.quoted[:1]
        assert "".join(message.covered("bold")) == quote.text
        lengths.append(len("".join(message.quoted)))
        assert wide
        data = next((button.data for button in message.buttons if button.text == around), "")
        if not data:
            break
    assert len(lengths) > 1
    assert lengths == sorted(set(lengths))


@pytest.mark.parametrize(("sign", "key"), [("👍", "telegram_thanks_helpful"), ("👎", "telegram_thanks_unhelpful")])
def test_a_vote_is_kept_and_can_be_changed(seeds_archive: Archive, sign: str, key: str) -> None:
    with BotApiServer() as server, running_bot(server, seeds_archive) as bot:
        message = _answer(server, 1)
        server.press(message, _data(message, "👎"))
        assert server.press(message, _data(message, sign)).text == _WORDS.text(key)
        server.press(message, _data(message, sign), user=5)
        kept = bot.state.feedback.latest()
        assert [(each.surface, each.question, each.helpful) for each in kept] == [
            ("telegram", _QUESTION, sign == "👍")
        ] * 2
        assert kept[0].spans == seeds_archive.ask(_QUESTION).quotes[0].spans
        server.say("/forget")
        server.wait_for_messages(1, 2)
        assert bot.state.feedback.count() == 0
        toast = server.press(message, _data(message, "👍"))
        assert toast.text == _WORDS.text("telegram_button_old")


def test_buttons_survive_a_restart(seeds_archive: Archive, tmp_path: Path) -> None:
    with BotApiServer() as server:
        with running_bot(server, seeds_archive, state=tmp_path / "state"):
            message = _answer(server, 1)
        with running_bot(server, seeds_archive, state=tmp_path / "state"):
            assert server.press(message, _data(message, _WORDS.text("telegram_button_more"))).text == ""
            assert server.in_chat(1)[1].quoted


def test_a_press_that_waited_too_long_is_done_all_the_same(telegram: BotApiServer, chat: int) -> None:
    message = _answer(telegram, chat)
    telegram.press(message, _data(message, _WORDS.text("telegram_button_more")), old=True)
    assert telegram.wait_for_messages(chat, 2)[1].quoted


def test_a_follow_up_says_how_it_was_understood(telegram: BotApiServer, chat: int) -> None:
    first = _answer(telegram, chat)
    assert first.covered("italic") == []
    telegram.say("那攸县呢？", chat)
    second = telegram.wait_for_messages(chat, 2)[1]
    (understood,) = second.covered("italic")
    assert "攸县" in understood
    assert "调解成功率" in understood
