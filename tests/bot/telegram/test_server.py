import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.bot.telegram.methods import blocked_by_user, too_many_requests
from tests.bot.telegram.server import TOKEN, BotApiServer

_BUTTONS = {"inline_keyboard": [[{"text": "more", "callback_data": "问" * 22}]]}


@pytest.fixture
def server() -> Iterator[BotApiServer]:
    with BotApiServer() as running:
        running.say("hello")
        yield running


def _call(server: BotApiServer, method: str, token: str = TOKEN, **parameters: Any) -> dict[str, Any]:
    data = {key: value if isinstance(value, str) else json.dumps(value) for key, value in parameters.items()}
    response = httpx.post(
        f"{server.base_url}{token}/{method}", data=data, verify=False
    )  # plain HTTP; loading certificates takes longer than the call
    answer: dict[str, Any] = response.json()
    assert answer["ok"] is (response.status_code == 200)
    return answer


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        (
            {"text": "<b>a", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "😀" * 2048 + "a"}, "message is too long"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\u200b\u2060\u3000"}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "a", "parse_mode": "Text"}, "unsupported parse_mode"),
        ({"text": "a", "chat_id": 2}, "chat not found"),
        ({"text": "a", "message_thread_id": 5}, "message thread not found"),
        ({"text": "a", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "a", "reply_markup": _BUTTONS}, "BUTTON_DATA_INVALID"),
    ],
)
def test_send_message_refuses(server: BotApiServer, parameters: dict[str, Any], description: str) -> None:
    answer = _call(server, "sendMessage", **{"chat_id": 1, **parameters})
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"}
    assert server.sent == []


@pytest.mark.parametrize("text", ["a" * 4096, "😀" * 2048, "&lt;" * 4096, "<b>" + "a" * 4096 + "</b>"])
def test_send_message_counts_units_after_parsing(server: BotApiServer, text: str) -> None:
    assert _call(server, "sendMessage", chat_id=1, text=text, parse_mode="HTML")["ok"]
    assert len(server.sent[0].text.encode("utf-16-le")) == 2 * 4096


def test_send_message_records_what_the_reader_sees(server: BotApiServer) -> None:
    _call(server, "sendMessage", chat_id=1, text=" \n<b>a\u202e\tb</b>\r\n", parse_mode="HTML")
    assert server.sent[0].text == "a b"
    assert server.sent[0].covered("bold") == ["a\u202e\tb"]


@pytest.mark.parametrize(
    "commands",
    [
        [{"command": "Ask", "description": "a"}],
        [{"command": "ask-me", "description": "a"}],
        [{"command": "a" * 33, "description": "a"}],
        [{"command": "ask", "description": ""}],
        [{"command": "ask", "description": "a" * 257}],
        [{"command": f"ask{number}", "description": "a"} for number in range(101)],
    ],
)
def test_set_my_commands_refuses(server: BotApiServer, commands: list[dict[str, str]]) -> None:
    assert _call(server, "setMyCommands", commands=commands)["error_code"] == 400
    assert server.commands == {}


def test_wrong_tokens_methods_actions_and_encodings_are_refused(server: BotApiServer) -> None:
    assert _call(server, "getMe", token="1:x") == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert _call(server, "getYou") == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert _call(server, "sendChatAction", chat_id=1, action="dancing")["error_code"] == 400
    broken = httpx.post(f"{server.base_url}{TOKEN}/sendMessage", content=b"chat_id=1&text=%ED%A0%80", verify=False)
    assert broken.json()["description"] == "Bad Request: strings must be encoded in UTF-8"


def test_failures_come_once_each_and_in_order(server: BotApiServer) -> None:
    server.fail_next("getMe", too_many_requests(7), blocked_by_user())
    assert _call(server, "getMe")["parameters"] == {"retry_after": 7}
    assert _call(server, "getMe")["description"] == "Forbidden: bot was blocked by the user"
    assert _call(server, "getMe")["result"]["is_bot"] is True


def test_updates_stay_until_a_greater_offset_confirms_them(server: BotApiServer) -> None:
    server.say("again")
    first, second = _call(server, "getUpdates")["result"]
    assert [update["message"]["text"] for update in (first, second)] == ["hello", "again"]
    assert _call(server, "getUpdates", offset=second["update_id"])["result"] == [second]
    assert _call(server, "getUpdates", offset=second["update_id"] + 1)["result"] == []


def test_a_negative_offset_keeps_the_last_updates(server: BotApiServer) -> None:
    server.say("again")
    (last,) = _call(server, "getUpdates", offset=-1)["result"]
    assert last["message"]["text"] == "again"


def test_a_second_poller_ends_the_first_with_a_conflict(server: BotApiServer) -> None:
    answers: list[dict[str, Any]] = []
    first = threading.Thread(target=lambda: answers.append(_call(server, "getUpdates", timeout=5, offset=10)))
    first.start()
    server.wait_for_calls("getUpdates")
    assert _call(server, "getUpdates", offset=10)["result"] == []
    first.join()
    assert answers[0]["error_code"] == 409
    assert answers[0]["description"].startswith("Conflict: terminated by other getUpdates request")
