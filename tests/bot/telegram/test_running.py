import logging
import os
import signal
import threading
import traceback
from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import SecretStr, Settings
from bot.state import StateInUseError
from bot.telegram import TelegramConnectionError, TelegramTokenError, run
from retrieval import Archive
from retrieval.errors import ArchiveMissingError
from tests.bot.telegram.methods import ApiError
from tests.bot.telegram.one_text import OneText
from tests.bot.telegram.processes import bot_process
from tests.bot.telegram.running_bot import running_bot
from tests.bot.telegram.server import TOKEN, BotApiServer

_WRONG = "987654321:WRONG-token_of-nobody"


def _settings(archive: Path, token: str | None, base_url: str = "http://127.0.0.1:1/bot") -> Settings:
    return Settings(
        archive=archive,
        state_url=SecretStr(f"sqlite:///{archive}.state"),
        telegram_token=SecretStr(token) if token is not None else None,
        telegram_base_url=base_url,
    )


@pytest.mark.parametrize(
    ("token", "complaint"),
    [
        (None, "the Telegram bot has no token"),
        (" ", "the Telegram bot has no token"),
        ("my token", "the Telegram token is not of the form 123456:ABC…"),
        ("123:ü/../x", "the Telegram token is not of the form 123456:ABC…"),
    ],
)
def test_a_missing_or_malformed_token_names_the_cure(tmp_path: Path, token: str | None, complaint: str) -> None:
    with pytest.raises(TelegramTokenError) as error:
        run(_settings(tmp_path, token))
    assert str(error.value) == (f"{complaint}: set WENJU_TELEGRAM_TOKEN to the token that @BotFather gave for the bot")


def test_a_wrong_token_is_refused_in_one_line_and_never_shown(
    seeds_archive_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), BotApiServer() as server, pytest.raises(TelegramTokenError) as error:
        run(_settings(seeds_archive_path, _WRONG, server.base_url))
    assert str(error.value) == (
        "Telegram does not know the bot's token: set WENJU_TELEGRAM_TOKEN to the token that @BotFather gave for the bot"
    )
    assert _WRONG not in "".join(traceback.format_exception(error.value))
    assert _WRONG not in caplog.text


def test_a_server_out_of_reach_is_named(seeds_archive_path: Path) -> None:
    with pytest.raises(TelegramConnectionError) as error:
        run(_settings(seeds_archive_path, _WRONG))
    assert str(error.value).startswith("Telegram cannot be reached at http://127.0.0.1:1/bot (")
    assert str(error.value).endswith("): check the network, or set WENJU_TELEGRAM_BASE_URL")
    assert _WRONG not in "".join(traceback.format_exception(error.value))


def test_a_missing_archive_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with BotApiServer() as server, pytest.raises(ArchiveMissingError):
        run(_settings(tmp_path / "none", TOKEN, server.base_url))
    assert server.calls == []


def test_the_bot_answers_until_it_is_told_to_stop(seeds_archive_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def talk(server: BotApiServer) -> None:
        server.wait_for_calls("getUpdates")
        server.say("/help")
        server.wait_for_messages(1)
        os.kill(os.getpid(), signal.SIGTERM)

    with caplog.at_level(logging.INFO), BotApiServer() as server:
        talker = threading.Thread(target=talk, args=(server,))
        talker.start()
        run(_settings(seeds_archive_path, TOKEN, server.base_url))
        talker.join()
    assert "The bot @wenju_test_bot answers on Telegram." in caplog.text
    assert TOKEN not in caplog.text


def test_the_bot_stops_when_its_token_is_revoked(seeds_archive_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.running._SECONDS_BETWEEN_CHECKS", 0.2)

    def revoke(server: BotApiServer) -> None:
        server.wait_for_calls("getUpdates")
        for method in ("getUpdates", "getMe"):
            server.fail_next(method, ApiError(401, "Unauthorized"))
        server.say("wakes the poller")

    with BotApiServer() as server:
        revoker = threading.Thread(target=revoke, args=(server,))
        revoker.start()
        with pytest.raises(TelegramTokenError, match="Telegram does not know the bot's token"):
            run(_settings(seeds_archive_path, TOKEN, server.base_url))
        revoker.join()


def test_commands_that_cannot_be_set_do_not_stop_the_bot(
    seeds_archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    with BotApiServer() as server:
        server.fail_next("setMyCommands", ApiError(400, "Bad Request: BOT_COMMAND_INVALID"))
        with running_bot(server, seeds_archive):
            server.wait_for_calls("setMyCommands")
            server.say("/help")
            server.wait_for_messages(1)
    assert "The list of commands could not be set" in caplog.text


def test_a_second_bot_on_the_same_state_is_told_to_take_its_own(seeds_archive_path: Path, tmp_path: Path) -> None:
    settings = replace(_settings(seeds_archive_path, TOKEN), state_url=SecretStr(f"sqlite:///{tmp_path / 'state'}"))
    with BotApiServer() as server, bot_process(server, seeds_archive_path, tmp_path / "state"):
        server.wait_for_calls("getUpdates", seconds=120)
        before = len([call for call in server.calls if call.method == "getMe"])
        with pytest.raises(StateInUseError, match=r"another process works as telegram .*WENJU_STATE_URL"):
            run(replace(settings, telegram_base_url=server.base_url))
        assert len([call for call in server.calls if call.method == "getMe"]) == before


def test_the_token_stands_in_no_log_however_much_is_logged(seeds_archive_path: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        BotApiServer() as server,
        log.open("wb") as errors,
        bot_process(server, seeds_archive_path, tmp_path / "state", errors, WENJU_LOG_LEVEL="debug") as process,
    ):
        server.wait_for_calls("getUpdates", seconds=120)
        server.fail_next("sendMessage", ApiError(502, "Bad Gateway"), ApiError(400, "Bad Request: no reason"))
        server.fail_next("getUpdates", ApiError(500, "Internal Server Error"))
        server.say("炎陵县调解成功率是多少？")
        server.wait_for_messages(1, seconds=60)
        server.say("/help")
        server.wait_for_messages(1, 2, seconds=60)
        process.terminate()
        process.wait(60)
    written = log.read_text("utf-8")
    assert "@wenju_test_bot" in written
    assert "Traceback" in written
    assert TOKEN not in written
    assert TOKEN.partition(":")[2] not in written
    assert "炎陵" not in written


@pytest.mark.parametrize(("drop", "answered"), [(False, ["早？", "晚？"]), (True, ["晚？"])])
def test_what_was_asked_before_the_start_is_left_when_the_operator_wishes(drop: bool, answered: list[str]) -> None:
    library = OneText()
    with BotApiServer() as server:
        server.say("早？")
        with running_bot(server, library, settings=Settings(telegram_drop_pending=drop)):
            server.say("晚？")
            server.wait_for_messages(1, len(answered))
    assert library.questions == answered
