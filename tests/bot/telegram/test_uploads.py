"""Documents that admins send, and how they are removed: over HTTP, into a real archive."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.telegram.uploads import MAX_MEGABYTES, safe_name
from bot.wording import messages
from retrieval import Archive
from retrieval.index import WriteLock
from retrieval.reading import SUPPORTED_SUFFIXES
from tests.bot.telegram.methods import ApiError, bad_request
from tests.bot.telegram.running_bot import ADMIN
from tests.bot.telegram.server import BotApiServer

pytestmark = pytest.mark.usefixtures("brisk")

_WORDS = messages("en")
_TEXT = "蓝鲸图书馆规定：每位读者一次最多可以借阅二十七本书，借期四十天。\n"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("uploads") / "archive"
    with Archive.open(path, create=True, cache=encoder_cache) as opened:
        yield opened


def _send(
    server: BotApiServer, name: str | None, data: bytes = b"x", *, user: int = ADMIN, size: int | None = None
) -> int:
    file_id = f"file{server.next_id()}"
    server.files.put(file_id, data, size)
    document = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(data) if size is None else size}
    if name is not None:
        document["file_name"] = name
    return server.say("", user, user=user, more={"document": document})


def _settled(server: BotApiServer, text: str, chat: int = ADMIN) -> None:
    server.wait_for(lambda: any(message.text == text for message in server.in_chat(chat)), text)


def test_a_document_is_added_asked_about_and_removed(server: BotApiServer, archive: Archive) -> None:
    sent = _send(server, "规定.txt", _TEXT.encode())
    _settled(server, _WORDS.text("telegram_upload_added", name="规定.txt"))
    (progress,) = server.in_chat(ADMIN)
    assert progress.reply_to == sent
    assert [document.source for document in archive.documents()] == ["uploads/规定.txt"]

    server.say("蓝鲸图书馆一次最多可以借阅几本书？", ADMIN, user=ADMIN)
    answer = server.wait_for_messages(ADMIN, 2)[1]
    assert "二十七本" in answer.text

    _send(server, "规定.txt", _TEXT.encode())
    _settled(server, _WORDS.text("telegram_upload_unchanged", name="规定.txt"))
    _send(server, "规定.txt", _TEXT.replace("二十七", "三十").encode())
    _settled(server, _WORDS.text("telegram_upload_changed", name="规定.txt"))

    server.say("/remove 规定", ADMIN, user=ADMIN)
    question = server.wait_for_messages(ADMIN, 5)[4]
    assert question.text == _WORDS.text("telegram_remove_sure", name="uploads/规定.txt")
    remove, keep = question.buttons
    stranger = server.press(question, remove.data, user=5)
    assert stranger.text == _WORDS.text("telegram_upload_refused")
    assert len(archive.documents()) == 1
    assert server.press(question, keep.data, user=ADMIN).text == _WORDS.text("telegram_kept")
    assert server.press(question, remove.data, user=ADMIN).text == _WORDS.text("telegram_removed")
    assert archive.documents() == []
    assert server.in_chat(ADMIN)[4].text == _WORDS.text("telegram_removed")
    assert server.press(question, remove.data, user=ADMIN).text == _WORDS.text("telegram_document_gone")


def test_others_than_admins_are_refused_politely(server: BotApiServer, archive: Archive) -> None:
    before = archive.documents()
    _send(server, "a.txt", _TEXT.encode(), user=5)
    server.say("/remove a.txt", 5, user=5)
    texts = [message.text for message in server.wait_for_messages(5, 2)]
    assert texts == [_WORDS.text("telegram_upload_refused")] * 2
    assert archive.documents() == before


@pytest.mark.parametrize("name", ["virus.exe", "none", "../..", ".txt", "a.txt/", "", None])
def test_files_of_other_kinds_are_refused(server: BotApiServer, name: str | None) -> None:
    before = len(server.in_chat(ADMIN))
    _send(server, name)
    text = server.wait_for_messages(ADMIN, before + 1)[-1].text
    assert text == _WORDS.text("telegram_upload_kind", kinds=" ".join(sorted(SUPPORTED_SUFFIXES)))


@pytest.mark.parametrize("told", [True, False])
def test_fifty_megabytes_are_too_much_told_or_not(server: BotApiServer, told: bool) -> None:
    file_id = f"big{told}"
    server.files.put(file_id, b"x", 50_000_000)
    document = {"file_id": file_id, "file_unique_id": file_id, "file_name": "big.txt"}
    server.say("", ADMIN, user=ADMIN, more={"document": document | ({"file_size": 50_000_000} if told else {})})
    before = len([call for call in server.calls if call.method == "getFile"])
    _settled(server, _WORDS.text("telegram_upload_large", limit=MAX_MEGABYTES))
    server.sent.clear()
    assert not told or len([call for call in server.calls if call.method == "getFile"]) == before


def test_what_cannot_be_read_is_told_with_the_reason(server: BotApiServer, archive: Archive) -> None:
    before = archive.documents()
    _send(server, "broken.pdf", b"%PDF-1.4 nothing in it")
    beginning = _WORDS.text("telegram_upload_failed", name="broken.pdf", reason="")
    server.wait_for(lambda: any(m.text.startswith(beginning) for m in server.in_chat(ADMIN)), beginning)
    assert archive.documents() == before


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("../../etc/cron.d/规定.txt", "规定.txt"),
        ("C:\\Windows\\system32\\a.md", "a.md"),
        ("/absolute/路径/b.txt", "b.txt"),
        ("..\u202etxt.\x00sys\n.txt", "txt.sys.txt"),
        ("....hidden.txt", "hidden.txt"),
        ("长" * 300 + ".txt", "长" * 96 + ".txt"),
        ("con<>:|?*.txt", "con.txt"),
        ("..", ""),
        ("", ""),
    ],
)
def test_only_the_name_of_a_name_is_taken(given: str, taken: str) -> None:
    assert safe_name(given) == taken


def test_a_name_with_path_parts_stays_inside_the_archive(server: BotApiServer, archive: Archive) -> None:
    _send(server, "../../../evil/规定二.txt", _TEXT.encode())
    _settled(server, _WORDS.text("telegram_upload_added", name="规定二.txt"))
    assert "uploads/规定二.txt" in [document.source for document in archive.documents()]


def test_remove_asks_for_a_name_that_there_is(server: BotApiServer) -> None:
    server.sent.clear()
    for text in ("/remove", "/remove 没有这份"):
        server.say(text, ADMIN, user=ADMIN)
    usage, unknown = server.wait_for_messages(ADMIN, 2)
    assert usage.text == _WORDS.text("telegram_remove_usage")
    assert unknown.text == _WORDS.text("telegram_remove_unknown", name="没有这份")


def test_remove_with_a_name_of_several_names_them_and_takes_none(server: BotApiServer, archive: Archive) -> None:
    for number in range(22):
        archive.add(f"年报{number:02d}.md", f"第{number}年图书馆的年报。\n".encode())
    archive.add("年报0.md", "图书馆年报的说明。\n".encode())
    before = archive.documents()
    server.sent.clear()
    server.say("/remove 年报", ADMIN, user=ADMIN)
    (message,) = server.wait_for_messages(ADMIN)
    start = _WORDS.text("telegram_remove_several", names="")
    assert message.text.startswith(start.strip())
    assert message.covered("code") == [each.source for each in before if "年报" in each.source][:20]
    assert message.text.endswith(_WORDS.text("telegram_more_sources", count=3))
    assert message.buttons == []
    assert archive.documents() == before
    server.say("/remove uploads/年报0.md", ADMIN, user=ADMIN)
    sure = server.wait_for_messages(ADMIN, 2)[1]
    assert sure.text == _WORDS.text("telegram_remove_sure", name="uploads/年报0.md")


def test_the_result_comes_though_the_progress_was_deleted(server: BotApiServer, archive: Archive) -> None:
    server.sent.clear()
    server.fail_next(
        "editMessageText", bad_request("message to edit not found"), bad_request("message can't be edited")
    )
    _send(server, "续借.txt", "续借须在到期之前办理，每次续借十四天。\n".encode())
    _settled(server, _WORDS.text("telegram_upload_added", name="续借.txt"))
    assert "uploads/续借.txt" in [document.source for document in archive.documents()]


def test_a_file_that_telegram_does_not_find_is_told_with_the_reason(server: BotApiServer) -> None:
    server.fail_next("getFile", bad_request("wrong file_id or the file is temporarily unavailable"))
    _send(server, "丢失.txt")
    reason = "Wrong file_id or the file is temporarily unavailable"
    _settled(server, _WORDS.text("telegram_upload_failed", name="丢失.txt", reason=reason))


def test_a_file_comes_through_an_outage(server: BotApiServer) -> None:
    server.fail_next("getFile", ApiError(502, "Bad Gateway"))
    _send(server, "停电.txt", "停电时图书馆借书照旧，用纸笔登记。\n".encode())
    _settled(server, _WORDS.text("telegram_upload_added", name="停电.txt"))


def test_an_archive_that_another_writes_to_asks_for_patience(
    server: BotApiServer, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.upkeep.editor._PATIENCE_SECONDS", 0.2)
    with WriteLock(Path(archive.info().path)):
        _send(server, "忙.txt", "忙。\n".encode())
        _settled(server, _WORDS.text("telegram_archive_busy"))
