"""The methods of the Bot API that the server knows, each a function of the server and the call."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.bot.telegram.files import checked_photo
from tests.bot.telegram.hook import Hook
from tests.bot.telegram.methods import (
    ApiError,
    SentMessage,
    bad_request,
    blocked_by_user,
    check_action,
    checked_commands,
    checked_message,
    checked_text,
    migrated,
)

if TYPE_CHECKING:
    from tests.bot.telegram.call import Call
    from tests.bot.telegram.server import BotApiServer, Chat

__all__ = ["METHODS"]


def _get_me(_server: "BotApiServer", _call: "Call") -> Any:
    from tests.bot.telegram.server import BOT

    return BOT


def _get_updates(server: "BotApiServer", call: "Call") -> Any:
    """Wait for updates. As with the real server a new poller ends the one before it, and a webhook allows none."""
    if server.hook is not None:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook "
            "first",
        )
    server.poller += 1
    poller = server.poller
    server.changed.notify_all()
    offset, updates = int(call.parameters.get("offset", 0)), server.updates
    while updates and (len(updates) > -offset if offset < 0 else updates[0]["update_id"] < offset):
        updates.popleft()
    server.changed.wait_for(
        lambda: updates or server.is_closed or server.poller != poller, float(call.parameters.get("timeout", 0))
    )
    if server.poller != poller:
        raise ApiError(
            409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
    return list(updates)[: int(call.parameters.get("limit", 100))]


def _set_webhook(server: "BotApiServer", call: "Call") -> Any:
    hook = Hook(call.parameters)
    _drop(server, call)
    if server.hook is not None:
        server.hook.stop()
    server.hook = hook
    threading.Thread(target=_send_updates, args=(server, hook), daemon=True).start()
    return True


def _send_updates(server: "BotApiServer", hook: Hook) -> None:
    while True:
        with server.changed:
            server.changed.wait_for(lambda: server.updates or server.hook is not hook or server.is_closed)
            if server.hook is not hook or server.is_closed:
                return
            update = server.updates[0]
        if not hook.send(update):
            return
        with server.changed:
            server.updates.popleft()
            server.changed.notify_all()


def _delete_webhook(server: "BotApiServer", call: "Call") -> Any:
    _drop(server, call)
    if server.hook is not None:
        server.hook.stop()
    server.hook = None
    server.changed.notify_all()
    return True


def _drop(server: "BotApiServer", call: "Call") -> None:
    if call.parameters.get("drop_pending_updates", "false") == "true":
        server.updates.clear()


def _set_my_commands(server: "BotApiServer", call: "Call") -> Any:
    server.commands[_scope(server, call), call.parameters.get("language_code", "")] = checked_commands(call.parameters)
    server.changed.notify_all()
    return True


def _delete_my_commands(server: "BotApiServer", call: "Call") -> Any:
    server.commands.pop((_scope(server, call), call.parameters.get("language_code", "")), None)
    return True


def _scope(server: "BotApiServer", call: "Call") -> str:
    scope = json.loads(call.parameters.get("scope", '{"type": "default"}'))
    if scope["type"] != "chat":
        return str(scope["type"])
    _chat(server, {"chat_id": str(scope["chat_id"])})
    return f"chat {scope['chat_id']}"


def _send_chat_action(server: "BotApiServer", call: "Call") -> Any:
    _chat(server, call.parameters)
    check_action(call.parameters)
    return True


def _send_message(server: "BotApiServer", call: "Call") -> Any:
    chat = _chat(server, call.parameters)
    return _sent(server, call, chat, checked_message(call.parameters, server.next_id()))


def _send_photo(server: "BotApiServer", call: "Call") -> Any:
    chat, caption = _chat(server, call.parameters), call.parameters.get("caption", "")
    photo = checked_photo(call.parameters.get("photo", "attach://photo"), call.files)
    return _sent(server, call, chat, _captioned(server, call, caption, photo))


def _send_document(server: "BotApiServer", call: "Call") -> Any:
    chat, caption = _chat(server, call.parameters), call.parameters.get("caption", "")
    data = call.files.get(call.parameters.get("document", "attach://document").removeprefix("attach://"))
    if not data:
        raise bad_request("file must be non-empty")
    return _sent(server, call, chat, _captioned(server, call, caption, data))


def _captioned(server: "BotApiServer", call: "Call", caption: str, data: bytes) -> SentMessage:
    checked_text(caption, call.parameters.get("parse_mode"), 1024, "message caption is too long")
    message = checked_message({**call.parameters, "text": caption or "no caption"}, server.next_id())
    return replace(message, text=message.text if caption else "", photo=data)


def _edit_message_text(server: "BotApiServer", call: "Call") -> Any:
    chat, number = _chat(server, call.parameters), int(call.parameters.get("message_id", 0))
    found = [place for place, message in enumerate(server.sent) if message.message_id == number]
    if not found and number in chat.messages:
        raise bad_request("message can't be edited")
    if not found:
        raise bad_request("message to edit not found")
    before = server.sent[found[0]]
    after = checked_message(call.parameters, number)
    if (after.text, after.entities, after.rows) == (before.text, before.entities, before.rows):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    server.sent[found[0]] = replace(after, reply_to=before.reply_to, thread=before.thread)
    server.changed.notify_all()
    return server.shown(server.sent[found[0]])


def _sent(server: "BotApiServer", call: "Call", chat: "Chat", message: SentMessage) -> Any:
    if message.thread is not None and message.thread not in chat.threads:
        raise bad_request("message thread not found")
    lenient = json.loads(call.parameters.get("reply_parameters", "{}")).get("allow_sending_without_reply", False)
    if message.reply_to is not None and message.reply_to not in chat.messages and not lenient:
        raise bad_request("message to be replied not found")
    chat.messages.add(message.message_id)
    server.sent.append(message)
    server.changed.notify_all()
    return server.shown(message)


def _chat(server: "BotApiServer", parameters: Mapping[str, str]) -> "Chat":
    try:
        chat = server.chats[int(parameters.get("chat_id", ""))]
    except (KeyError, ValueError) as error:
        raise bad_request("chat not found") from error
    if chat.moved_to is not None:
        raise migrated(chat.moved_to)
    if chat.is_blocked:
        raise blocked_by_user()
    return chat


def _answer_press(server: "BotApiServer", call: "Call") -> Any:
    server.changed.notify_all()
    return server.queries.answer_press(call.parameters)


def _answer_inline(server: "BotApiServer", call: "Call") -> Any:
    server.changed.notify_all()
    return server.queries.answer_inline(call.parameters)


def _get_file(server: "BotApiServer", call: "Call") -> Any:
    return server.files.get_file(call.parameters)


METHODS: Mapping[str, Callable[["BotApiServer", "Call"], Any]] = {
    "getMe": _get_me,
    "getUpdates": _get_updates,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getFile": _get_file,
    "answerCallbackQuery": _answer_press,
    "answerInlineQuery": _answer_inline,
    "setMyCommands": _set_my_commands,
    "deleteMyCommands": _delete_my_commands,
    "sendChatAction": _send_chat_action,
    "sendMessage": _send_message,
    "sendPhoto": _send_photo,
    "sendDocument": _send_document,
    "editMessageText": _edit_message_text,
}
"""The functions by the method's name."""
