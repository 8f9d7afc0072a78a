import logging
import re
import time
from collections.abc import Callable

import httpx
import pytest

from bot.state import StateError
from bot.state.inbox import Inbox
from bot.telegram.text import utf16_length
from bot.wording import messages
from retrieval import Archive
from retrieval.errors import ArchiveEmptyError, ArchiveLockedError, ArchiveMissingError, StorageError
from tests.bot.telegram.methods import ApiError, blocked_by_user, too_many_requests
from tests.bot.telegram.one_text import OneText
from tests.bot.telegram.queries import Toast
from tests.bot.telegram.running_bot import running_bot
from tests.bot.telegram.server import TOKEN, BotApiServer

_QUESTION = "炎陵县调解成功率是多少？"
_ZH = messages("zh")


def _dense(text: str) -> str:
    return "".join(text.split())


# The library's own RetryAfter reads a property of itself that it deprecates; the variable that would stop it is
# PTB_TIMEDELTA, and tests do not set the environment of others.
@pytest.mark.filterwarnings("ignore:.*attribute `retry_after` will be of type:telegram.warnings.PTBDeprecationWarning")
def test_a_flood_wait_is_waited_for(telegram: BotApiServer, chat: int) -> None:
    telegram.fail_next("sendMessage", too_many_requests(1))
    began = time.monotonic()
    asked = telegram.say("/help", chat)
    assert [message.reply_to for message in telegram.wait_for_messages(chat)] == [asked]
    assert time.monotonic() - began >= 1


def test_a_user_who_blocked_the_bot_is_left_alone(
    telegram: BotApiServer, chat: int, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fail_next("sendMessage", blocked_by_user())
    with caplog.at_level(logging.INFO, "bot"):
        telegram.say("/help", chat)
        asked = telegram.say("/start", chat)
        assert [message.reply_to for message in telegram.wait_for_messages(chat)] == [asked]
    (record,) = [record for record in caplog.records if "blocked" in record.getMessage()]
    assert record.levelno == logging.INFO


def test_refused_markup_goes_out_as_plain_text(telegram: BotApiServer, chat: int) -> None:
    telegram.fail_next("sendMessage", ApiError(400, "Bad Request: can't parse entities: Unexpected end tag"))
    telegram.say(_QUESTION, chat)
    (message,) = telegram.wait_for_messages(chat)
    assert message.parse_mode is None
    assert message.entities == ()
    assert "<blockquote" not in message.text


def test_a_lost_typing_sign_loses_no_answer(telegram: BotApiServer, chat: int) -> None:
    telegram.fail_next("sendChatAction", ApiError(500, "Internal Server Error"))
    asked = telegram.say(_QUESTION, chat)
    assert telegram.wait_for_messages(chat)[0].reply_to == asked


@pytest.mark.parametrize("error", [RuntimeError("disk /secret/path on fire"), StorageError("/secret/path is full")])
def test_a_failure_is_logged_under_the_id_that_the_user_gets(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with BotApiServer() as server, running_bot(server, OneText(error=error)):
        server.say("?")
        (message,) = server.wait_for_messages(1)
    identifier = re.search(r"\(Error ([0-9a-f]{8})\)", message.text)
    assert identifier
    assert message.text == messages("en").text("telegram_error", id=identifier[1])
    assert f"Error {identifier[1]}" in caplog.text
    assert "Traceback" in caplog.text
    assert str(error) in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("error", "key", "pressed"),
    [
        (ArchiveEmptyError("x"), "telegram_archive_empty", Toast(_ZH.text("telegram_document_gone"), is_alert=False)),
        (ArchiveLockedError("x"), "telegram_archive_busy", Toast(_ZH.text("telegram_archive_busy"), is_alert=True)),
        (
            ArchiveMissingError("x"),
            "telegram_archive_missing",
            Toast(_ZH.text("telegram_archive_missing"), is_alert=True),
        ),
    ],
)
def test_an_archive_that_cannot_answer_now_says_so(error: Exception, key: str, pressed: Toast) -> None:
    library = OneText()
    with BotApiServer() as server, running_bot(server, library) as bot:
        server.say("?", language="zh")
        (answer,) = server.wait_for_messages(1)
        library.error = error
        for text in ("?", "/search 一", "/about"):
            server.say(text, language="zh")
        sent = server.wait_for_messages(1, 4)[1:]
        toast = server.press(answer, answer.buttons[0].data, language="zh")
        assert bot.metrics.value("wenju_telegram_errors_total") == 0
    assert [message.text for message in sent] == [_ZH.text(key)] * 3
    assert toast == pressed


def test_a_user_who_blocks_the_bot_in_the_middle_of_an_answer_stops_no_other_chat() -> None:
    with BotApiServer() as server:

        def block(_question: str) -> None:
            server.chats[1].is_blocked = True

        with running_bot(server, OneText(before=block)) as bot:
            server.say("?", 1)
            server.say("?", 2)
            server.wait_for_messages(2)
            server.chats[1].is_blocked = False
            server.say("/help", 1)
            server.wait_for_messages(1)
            assert bot.metrics.value("wenju_telegram_errors_total") == 0


def test_an_answer_follows_a_group_that_becomes_a_supergroup() -> None:
    with BotApiServer() as server:
        server.message("", -2, kind="supergroup")

        def migrate(_question: str) -> None:
            server.chats[-1].moved_to = -2

        with running_bot(server, OneText(before=migrate)):
            server.say("/ask ?", -1, kind="group")
            (message,) = server.wait_for_messages(-2)
    assert message.reply_to is None
    assert message.covered("blockquote") == ["一。"] * 3


def test_what_is_remembered_of_updates_may_be_out_of_reach_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    library, failing = OneText(), ["begin", "mark_sent", "finish"]

    def fails_once(name: str) -> Callable[..., None]:
        method = getattr(Inbox, name)

        def change(inbox: Inbox, *values: int) -> None:
            if name in failing:
                failing.remove(name)
                raise StateError("the disk is away")
            method(inbox, *values)

        return change

    for name in tuple(failing):
        monkeypatch.setattr(Inbox, name, fails_once(name))
    with BotApiServer() as server, running_bot(server, library) as bot:
        asked = [server.say(text) for text in ("一？", "二？")]
        server.wait_for_messages(1, 2)
        assert bot.metrics.value("wenju_telegram_errors_total") == 0
    assert failing == []
    assert library.questions == ["一？", "二？"]
    assert [message.reply_to for message in server.sent] == asked


def test_a_long_answer_comes_in_parts_that_lose_nothing() -> None:
    text = "\n".join(f"第{number}句<&>说到株洲的平安建设。😀" for number in range(300))
    with BotApiServer() as server, running_bot(server, OneText(text)):
        asked = server.say("?")
        server.wait_for_messages(1)
    sent = server.sent  # the bot has stopped, and it finishes what it began
    assert len(sent) > 4
    assert all(utf16_length(message.text) <= 4096 for message in sent)
    assert [message.reply_to for message in sent] == [asked] + [None] * (len(sent) - 1)
    quoted = "".join(message.covered("expandable_blockquote")[0] for message in sent)
    assert quoted.startswith(text)
    assert _dense("".join(message.text for message in sent)) == _dense(
        "".join(f"{text}{number}.a.txt:1" for number in (1, 2, 3))
    )


def test_a_second_program_with_the_token_is_named_in_the_log(
    seeds_archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    with BotApiServer() as server, running_bot(server, seeds_archive):
        httpx.post(f"{server.base_url}{TOKEN}/getUpdates", data={"timeout": "0"})
        deadline = time.monotonic() + 60
        while "Another program fetches updates" not in caplog.text and time.monotonic() < deadline:
            time.sleep(0.02)
        server.say("/help")
        server.wait_for_messages(1)
    assert "Another program fetches updates" in caplog.text
