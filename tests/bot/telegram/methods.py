"""What each method of the Bot API demands of its parameters; whatever the real one refuses is refused here."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.bot.telegram.markup import Entity, MarkupError, ParsedText, parse_html, utf16

__all__ = [
    "ApiError",
    "SentMessage",
    "blocked_by_user",
    "check_action",
    "checked_commands",
    "checked_message",
    "shown",
    "too_many_requests",
]

_ACTIONS = {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"} | {
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
_DROPPED = re.compile("[\r\u2028-\u202e]")
_SPACED = re.compile("[\x00-\x09\x0b-\x1f]")
_EMPTY = re.compile(r"[\s\x00-\x20\xa0\xad\u115f\u1160\u180e\u200b-\u200f\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufffc]*")


class ApiError(Exception):
    """An answer with ``"ok": false``."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


def too_many_requests(retry_after: int) -> ApiError:
    """Make the refusal that asks for a pause of so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after)


def blocked_by_user() -> ApiError:
    """Make the refusal that a bot gets in the chat of a user who wants no more of it."""
    return ApiError(403, "Forbidden: bot was blocked by the user")


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message as its reader sees it: ``text`` is what is left after parsing, cleaning and trimming."""

    message_id: int
    chat_id: int
    text: str
    entities: tuple[Entity, ...]
    markup: str
    parse_mode: str | None
    reply_to: int | None
    thread: int | None
    has_preview: bool

    def covered(self, kind: str) -> list[str]:
        """Give the texts of the entities of one kind."""
        return [entity.text for entity in self.entities if entity.kind == kind]


def shown(text: str) -> str:
    """Give a text the way Telegram keeps it: without what it drops, and without blanks around it."""
    return _SPACED.sub(" ", _DROPPED.sub("", text)).strip(" \n")


def checked_message(parameters: Mapping[str, str], message_id: int) -> SentMessage:
    """Check the text and the options of ``sendMessage``; chats, topics and replies are the server's to check.

    :raises ApiError: if the real Bot API would refuse them.
    """
    markup = parameters.get("text", "")
    mode = parameters.get("parse_mode")
    parsed = _parsed(markup, mode)
    text = shown(parsed.text)
    if _EMPTY.fullmatch(text):
        raise ApiError(400, "Bad Request: message text is empty")
    if utf16(text) > 4096:
        raise ApiError(400, "Bad Request: message is too long")
    _check_buttons(json.loads(parameters.get("reply_markup", "{}")))
    reply = json.loads(parameters.get("reply_parameters", "{}"))
    thread = parameters.get("message_thread_id")
    preview = json.loads(parameters.get("link_preview_options", "{}"))
    return SentMessage(
        message_id,
        int(parameters["chat_id"]),
        text,
        parsed.entities,
        markup,
        mode,
        reply.get("message_id"),
        int(thread) if thread else None,
        not preview.get("is_disabled", False),
    )


def checked_commands(parameters: Mapping[str, str]) -> dict[str, str]:
    """Check the list of ``setMyCommands`` and give it as descriptions by name.

    :raises ApiError: if the real Bot API would refuse it.
    """
    commands: list[dict[str, Any]] = json.loads(parameters.get("commands", "[]"))
    if len(commands) > 100:
        raise ApiError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]):
            raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= utf16(command["description"]) <= 256:
            raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    return {command["command"]: command["description"] for command in commands}


def check_action(parameters: Mapping[str, str]) -> None:
    """Check the action of ``sendChatAction``.

    :raises ApiError: if there is no such action.
    """
    if parameters.get("action") not in _ACTIONS:
        raise ApiError(400, "Bad Request: wrong parameter action in request")


def _parsed(markup: str, mode: str | None) -> ParsedText:
    if not mode:
        return ParsedText(markup)
    if mode.upper() != "HTML":
        raise ApiError(400, "Bad Request: unsupported parse_mode")
    try:
        return parse_html(markup)
    except MarkupError as error:
        raise ApiError(400, f"Bad Request: can't parse entities: {error}") from error


def _check_buttons(markup: dict[str, Any]) -> None:
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not 1 <= len(button.get("callback_data", "-").encode()) <= 64:
                raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
