"""Updates that Telegram brings, instead of being asked for them; health and metrics."""

import asyncio
import json
import logging
import socket
import time
from pathlib import Path

import httpx
import pytest

from bot.settings import SecretStr, Settings
from bot.telegram.errors import ListenError, WebhookError
from bot.telegram.hosting import Request
from bot.telegram.metrics import Metrics
from bot.telegram.status import Status
from bot.telegram.webhook import SECRET_HEADER
from tests.bot.telegram.methods import too_many_requests
from tests.bot.telegram.one_text import OneText
from tests.bot.telegram.running_bot import running_bot
from tests.bot.telegram.server import TOKEN, BotApiServer
from tests.ports import free_port

_SECRET = "hook-secret_1"


def _hook(port: int, url: str = "", secret: str = _SECRET) -> Settings:
    return Settings(
        telegram_webhook_url=url or f"http://127.0.0.1:{port}/telegram",
        telegram_webhook_port=port,
        telegram_webhook_secret=SecretStr(secret) if secret else None,
    )


def test_questions_come_by_webhook_and_are_answered(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    library = OneText()
    with BotApiServer() as server:
        server.say("早？")  # waits at Telegram until the bot is there
        with (
            caplog.at_level(logging.INFO),
            running_bot(server, library, state=tmp_path / "s", settings=_hook(free_port())),
        ):
            asked = server.say("晚？")
            server.wait_for_messages(1, 2)
        assert server.in_chat(1)[1].reply_to == asked
        assert not any(call.method == "getUpdates" for call in server.calls)
        assert _SECRET not in caplog.text
        with running_bot(server, library, state=tmp_path / "s"):  # back to polling: the webhook is given up
            server.say("后？")
            server.wait_for_messages(1, 3)
    assert library.questions == ["早？", "晚？", "后？"]


@pytest.mark.filterwarnings("ignore:.*attribute `retry_after` will be of type:telegram.warnings.PTBDeprecationWarning")
def test_what_comes_while_the_bot_starts_is_answered_once(tmp_path: Path) -> None:
    port, library = free_port(), OneText()
    with BotApiServer() as server:
        server.fail_next("setWebhook", too_many_requests(2))  # the address is known from the last run
        with running_bot(server, library, state=tmp_path / "s", settings=_hook(port)):
            update = {"update_id": 5, "message": server.message("早？", 1)}
            with httpx.Client(verify=False) as client:
                url, right = f"http://127.0.0.1:{port}/telegram", {SECRET_HEADER: _SECRET}
                assert client.post(url, json=update, headers=right).status_code == 200
            server.wait_for_calls("setWebhook", 2)
            server.say("晚？")
            server.wait_for_messages(1, 2)
    assert library.questions == ["早？", "晚？"]


def test_without_a_secret_of_the_operators_one_is_made() -> None:
    with (
        BotApiServer() as server,
        running_bot(server, OneText(), settings=_hook(free_port(), secret="")),
    ):
        server.say("？")
        server.wait_for_messages(1)
        (call,) = server.wait_for_calls("setWebhook")
    assert len(call.parameters["secret_token"]) >= 32
    assert json.loads(call.parameters["allowed_updates"]) == [
        "message",
        "edited_message",
        "callback_query",
        "inline_query",
    ]


def test_only_telegram_is_let_in() -> None:
    port, library = free_port(), OneText()
    url, right = f"http://127.0.0.1:{port}/telegram", {SECRET_HEADER: _SECRET}
    with (
        BotApiServer() as server,
        running_bot(server, library, settings=_hook(port)),
        httpx.Client(verify=False) as client,
    ):
        update = {"update_id": 5, "message": server.message("？", 1)}
        assert client.post(url, json=update).status_code == 403
        for wrong in ("", "x", _SECRET[:-1], _SECRET + "x", "é"):
            assert client.post(url, json=update, headers={SECRET_HEADER.encode(): wrong.encode()}).status_code == 403
        assert client.post(f"{url}/x", json=update, headers=right).status_code == 404
        assert client.get(url, headers=right).status_code == 405
        for body in (b"", b"{", b"[]", b'{"update_id": "5"}', b"\xff", b"[" * 100_000):
            assert client.post(url, content=body, headers=right).status_code == 400
        assert client.post(url, content=b" " * 1_000_001, headers=right).status_code == 413
        assert library.questions == []
        assert client.post(url, json=update, headers=right).status_code == 200
        assert client.post(url, json=update, headers=right).status_code == 200
        server.wait_for_messages(1)
        assert client.post(url, json={"update_id": 6, "unheard_of": {}}, headers=right).status_code == 200
    assert library.questions == ["？"]


def test_a_webhook_that_telegram_refuses_names_the_cure() -> None:
    refused = _hook(free_port(), "http://archive.example/telegram")
    with (
        BotApiServer() as server,
        pytest.raises(WebhookError) as error,
        running_bot(server, OneText(), settings=refused),
    ):
        pass  # what ends the bot is raised at the end of the block
    assert "an https url must be provided" in str(error.value)
    assert "WENJU_TELEGRAM_WEBHOOK_URL" in str(error.value)
    assert TOKEN not in str(error.value)


def test_a_port_that_is_taken_names_the_variable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            BotApiServer() as server,
            pytest.raises(ListenError, match=f"port {port} .*WENJU_TELEGRAM_STATUS_PORT"),
            running_bot(server, OneText(), settings=Settings(telegram_status_port=port)),
        ):
            pass  # what ends the bot is raised at the end of the block
    assert server.calls == []


def test_health_and_metrics_are_told_on_a_port_of_their_own() -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with BotApiServer() as server, running_bot(server, OneText(), settings=Settings(telegram_status_port=port)):
        server.say("？")
        server.wait_for_messages(1)
        time.sleep(0.2)  # the count follows the message
        with httpx.Client(verify=False) as client:
            health = client.get(f"{base}/healthz")
            metrics = client.get(f"{base}/metrics")
            assert client.post(f"{base}/healthz").status_code == 405
            assert client.get(f"{base}/").status_code == 404
    assert (health.status_code, health.json()["status"]) == (200, "ok")
    assert 'wenju_telegram_answers_total{status="answered"} 1.0' in metrics.text
    assert 'wenju_telegram_updates_total{fate="taken"} 1.0' in metrics.text
    assert "wenju_telegram_answer_seconds_bucket" in metrics.text
    assert "？" not in metrics.text


def test_a_bot_that_has_lost_telegram_is_not_well() -> None:
    now = [0.0]
    metrics = Metrics(lambda: now[0])
    status = Status(metrics)

    def health() -> tuple[int, object]:
        response = asyncio.run(status(Request("GET", "/healthz", {}, b"")))
        return response.status, json.loads(response.body)

    now[0] = 179.0
    assert health() == (200, {"status": "ok", "heard_seconds_ago": 179.0})
    now[0] = 181.0
    assert health() == (503, {"status": "silent", "heard_seconds_ago": 181.0})
    metrics.heard()
    assert health()[0] == 200
