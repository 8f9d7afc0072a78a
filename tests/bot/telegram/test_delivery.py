"""Each question is answered, once and in order: through redelivery, restarts, floods and lost connections."""

import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.state import State
from bot.state.inbox import Inbox, KeptUpdate
from bot.wording import messages
from retrieval import Archive
from tests.bot.telegram.call import Call
from tests.bot.telegram.methods import ApiError, too_many_requests
from tests.bot.telegram.one_text import OneText
from tests.bot.telegram.processes import bot_process
from tests.bot.telegram.running_bot import running_bot
from tests.bot.telegram.server import BotApiServer

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*attribute `retry_after` will be of type:telegram.warnings.PTBDeprecationWarning"
)

_QUESTIONS = ("炎陵县调解成功率是多少？", "那攸县呢？", "攸县的法治宣传有哪些？")
_LONG = "\n".join(f"第{number}句说到株洲的平安建设。" for number in range(600))


def _replies(server: BotApiServer) -> Counter[int]:
    return Counter(message.reply_to for message in server.sent if message.reply_to is not None)


def _say_all(server: BotApiServer, users: int, questions: tuple[str, ...]) -> dict[int, list[int]]:
    """Have users ask, all their questions at once; gives the messages' ids by chat."""
    return {chat: [server.say(text, chat, user=chat) for text in questions] for chat in range(1, users + 1)}


def _each(number: int, seconds: int) -> Callable[[Call], ApiError | None]:
    """Refuse each so many-th message, as Telegram does with a bot that sends too fast."""
    count = iter(range(1, 1_000_000))
    return lambda call: (
        too_many_requests(seconds) if call.method == "sendMessage" and next(count) % number == 0 else None
    )


def test_an_update_that_comes_again_is_answered_once(tmp_path: Path) -> None:
    library = OneText()
    with BotApiServer() as server:
        update = {"update_id": server.next_id(), "message": server.message("一？", 1)}
        for answers in (2, 3):
            with running_bot(server, library, state=tmp_path / "state") as bot:
                server.redeliver(update)
                server.redeliver(update)
                server.say("二？")
                server.wait_for_messages(1, answers)
        assert bot.metrics.value("wenju_telegram_updates_total", fate="repeated") == 2
    assert library.questions == ["一？", "二？", "二？"]


def test_what_was_taken_and_not_answered_is_answered_at_the_next_start(tmp_path: Path) -> None:
    with BotApiServer() as server:
        kept = [KeptUpdate(n, {"update_id": n, "message": server.message(f"{n}？", 1)}) for n in (3, 1, 2)]
        with State.open(f"sqlite:///{tmp_path / 'state'}") as state:
            inbox = Inbox(state.database, time.time)
            assert [each.id for each in inbox.take(kept)] == [3, 1, 2]
            inbox.finish(2)
        library = OneText()
        with running_bot(server, library, state=tmp_path / "state"):
            server.wait_for_messages(1, 2)
    assert library.questions == ["1？", "3？"]
    with State.open(f"sqlite:///{tmp_path / 'state'}") as state:
        inbox = Inbox(state.database, lambda: time.time() + 60)
        assert inbox.unfinished() == []
        assert inbox.count() == 3
        assert inbox.expire(120.0) == 0
        assert inbox.expire(30.0) == 3


def test_messages_of_an_answer_that_are_out_are_not_sent_again(tmp_path: Path) -> None:
    with BotApiServer() as server, running_bot(server, OneText(_LONG)):
        server.say("?")
        server.wait_for_messages(1, 3)
    whole = server.sent
    assert len(whole) > 4
    with BotApiServer() as server:
        with State.open(f"sqlite:///{tmp_path / 'state'}") as state:
            inbox = Inbox(state.database, time.time)
            inbox.take([KeptUpdate(1, {"update_id": 1, "message": server.message("?", 1)})])
            inbox.mark_sent(1, 3)
        with running_bot(server, OneText(_LONG), state=tmp_path / "state"):
            server.wait_for_messages(1)
    assert [message.text for message in server.sent] == [message.text for message in whole[3:]]


def test_an_update_that_ends_the_process_each_time_is_given_up(tmp_path: Path) -> None:
    library = OneText()
    with BotApiServer() as server:
        with State.open(f"sqlite:///{tmp_path / 'state'}") as state:
            inbox = Inbox(state.database, time.time)
            inbox.take([KeptUpdate(1, {"update_id": 1, "message": server.message("?", 1)})])
            for _ in range(3):
                inbox.begin(1)
        with running_bot(server, library, state=tmp_path / "state"):
            (message,) = server.wait_for_messages(1)
    assert re.fullmatch(
        re.escape(messages("en").text("telegram_error", id="@")).replace("@", "[0-9a-f]{8}"), message.text
    )
    assert library.questions == []


def test_an_answer_that_does_not_get_through_is_sent_until_it_does() -> None:
    with BotApiServer() as server, running_bot(server, OneText()) as bot:
        server.fail_next("sendMessage", ApiError(502, "Bad Gateway"), ApiError(500, "Internal Server Error"))
        asked = [server.say("一？"), server.say("二？")]
        server.wait_for_messages(1, 2)
        assert [message.reply_to for message in server.sent] == asked
    assert bot.metrics.value("wenju_telegram_errors_total") == 0


def test_one_slow_chat_does_not_hold_up_the_others() -> None:
    going_on = threading.Event()

    def be_slow(question: str) -> None:
        if question == "慢？":
            going_on.wait(20)

    library = OneText(before=be_slow)
    with BotApiServer() as server, running_bot(server, library):
        server.say("慢？", 1)
        server.say("快？", 1)
        server.say("快？", 2)
        server.wait_for_messages(2)
        assert server.in_chat(1) == []
        going_on.set()
        server.wait_for_messages(1, 2)
    assert library.questions.index("慢？") < len(library.questions) - 1


def test_many_readers_are_answered_once_each_in_order_through_floods(seeds_archive: Archive) -> None:
    with BotApiServer() as server, running_bot(server, seeds_archive) as bot:
        server.flood(_each(20, 1))
        asked = _say_all(server, 20, _QUESTIONS)
        server.wait_for(lambda: len(server.sent) >= 20 * len(_QUESTIONS), "the last answer", 120)
        for chat, numbers in asked.items():
            assert [message.reply_to for message in server.in_chat(chat)] == numbers
        assert bot.metrics.value("wenju_telegram_updates_total", fate="taken") == 60
        assert bot.metrics.value("wenju_telegram_errors_total") == 0
    refused = [call for call in server.calls if call.method == "sendMessage"]
    assert len(refused) - len(server.sent) >= 3


def test_a_killed_bot_goes_on_where_it_was(seeds_archive_path: Path, tmp_path: Path) -> None:
    with BotApiServer() as server:
        with bot_process(server, seeds_archive_path, tmp_path / "state") as process:
            server.wait_for_calls("getUpdates", seconds=60)
            asked = _say_all(server, 7, _QUESTIONS)
            server.wait_for(lambda: len(server.sent) >= 7, "the seventh answer", 60)
            process.kill()
            process.wait()
        before = _replies(server)
        assert 7 <= before.total() < 21
        with bot_process(server, seeds_archive_path, tmp_path / "state"):
            server.wait_for(lambda: len(_replies(server)) >= 21, "the last answer", 90)
            time.sleep(0.3)  # for one too many, if there were one
            after = _replies(server)
    assert set(after) == {number for numbers in asked.values() for number in numbers}
    # Telegram may have an answer that the bot did not live to note: in each chat the last one before the end.
    last = {max((number for number in numbers if before[number]), default=0) for numbers in asked.values()}
    twice = {number for number, count in after.items() if count > 1}
    assert twice <= last
    assert all(after[number] == 2 for number in twice)
    for chat, numbers in asked.items():
        order = list(dict.fromkeys(message.reply_to for message in server.in_chat(chat)))
        assert order == numbers
        second = next(message for message in server.in_chat(chat) if message.reply_to == numbers[1])
        assert any("攸县" in text and "调解" in text for text in second.covered("italic")), "the conversation is known"
