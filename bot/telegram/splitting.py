import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.telegram.text import Run, is_blank, to_plain, utf16_length

__all__ = ["MESSAGE_LIMIT", "split"]

MESSAGE_LIMIT = 4096
"""The most UTF-16 code units that one message holds, counted after the markup is parsed."""

# Where a reader would cut, best first; each match ends where the next message may begin.
_CUTS = (
    re.compile(r"\n\n+"),
    re.compile(r"\n"),
    re.compile(r"[。！？!?…][”’」』）》】\"')]*|[.;；][”’\"')]*\s+"),
    re.compile(r"[，、,：:]|\s"),
)
# A cut in the first part of a message would leave it too short to be worth a good place.
_EARLIEST_CUT = 0.4
_LONGEST_CLUSTER = 32


def split(runs: Sequence[Run], limit: int = MESSAGE_LIMIT) -> list[tuple[Run, ...]]:
    """Cut a styled text into messages of at most ``limit`` UTF-16 code units each.

    Cuts fall between paragraphs, lines or sentences where they can, and never inside a character. The parts' text
    joined is the whole text, except that a part that shows nothing, which Telegram refuses, is left out.

    :raises ValueError: if ``limit`` is below 2, the length of one character outside the basic plane.
    """
    if limit < 2:
        raise ValueError(f"a message needs a limit of at least 2 UTF-16 code units, got {limit}")
    text = to_plain(runs)
    parts: list[tuple[Run, ...]] = []
    start = 0
    for end in _ends(text, limit):
        if not is_blank(text[start:end]):
            parts.append(_slice(runs, start, end))
        start = end
    return parts


def _ends(text: str, limit: int) -> Iterator[int]:
    start = 0
    while start < len(text):
        end = _furthest(text, start, limit)
        if end < len(text):
            end = _good_cut(text, start, end)
        yield end
        start = end


def _furthest(text: str, start: int, limit: int) -> int:
    """Find the last offset such that the text from ``start`` still fits."""
    end = min(len(text), start + limit)
    excess = utf16_length(text[start:end]) - limit
    while excess > 0:
        end -= 1
        excess -= utf16_length(text[end])
    return end


def _good_cut(text: str, start: int, end: int) -> int:
    earliest = start + int((end - start) * _EARLIEST_CUT)
    for pattern in _CUTS:
        ends = [match.end() for match in pattern.finditer(text, start, end) if match.end() > earliest]
        if ends:
            return ends[-1]
    return _between_clusters(text, start, end)


def _between_clusters(text: str, start: int, end: int) -> int:
    """Step back from inside an emoji sequence or a letter with its marks, if its beginning is near."""
    for cut in range(end, max(start, end - _LONGEST_CLUSTER), -1):
        if not _continues(text[cut]) and text[cut - 1] != "\u200d":
            return cut
    return end


def _continues(character: str) -> bool:
    return (
        character == "\u200d" or "\U0001f3fb" <= character <= "\U0001f3ff" or unicodedata.category(character)[0] == "M"
    )


def _slice(runs: Sequence[Run], start: int, end: int) -> tuple[Run, ...]:
    pieces: list[Run] = []
    offset = 0
    for run in runs:
        text = run.text[max(0, start - offset) : max(0, end - offset)]
        if text:
            pieces.append(replace(run, text=text))
        offset += len(run.text)
    return tuple(pieces)
