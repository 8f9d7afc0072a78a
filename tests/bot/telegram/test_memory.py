"""Conversations: whose they are, how long they are kept, and that they outlive the process."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.state import State
from bot.state.chats import GivenAnswer, ShownQuote
from bot.telegram.records import Records
from bot.wording import messages
from retrieval.types import Span, Turn
from tests.bot.telegram.one_text import OneText
from tests.bot.telegram.running_bot import running_bot
from tests.bot.telegram.server import BotApiServer

_FIRST = Turn("一？", "一。")
_GIVEN = GivenAnswer(-1, 2, 3, "那攸县呢？", "攸县的调解率呢？", (ShownQuote("d", (Span(0, 2), Span(5, 9)), "0"),), 3)


def test_a_private_chat_remembers_its_questions_until_it_begins_anew() -> None:
    library = OneText()
    with BotApiServer() as server, running_bot(server, library):
        for text in ("一？", "/ask 二？", "/start", "三？", "/forget", "四？"):
            server.say(text)
        server.wait_for_messages(1, 6)
    assert library.histories == [(), (_FIRST,), (), ()]
    assert server.in_chat(1)[4].text == messages("en").text("telegram_forgotten")


def test_each_user_of_a_group_and_each_topic_has_a_conversation_of_its_own() -> None:
    library = OneText()
    topic = {"message_thread_id": 5, "is_topic_message": True}
    with BotApiServer() as server, running_bot(server, library):
        server.say("/ask 一？", -1, kind="supergroup", user=1)
        server.say("/ask 二？", -1, kind="supergroup", user=2)
        server.say("/ask 三？", -1, kind="supergroup", user=1, more=topic)
        server.say("/ask 四？", -1, kind="supergroup", user=1)
        server.wait_for_messages(-1, 4)
    assert library.histories == [(), (), (), (_FIRST,)]


def test_a_conversation_outlives_the_process(tmp_path: Path) -> None:
    library = OneText()
    with BotApiServer() as server:
        for text in ("一？", "二？"):
            with running_bot(server, library, state=tmp_path / "state"):
                server.say(text)
                server.wait_for_messages(1, 1 + len(library.histories))
    assert library.histories == [(), (_FIRST,)]


def _opened(folder: Path, now: list[float]) -> Iterator[Records]:
    with (
        State.open(f"sqlite:///{folder / 'state'}", clock=lambda: now[0]) as state,
        closing(Records(state, 2, lambda: now[0])) as records,
    ):
        yield records


class TestRecords:
    @pytest.fixture
    def now(self) -> list[float]:
        return [1_000_000.0]

    @pytest.fixture
    def records(self, tmp_path: Path, now: list[float]) -> Iterator[Records]:
        yield from _opened(tmp_path, now)

    def test_a_turn_is_forgotten_after_the_set_time(self, records: Records, now: list[float]) -> None:
        async def history_after(hours: float) -> tuple[Turn, ...]:
            await records.remember("c", _FIRST)
            now[0] += hours * 3600
            return await records.history("c")

        assert asyncio.run(history_after(1.9)) == (_FIRST,)
        assert asyncio.run(history_after(2.1)) == ()

    def test_what_is_old_is_deleted_and_what_is_not_stays(self, records: Records, now: list[float]) -> None:
        async def play() -> tuple[GivenAnswer | None, GivenAnswer | None]:
            old = await records.keep(_GIVEN)
            await records.remember("old", _FIRST)
            now[0] += 1.5 * 3600
            new = await records.keep(_GIVEN)
            await records.remember("new", _FIRST)
            now[0] += 3600
            await records.expire()
            assert await records.history("new") == (_FIRST,)
            return await records.answer(old), await records.answer(new)

        assert asyncio.run(play()) == (None, _GIVEN)

    def test_the_same_turn_twice_is_one(self, records: Records) -> None:
        async def twice() -> tuple[Turn, ...]:
            await records.remember("c", _FIRST)
            await records.remember("c", _FIRST)
            return await records.history("c")

        assert asyncio.run(twice()) == (_FIRST,)

    def test_to_forget_takes_the_readers_own_answers_in_this_chat_only(self, records: Records) -> None:
        async def play() -> list[GivenAnswer | None]:
            others = [replace(_GIVEN, reader=3), replace(_GIVEN, chat=-9)]
            ids = [await records.keep(given) for given in (_GIVEN, *others)]
            await records.forget("c", _GIVEN.chat, _GIVEN.reader)
            return [await records.answer(each) for each in ids]

        assert asyncio.run(play()) == [None, replace(_GIVEN, reader=3), replace(_GIVEN, chat=-9)]
