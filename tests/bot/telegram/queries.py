"""Button presses and inline queries: what Telegram demands of their answers."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.bot.telegram.markup import ParsedText, utf16
from tests.bot.telegram.methods import bad_request, checked_keyboard, checked_text

__all__ = ["InlineResult", "Offer", "Queries", "Toast"]


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a press: ``text`` is empty when only the waiting sign ends."""

    text: str
    is_alert: bool


@dataclass(frozen=True, slots=True)
class InlineResult:
    """An article that can be inserted into a chat."""

    id: str
    title: str
    description: str
    content: ParsedText


@dataclass(frozen=True, slots=True)
class Offer:
    """The answer to an inline query."""

    results: tuple[InlineResult, ...]
    button: str
    is_personal: bool
    cache_seconds: int


class Queries:
    """The queries that wait for an answer; each is answered once."""

    def __init__(self) -> None:
        self.toasts: dict[str, Toast] = {}
        self.offers: dict[str, Offer] = {}
        self._open: set[str] = set()

    def begin(self, query_id: str) -> None:
        self._open.add(query_id)

    def expire(self, query_id: str) -> None:
        self._open.discard(query_id)

    def answer_press(self, parameters: Mapping[str, str]) -> bool:
        """Check and keep the answer of ``answerCallbackQuery``."""
        query_id, text = parameters.get("callback_query_id", ""), parameters.get("text", "")
        self._close(query_id)
        if utf16(text) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        self.toasts[query_id] = Toast(text, parameters.get("show_alert", "false") == "true")
        return True

    def answer_inline(self, parameters: Mapping[str, str]) -> bool:
        """Check and keep the answer of ``answerInlineQuery``."""
        query_id = parameters.get("inline_query_id", "")
        results = [_checked(result) for result in json.loads(parameters.get("results", "[]"))]
        if len(results) > 50:
            raise bad_request("RESULTS_TOO_MUCH")
        if len({result.id for result in results}) < len(results):
            raise bad_request("RESULT_ID_DUPLICATE")
        button = json.loads(parameters.get("button", "{}"))
        if button and not re.fullmatch("[A-Za-z0-9_-]{1,64}", button.get("start_parameter", "")):
            raise bad_request("START_PARAM_INVALID")
        self._close(query_id)
        personal = parameters.get("is_personal", "false") == "true"
        self.offers[query_id] = Offer(
            tuple(results), button.get("text", ""), personal, int(parameters.get("cache_time", 300))
        )
        return True

    def _close(self, query_id: str) -> None:
        if query_id not in self._open:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        self._open.discard(query_id)


def _checked(result: dict[str, Any]) -> InlineResult:
    if result.get("type") != "article":
        raise bad_request("this server knows results of the type article only")
    if not 1 <= len(str(result.get("id", "")).encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    if not str(result.get("title", "")).strip():
        raise bad_request("can't parse inline query result: title is empty")
    content = result.get("input_message_content", {})
    parsed = checked_text(content.get("message_text", ""), content.get("parse_mode"), complaint="MESSAGE_TOO_LONG")
    if not parsed.text.strip():
        raise bad_request("message text is empty")
    checked_keyboard({"reply_markup": json.dumps(result.get("reply_markup", {}))})
    return InlineResult(result["id"], result["title"], result.get("description", ""), parsed)
