from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from bot.telegram.text import utf16_length
from bot.wording import messages
from retrieval import Archive
from tests.bot.telegram.running_bot import running_bot
from tests.bot.telegram.server import BotApiServer

_COUNT = 40
_CHATS = count(1)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("many")
    for number in range(_COUNT):
        name = f"{number:02d}-{'长名' * 40}.txt" if number < 20 else f"notice{number:02d}.md"
        (folder / name).write_text(f"第{number}号通知：图书馆今日开放{number}小时。\n", "utf-8")
    return sorted(map(str, folder.iterdir()))


@pytest.fixture(scope="module")
def server(names: list[str], tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Iterator[BotApiServer]:
    with Archive.open(tmp_path_factory.mktemp("catalogue") / "a", create=True, cache=encoder_cache) as archive:
        assert len(archive.sync([Path(names[0]).parent]).added) == _COUNT
        with BotApiServer() as running, running_bot(running, archive):
            yield running


def test_the_list_is_turned_in_place_and_names_every_document_once(server: BotApiServer, names: list[str]) -> None:
    chat = next(_CHATS)
    server.say("/sources", chat)
    server.wait_for_messages(chat)
    shown: list[str] = []
    for page in (1, 2, 3):
        (message,) = server.in_chat(chat)
        assert utf16_length(message.text) <= 4096
        assert [button.text for button in message.buttons] == ["‹", f"{page} / 3", "›"]
        shown += message.covered("code")
        assert server.press(message, message.buttons[2].data).text == ""
    assert [Path(name).name for name in shown] == [Path(name).name for name in names]
    (last,) = server.in_chat(chat)
    assert last.covered("code")[-1].endswith("notice39.md")
    server.press(last, last.buttons[0].data)
    assert server.in_chat(chat)[0].buttons[1].text == "2 / 3"


@pytest.mark.parametrize("data", ["s::99999:0", "s::3:0"])
def test_a_page_beyond_the_last_is_the_last(server: BotApiServer, data: str) -> None:
    chat = next(_CHATS)
    server.say("/sources", chat)
    (message,) = server.wait_for_messages(chat)
    assert server.press(message, data).text == ""
    assert [button.text for button in server.in_chat(chat)[0].buttons] == ["‹", "3 / 3", "›"]


def test_a_list_that_was_deleted_comes_anew(server: BotApiServer) -> None:
    chat = next(_CHATS)
    server.say("/sources", chat)
    (message,) = server.wait_for_messages(chat)
    server.sent.remove(message)
    server.chats[chat].messages.discard(message.message_id)
    server.press(message, message.buttons[2].data)
    (again,) = server.in_chat(chat)
    assert again.buttons[1].text == "2 / 3"


def test_an_archive_of_few_documents_needs_no_pages(telegram: BotApiServer, chat: int) -> None:
    telegram.say("/sources", chat, language="ja")
    (message,) = telegram.wait_for_messages(chat)
    assert len(message.covered("code")) == 5
    assert message.buttons == []


def test_an_archive_without_documents_says_so(tmp_path: Path, encoder_cache: Path) -> None:
    words = messages("ko")
    with (
        Archive.open(tmp_path / "a", create=True, cache=encoder_cache) as archive,
        BotApiServer() as server,
        running_bot(server, archive),
    ):
        for text in ("/start", "/sources", "炎陵县调解成功率是多少？", "/search 调解", "/about"):
            server.say(text, language="ko")
        texts = [message.text for message in server.wait_for_messages(1, 5)]
        assert server.ask_inline("炎陵", language="ko").button == words.text("telegram_inline_nothing")
    assert texts[:4] == [
        words.text("telegram_start"),
        words.text("no_documents"),
        words.text("telegram_archive_empty"),
        words.text("telegram_archive_empty"),
    ]
    assert "(Error" not in texts[4]
