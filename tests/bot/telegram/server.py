"""A small Bot API server on the loopback interface, for one bot: as strict as the real one where a bot can go wrong.

Tests put updates in (:meth:`BotApiServer.say`, :meth:`BotApiServer.press`, :meth:`BotApiServer.deliver`), read what was
sent back (:meth:`BotApiServer.wait_for_messages`), and ask for failures (:meth:`BotApiServer.fail_next`). What a method
demands stands in ``methods``, ``queries``, ``files`` and ``hook``.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeAlias
from urllib.parse import unquote

from tests.bot.telegram.call import Call, read_call
from tests.bot.telegram.calls import METHODS
from tests.bot.telegram.files import Files
from tests.bot.telegram.hook import Hook
from tests.bot.telegram.methods import ApiError, SentMessage
from tests.bot.telegram.queries import Offer, Queries, Toast
from tests.bot.telegram.transport import HttpRequest, Transport

__all__ = ["BOT", "TOKEN", "BotApiServer", "Chat", "Fields"]

TOKEN = "123456789:TEST-token_of-nobody"  # no secret: only this server knows it
BOT = {
    "id": 123456789,
    "is_bot": True,
    "first_name": "Wenju",
    "username": "wenju_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}


Fields: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Chat:
    """A chat: its topics, the messages in it, whether its user has blocked the bot, what a group has become."""

    kind: str
    threads: set[int] = field(default_factory=set)
    messages: set[int] = field(default_factory=set)
    is_blocked: bool = False
    moved_to: int | None = None


class BotApiServer:
    """The server; a context manager. ``base_url`` is what a bot takes for ``https://api.telegram.org/bot``."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.sent: list[SentMessage] = []
        self.commands: dict[tuple[str, str], dict[str, str]] = {}
        self.chats: dict[int, Chat] = {}
        self.updates: deque[Fields] = deque()
        self.queries = Queries()
        self.files = Files()
        self.changed = threading.Condition(threading.RLock())
        self.poller = 0
        self.hook: Hook | None = None
        self.is_closed = False
        self._failures: defaultdict[str, deque[ApiError]] = defaultdict(deque)
        self._flood: Callable[[Call], ApiError | None] = lambda _call: None
        self._last_id = 0
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
        with self.changed:
            self.is_closed = True
            if self.hook is not None:
                self.hook.stop()
            self.changed.notify_all()
        self._transport.stop()

    def next_id(self) -> int:
        """Count: message, update and query ids come from one row."""
        with self.changed:
            self._last_id += 1
            return self._last_id

    def say(
        self,
        text: str,
        chat: int = 1,
        *,
        kind: str = "private",
        language: str = "en",
        user: int = 77,
        more: Fields | None = None,
    ) -> int:
        """Let a user write ``text``; ``more`` are further fields of the message. Gives the message's id."""
        message = self.message(text, chat, kind=kind, language=language, user=user, more=more)
        self.deliver("message", message)
        return int(message["message_id"])

    def message(
        self,
        text: str,
        chat: int,
        *,
        kind: str = "private",
        language: str = "en",
        user: int = 77,
        more: Fields | None = None,
    ) -> Fields:
        """Make a message of a user, with the entity of a command that it begins with; it is not delivered."""
        message: Fields = {
            "message_id": self.next_id(),
            "date": 1,
            "chat": {"id": chat, "type": kind},
            "from": _user(user, language),
            **({"text": text} if text else {}),
            **(more or {}),
        }
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        with self.changed:
            known = self.chats.setdefault(chat, Chat(kind))
            known.messages.add(message["message_id"])
            if "is_topic_message" in message:
                known.threads.add(message["message_thread_id"])
        return message

    def press(
        self, message: SentMessage, data: str, *, user: int = 77, language: str = "en", old: bool = False
    ) -> Toast:
        """Let a user press a button with ``data`` below a message, and wait for the answer.

        :param old: whether the press has waited for so long that Telegram takes no answer any more; then none comes.
        """
        number = str(self.next_id())
        query = {"id": number, "from": _user(user, language), "chat_instance": "1", "data": data}
        query["message"] = self.shown(message)
        if old:
            self.deliver("callback_query", query)
            return Toast("", is_alert=False)
        self.queries.begin(number)
        self.deliver("callback_query", query)
        self.wait_for(lambda: number in self.queries.toasts, "the answer to a press")
        return self.queries.toasts[number]

    def ask_inline(self, text: str, *, user: int = 77, language: str = "en") -> Offer:
        """Let a user write ``@bot text`` in some chat, and wait for what the bot offers."""
        number = str(self.next_id())
        self.queries.begin(number)
        self.deliver("inline_query", {"id": number, "from": _user(user, language), "query": text, "offset": ""})
        self.wait_for(lambda: number in self.queries.offers, "the answer to an inline query")
        return self.queries.offers[number]

    def deliver(self, kind: str, content: Fields) -> int:
        """Put an update of any kind into the row, whether or not the bot asked for the kind. Gives its id."""
        update_id = self.next_id()
        self.redeliver({"update_id": update_id, kind: content})
        return update_id

    def redeliver(self, update: Fields) -> None:
        """Put a whole update into the row, though it may have been there before."""
        with self.changed:
            self.updates.append(update)
            self.changed.notify_all()

    def fail_next(self, method: str, *errors: ApiError) -> None:
        """Answer the next requests of ``method`` with these errors, one each."""
        with self.changed:
            self._failures[method].extend(errors)

    def flood(self, judge: Callable[[Call], ApiError | None]) -> None:
        """Answer each request for which ``judge`` gives an error with that error."""
        self._flood = judge

    def shown(self, message: SentMessage) -> Fields:
        """Give a sent message as the Bot API writes it."""
        content: Fields = {"text": message.text} if not message.photo else {"photo": [], "caption": message.text}
        if message.thread is not None:
            content |= {"message_thread_id": message.thread, "is_topic_message": True}
        chat = {"id": message.chat_id, "type": self.chats[message.chat_id].kind}
        return {"message_id": message.message_id, "date": 1, "chat": chat, "from": BOT, **content}

    def in_chat(self, chat: int) -> list[SentMessage]:
        """Give the messages that were sent to a chat, as they are now."""
        return [message for message in self.sent if message.chat_id == chat]

    def wait_for(self, condition: Callable[[], object], what: str, seconds: float = 90) -> None:
        """Wait until a condition on what came in holds.

        :raises TimeoutError: if it does not in time.
        """
        with self.changed:
            if not self.changed.wait_for(condition, seconds):
                raise TimeoutError(f"{what} did not come in {seconds} s")

    def wait_for_messages(self, chat: int, count: int = 1, seconds: float = 90) -> list[SentMessage]:
        """Wait until ``count`` messages were sent to the chat, and give all that were."""
        self.wait_for(lambda: len(self.in_chat(chat)) >= count, f"message {count} to chat {chat}", seconds)
        return self.in_chat(chat)

    def wait_for_calls(self, method: str, count: int = 1, seconds: float = 90) -> list[Call]:
        """Wait until ``method`` was called ``count`` times, and give all its calls."""

        def came() -> list[Call]:
            return [call for call in self.calls if call.method == method]

        self.wait_for(lambda: len(came()) >= count, f"call {count} of {method}", seconds)
        return came()

    def handle(self, request: HttpRequest) -> Any:
        """Answer one request.

        :raises ApiError: if it is refused.
        """
        path = unquote(request.path)
        if path.startswith(f"/file/bot{TOKEN}/"):
            return self.files.download(path.removeprefix(f"/file/bot{TOKEN}/"))
        token, _, method = path.removeprefix("/bot").partition("/")
        if token != TOKEN:
            raise ApiError(401, "Unauthorized")
        call = read_call(method, request)
        with self.changed:
            self.calls.append(call)
            self.changed.notify_all()
            if self._failures[method]:
                raise self._failures[method].popleft()
            if (error := self._flood(call)) is not None:
                raise error
            if method not in METHODS:
                raise ApiError(404, "Not Found")
            return METHODS[method](self, call)


def _user(number: int, language: str) -> Fields:
    return {"id": number, "is_bot": False, "first_name": "Reader", "language_code": language}
