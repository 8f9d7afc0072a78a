"""A small Bot API server on the loopback interface, for one bot: as strict as the real one where a bot can go wrong.

Tests put updates in (:meth:`BotApiServer.say`, :meth:`BotApiServer.deliver`), read what was sent back
(:meth:`BotApiServer.wait_for_messages`), and ask for failures (:meth:`BotApiServer.fail_next`).
"""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeAlias
from urllib.parse import parse_qsl, unquote

from tests.bot.telegram.methods import ApiError, SentMessage, check_action, checked_commands, checked_message
from tests.bot.telegram.transport import Transport

__all__ = ["TOKEN", "BotApiServer", "Call", "Fields"]

TOKEN = "123456789:TEST-token_of-nobody"  # no secret: only this server knows it
_BOT = {
    "id": 123456789,
    "is_bot": True,
    "first_name": "Wenju",
    "username": "wenju_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}


Fields: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in."""

    method: str
    parameters: Mapping[str, str]


@dataclass(slots=True)
class _Chat:
    kind: str
    threads: set[int] = field(default_factory=set)
    messages: set[int] = field(default_factory=set)


class BotApiServer:
    """The server; a context manager. ``base_url`` is what a bot takes for ``https://api.telegram.org/bot``."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.sent: list[SentMessage] = []
        self.commands: dict[tuple[str, str], dict[str, str]] = {}
        self._chats: dict[int, _Chat] = {}
        self._updates: deque[dict[str, Any]] = deque()
        self._failures: defaultdict[str, deque[ApiError]] = defaultdict(deque)
        self._changed = threading.Condition(threading.RLock())
        self._last_id = 0
        self._poller = 0
        self._closed = False
        self._transport = Transport(self.handle)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._transport.port}/bot"

    def __enter__(self) -> Self:
        self._transport.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._transport.stop()

    def next_id(self) -> int:
        """Count: message and update ids come from one row."""
        with self._changed:
            self._last_id += 1
            return self._last_id

    def say(
        self, text: str, chat: int = 1, *, kind: str = "private", language: str = "en", more: Fields | None = None
    ) -> int:
        """Let a user write ``text``; ``more`` are further fields of the message. Gives the message's id."""
        message = self.message(text, chat, kind=kind, language=language, more=more)
        self.deliver("message", message)
        return int(message["message_id"])

    def message(
        self, text: str, chat: int, *, kind: str = "private", language: str = "en", more: Fields | None = None
    ) -> Fields:
        """Make a message of a user, with the entity of a command that it begins with; it is not delivered."""
        user = {"id": 77, "is_bot": False, "first_name": "Reader", "language_code": language}
        message: Fields = {
            "message_id": self.next_id(),
            "date": 1,
            "chat": {"id": chat, "type": kind},
            "from": user,
            **({"text": text} if text else {}),
            **(more or {}),
        }
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        with self._changed:
            known = self._chats.setdefault(chat, _Chat(kind))
            known.messages.add(message["message_id"])
            if "is_topic_message" in message:
                known.threads.add(message["message_thread_id"])
        return message

    def deliver(self, kind: str, content: Fields) -> None:
        """Put an update of any kind into the row, whether or not the bot asked for the kind."""
        with self._changed:
            self._updates.append({"update_id": self.next_id(), kind: content})
            self._changed.notify_all()

    def fail_next(self, method: str, *errors: ApiError) -> None:
        """Answer the next requests of ``method`` with these errors, one each."""
        with self._changed:
            self._failures[method].extend(errors)

    def wait_for_messages(self, chat: int, count: int = 1, seconds: float = 30) -> list[SentMessage]:
        """Wait until ``count`` messages were sent to the chat, and give all that were.

        :raises TimeoutError: if fewer came in time.
        """

        def came() -> list[SentMessage]:
            return [message for message in self.sent if message.chat_id == chat]

        with self._changed:
            if not self._changed.wait_for(lambda: len(came()) >= count, seconds):
                raise TimeoutError(f"{len(came())} messages of {count} came to chat {chat} in {seconds} s")
            return came()

    def wait_for_calls(self, method: str, count: int = 1, seconds: float = 30) -> list[Call]:
        """Wait until ``method`` was called ``count`` times, and give all its calls.

        :raises TimeoutError: if fewer came in time.
        """

        def came() -> list[Call]:
            return [call for call in self.calls if call.method == method]

        with self._changed:
            if not self._changed.wait_for(lambda: len(came()) >= count, seconds):
                raise TimeoutError(f"{len(came())} calls of {method}, wanted {count}")
            return came()

    def handle(self, path: str, body: bytes) -> Any:
        """Answer one request.

        :raises ApiError: if it is refused.
        """
        token, _, method = unquote(path).removeprefix("/bot").partition("/")
        if token != TOKEN:
            raise ApiError(401, "Unauthorized")
        try:
            parameters = dict(
                parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body), errors="strict")
            )
        except UnicodeDecodeError as error:
            raise ApiError(400, "Bad Request: strings must be encoded in UTF-8") from error
        with self._changed:
            self.calls.append(Call(method, parameters))
            self._changed.notify_all()
            if self._failures[method]:
                raise self._failures[method].popleft()
            if method not in _METHODS:
                raise ApiError(404, "Not Found")
            return _METHODS[method](self, parameters)

    def _get_me(self, _parameters: Mapping[str, str]) -> Any:
        return _BOT

    def _yes(self, _parameters: Mapping[str, str]) -> Any:
        return True

    def _get_updates(self, parameters: Mapping[str, str]) -> Any:
        """Wait for updates. As with the real server a new poller ends the one before it."""
        self._poller += 1
        poller = self._poller
        self._changed.notify_all()
        offset = int(parameters.get("offset", 0))
        while self._updates and (
            len(self._updates) > -offset if offset < 0 else self._updates[0]["update_id"] < offset
        ):
            self._updates.popleft()
        self._changed.wait_for(
            lambda: self._updates or self._closed or self._poller != poller, float(parameters.get("timeout", 0))
        )
        if self._poller != poller:
            raise ApiError(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        return list(self._updates)[: int(parameters.get("limit", 100))]

    def _set_my_commands(self, parameters: Mapping[str, str]) -> Any:
        scope = json.loads(parameters.get("scope", '{"type": "default"}'))["type"]
        self.commands[scope, parameters.get("language_code", "")] = checked_commands(parameters)
        return True

    def _send_chat_action(self, parameters: Mapping[str, str]) -> Any:
        self._chat(parameters)
        check_action(parameters)
        return True

    def _send_message(self, parameters: Mapping[str, str]) -> Any:
        chat = self._chat(parameters)
        message = checked_message(parameters, self.next_id())
        if message.thread is not None and message.thread not in chat.threads:
            raise ApiError(400, "Bad Request: message thread not found")
        lenient = json.loads(parameters.get("reply_parameters", "{}")).get("allow_sending_without_reply", False)
        if message.reply_to is not None and message.reply_to not in chat.messages and not lenient:
            raise ApiError(400, "Bad Request: message to be replied not found")
        self.sent.append(message)
        self._changed.notify_all()
        return {
            "message_id": message.message_id,
            "date": 1,
            "chat": {"id": message.chat_id, "type": chat.kind},
            "from": _BOT,
            "text": message.text,
        }

    def _chat(self, parameters: Mapping[str, str]) -> _Chat:
        try:
            return self._chats[int(parameters.get("chat_id", ""))]
        except (KeyError, ValueError) as error:
            raise ApiError(400, "Bad Request: chat not found") from error


_METHODS = {
    "getMe": BotApiServer._get_me,
    "getUpdates": BotApiServer._get_updates,
    "deleteWebhook": BotApiServer._yes,
    "answerCallbackQuery": BotApiServer._yes,
    "setMyCommands": BotApiServer._set_my_commands,
    "sendChatAction": BotApiServer._send_chat_action,
    "sendMessage": BotApiServer._send_message,
}
