import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

__all__ = ["Quoting", "Run", "clean", "is_blank", "to_html", "to_plain", "utf16_length"]

# What Telegram would drop or turn into spaces by itself; done here, the length counted is the length that arrives.
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f]")
_DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")

# Letters by category that show nothing; Telegram calls a message of nothing else empty.
_UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\u034f")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class Quoting(StrEnum):
    """Whether a run stands in a block quotation, and of which kind."""

    NONE = ""
    OPEN = "<blockquote>"
    EXPANDABLE = "<blockquote expandable>"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a message with one style; neighbours of the same ``quoting`` share one block quotation."""

    text: str
    bold: bool = False
    code: bool = False
    quoting: Quoting = Quoting.NONE
    italic: bool = False


def clean(text: str) -> str:
    r"""Write ``text`` as Telegram will show it: no control characters, no direction overrides, ``\n`` for line ends.

    All visible letters stay as they are; half a surrogate pair, which no message can carry, becomes U+FFFD.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROLS.sub(" ", text)
    text = _DIRECTION_OVERRIDES.sub("", text)
    return _LONE_SURROGATES.sub("\ufffd", text)


def is_blank(text: str) -> bool:
    """Tell whether ``text`` shows nothing: spaces, line ends, control and zero-width characters only."""
    return all(
        character.isspace() or character in _UNSEEN or unicodedata.category(character) in _UNSEEN_CATEGORIES
        for character in text
    )


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, Telegram's measure of a message."""
    return len(text) + sum(character > "\uffff" for character in text)


def to_plain(runs: Iterable[Run]) -> str:
    """Give the runs' text without any style."""
    return "".join(run.text for run in runs)


def to_html(runs: Iterable[Run]) -> str:
    """Write the runs in Telegram's HTML; parsed, it is ``to_plain(runs)`` again."""
    return "".join(_quotation(quoting, list(group)) for quoting, group in groupby(runs, lambda run: run.quoting))


def _quotation(quoting: Quoting, runs: list[Run]) -> str:
    inner = "".join(_styled(run) for run in runs)
    return f"{quoting.value}{inner}</blockquote>" if quoting and inner else inner


def _styled(run: Run) -> str:
    if not run.text:
        return ""
    html = run.text.translate(_ESCAPES)
    if run.code:
        html = f"<code>{html}</code>"
    if run.bold:
        html = f"<b>{html}</b>"
    if run.italic:
        html = f"<i>{html}</i>"
    return html
