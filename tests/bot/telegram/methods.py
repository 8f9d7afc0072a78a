"""What each method of the Bot API demands of its parameters; whatever the real one refuses is refused here."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.bot.telegram.markup import Entity, MarkupError, ParsedText, parse_html, utf16

__all__ = [
    "ApiError",
    "Button",
    "SentMessage",
    "bad_request",
    "blocked_by_user",
    "check_action",
    "checked_commands",
    "checked_keyboard",
    "checked_message",
    "checked_text",
    "migrated",
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
_BUTTON_KINDS = {"callback_data", "url", "switch_inline_query", "switch_inline_query_current_chat", "copy_text"}


class ApiError(Exception):
    """An answer with ``"ok": false``."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(description: str) -> ApiError:
    """Make the refusal of a request that is wrong."""
    return ApiError(400, f"Bad Request: {description}")


def too_many_requests(retry_after: int) -> ApiError:
    """Make the refusal that asks for a pause of so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def blocked_by_user() -> ApiError:
    """Make the refusal that a bot gets in the chat of a user who wants no more of it."""
    return ApiError(403, "Forbidden: bot was blocked by the user")


def migrated(chat: int) -> ApiError:
    """Make the refusal that names what a group has become."""
    return ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat)


@dataclass(frozen=True, slots=True)
class Button:
    """A button of an inline keyboard."""

    text: str
    data: str


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
    rows: tuple[tuple[Button, ...], ...] = ()
    photo: bytes = field(default=b"", repr=False)

    @property
    def buttons(self) -> list[Button]:
        """Give all buttons, row by row."""
        return [button for row in self.rows for button in row]

    @property
    def quoted(self) -> list[str]:
        """Give the texts of the quotations."""
        return [entity.text for entity in self.entities if entity.kind.endswith("blockquote")]

    def covered(self, kind: str) -> list[str]:
        """Give the texts of the entities of one kind."""
        return [entity.text for entity in self.entities if entity.kind == kind]


def shown(text: str) -> str:
    """Give a text the way Telegram keeps it: without what it drops, and without blanks around it."""
    return _SPACED.sub(" ", _DROPPED.sub("", text)).strip(" \n")


def checked_text(
    markup: str, mode: str | None, limit: int = 4096, complaint: str = "message is too long"
) -> ParsedText:
    """Check a text with its markup and give it as it is kept.

    :raises ApiError: if the real Bot API would refuse it.
    """
    parsed = _parsed(markup, mode)
    text = shown(parsed.text)
    if utf16(text) > limit:
        raise bad_request(complaint)
    return ParsedText(text, parsed.entities)


def checked_message(parameters: Mapping[str, str], message_id: int) -> SentMessage:
    """Check the text and the options of ``sendMessage``; chats, topics and replies are the server's to check.

    :raises ApiError: if the real Bot API would refuse them.
    """
    markup, mode = parameters.get("text", ""), parameters.get("parse_mode")
    parsed = checked_text(markup, mode)
    if _EMPTY.fullmatch(parsed.text):
        raise bad_request("message text is empty")
    preview = json.loads(parameters.get("link_preview_options", "{}"))
    thread = parameters.get("message_thread_id")
    return SentMessage(
        message_id,
        int(parameters["chat_id"]),
        parsed.text,
        parsed.entities,
        markup,
        mode,
        json.loads(parameters.get("reply_parameters", "{}")).get("message_id"),
        int(thread) if thread else None,
        not preview.get("is_disabled", False),
        checked_keyboard(parameters),
    )


def checked_keyboard(parameters: Mapping[str, str]) -> tuple[tuple[Button, ...], ...]:
    """Check the inline keyboard of a message: its size, and of each button the text, the one action and its data.

    :raises ApiError: if the real Bot API would refuse it.
    """
    rows = json.loads(parameters.get("reply_markup", "{}")).get("inline_keyboard", [])
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        raise bad_request("reply markup is too long")
    return tuple(tuple(_checked_button(button) for button in row) for row in rows)


def checked_commands(parameters: Mapping[str, str]) -> dict[str, str]:
    """Check the list of ``setMyCommands`` and give it as descriptions by name.

    :raises ApiError: if the real Bot API would refuse it.
    """
    if not re.fullmatch("([a-z]{2})?", parameters.get("language_code", "")):
        raise bad_request("invalid language code specified")
    commands: list[dict[str, Any]] = json.loads(parameters.get("commands", "[]"))
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= utf16(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {command["command"]: command["description"] for command in commands}


def check_action(parameters: Mapping[str, str]) -> None:
    """Check the action of ``sendChatAction``.

    :raises ApiError: if there is no such action.
    """
    if parameters.get("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")


def _parsed(markup: str, mode: str | None) -> ParsedText:
    if not mode:
        return ParsedText(markup)
    if mode.upper() != "HTML":
        raise bad_request("unsupported parse_mode")
    try:
        return parse_html(markup)
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from error


def _checked_button(button: dict[str, Any]) -> Button:
    if not str(button.get("text", "")).strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if len(_BUTTON_KINDS & button.keys()) != 1:
        raise bad_request("inline keyboard button must have exactly one action")
    data = str(button.get("callback_data", ""))
    if "callback_data" in button and not 1 <= len(data.encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    return Button(button["text"], data)
