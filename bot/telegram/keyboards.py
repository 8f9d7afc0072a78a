import re
from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.wording import LANGUAGE_NAMES, Messages, messages

__all__ = [
    "Action",
    "Press",
    "answer_keyboard",
    "language_keyboard",
    "language_named",
    "removal_keyboard",
    "turning_keyboard",
    "wider_keyboard",
]

_DATA = re.compile(r"([a-z]):([A-Za-z0-9_-]{0,40})(?::([0-9]{1,5}))?(?::([0-9]))?")
_PER_ROW = 3


class Action(StrEnum):
    """What a button does, as the first letter of its data."""

    MORE = "m"
    AROUND = "a"
    PAGE = "p"
    HELPFUL = "y"
    UNHELPFUL = "n"
    LANGUAGE = "l"
    REMOVE = "r"
    KEEP = "k"
    SOURCES = "s"


@dataclass(frozen=True, slots=True)
class Press:
    """A button: ``target`` is an answer, a language or a document; ``number`` its quote from 0, ``step`` how wide."""

    action: Action
    target: str = ""
    number: int = 0
    step: int = 0

    def pack(self) -> str:
        """Write it as callback data, of which Telegram takes 64 bytes."""
        return f"{self.action.value}:{self.target}:{self.number}:{self.step}"

    @classmethod
    def unpack(cls, data: str) -> "Press | None":
        """Read callback data; None for what no button of this bot holds, since a client may send anything."""
        match = _DATA.fullmatch(data)
        if match is None or match[1] not in set(Action):
            return None
        return cls(Action(match[1]), match[2], int(match[3] or 0), int(match[4] or 0))


def answer_keyboard(answer_id: str, quotes: int, words: Messages, *, more: bool) -> InlineKeyboardMarkup:
    """Make the buttons of an answer: for each quote its surroundings and its page, then more sources and the votes."""
    rows = [_quote_row(answer_id, number, quotes, words) for number in range(quotes)]
    last = [_button(words.text("telegram_button_more"), Press(Action.MORE, answer_id))] if more else []
    last += [_button("👍", Press(Action.HELPFUL, answer_id)), _button("👎", Press(Action.UNHELPFUL, answer_id))]
    return InlineKeyboardMarkup([*rows, last])


def wider_keyboard(answer_id: str, number: int, step: int, words: Messages) -> InlineKeyboardMarkup:
    """Make the buttons below the surroundings of a quote: still wider, and the page."""
    wider = _button(words.text("telegram_button_around"), Press(Action.AROUND, answer_id, number, step))
    return InlineKeyboardMarkup(
        [[wider, _button(words.text("telegram_button_page"), Press(Action.PAGE, answer_id, number))]]
    )


def language_keyboard(words: Messages) -> InlineKeyboardMarkup:
    """Make a button for each language, and one for the language of the reader's own client."""
    buttons = [_button(name, Press(Action.LANGUAGE, tag)) for tag, name in LANGUAGE_NAMES.items()]
    rows = [buttons[start : start + _PER_ROW] for start in range(0, len(buttons), _PER_ROW)]
    return InlineKeyboardMarkup([*rows, [_button(words.text("telegram_button_own_language"), Press(Action.LANGUAGE))]])


def language_named(name: str) -> str:
    """Give the tag of a language by its tag, with a region or without, or its own name; empty for none.

    The end of a name will do: 中文 is simplified Chinese.
    """
    folded = name.casefold().replace("_", "-")
    for tag, own in LANGUAGE_NAMES.items():
        if folded == tag.casefold() or (len(folded) > 1 and own.casefold().endswith(folded)):
            return tag
    tag = messages(folded).language
    return tag if folded.split("-")[0] in (tag.split("-")[0], "cmn", "yue") else ""


def removal_keyboard(document_id: str, words: Messages) -> InlineKeyboardMarkup:
    """Make the two buttons that decide on a document's removal."""
    remove = _button(words.text("telegram_button_remove"), Press(Action.REMOVE, document_id))
    return InlineKeyboardMarkup(
        [[remove, _button(words.text("telegram_button_keep"), Press(Action.KEEP, document_id))]]
    )


def turning_keyboard(number: int, pages: int) -> InlineKeyboardMarkup:
    """Make the buttons below a page, counted from 0, of a list: the page before, where we are, the page after."""
    before, after = max(0, number - 1), min(pages - 1, number + 1)
    turns = (("‹", before), (f"{number + 1} / {pages}", number), ("›", after))
    return InlineKeyboardMarkup([[_button(text, Press(Action.SOURCES, number=page)) for text, page in turns]])


def _quote_row(answer_id: str, number: int, quotes: int, words: Messages) -> list[InlineKeyboardButton]:
    prefix = f"{number + 1} · " if quotes > 1 else ""
    return [
        _button(prefix + words.text("telegram_button_around"), Press(Action.AROUND, answer_id, number)),
        _button(prefix + words.text("telegram_button_page"), Press(Action.PAGE, answer_id, number)),
    ]


def _button(text: str, press: Press) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=press.pack())
