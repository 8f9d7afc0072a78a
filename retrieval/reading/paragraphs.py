from dataclasses import dataclass
from statistics import median

from retrieval.reading.text_blocks import is_wide
from retrieval.types import Box

__all__ = ["Column", "Joint", "Row", "continues", "joint", "paragraphs_of"]

# All in heights of a line.
_INDENT = 0.8
_DEEPEST_INDENT = 5.0
_SAME_EDGE = 0.5
_FULL = 1.6
_SAME_WIDTH = 2.0

# What makes print another size: heights are exact in a PDF, and vary with the characters where they were recognised.
_OTHER_SIZE = 1.2
_OTHER_RECOGNISED_SIZE = 1.5
_WIDER_PITCH = 1.3
_SENTENCE_END = frozenset("。！？!?.…：:；;")
_CLOSING = "”’\"')）]】》」』"
_HYPHENS = frozenset("-\u00ad\u2010")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a column: its text, its box as the reading runs, and the box on the page."""

    text: str
    box: Box
    shown: Box


@dataclass(frozen=True, slots=True)
class Column:
    """Lines that stand under one another."""

    rows: tuple[Row, ...]
    recognised: bool = False

    @property
    def other_size(self) -> float:
        """Give the ratio of heights from which on two lines are of different sizes."""
        return _OTHER_RECOGNISED_SIZE if self.recognised else _OTHER_SIZE

    @property
    def left(self) -> float:
        """Give the edge at which its lines begin; one line that hangs out does not count among many."""
        return sorted(row.box.left for row in self.rows)[len(self.rows) // 10]

    @property
    def right(self) -> float:
        """Give the edge that full lines reach."""
        return sorted(row.box.right for row in self.rows)[-1 - len(self.rows) // 10]

    @property
    def em(self) -> float:
        """Give the height of a line."""
        return median(row.box.height for row in self.rows)


@dataclass(frozen=True, slots=True)
class Joint:
    """What joining two lines drops from the end of the first, in characters, and adds between them."""

    dropped: int
    added: str


def paragraphs_of(column: Column) -> list[list[Row]]:
    """Divide a column into paragraphs.

    A paragraph begins with an indented line, after a line that leaves room and ends a sentence, after a wider gap, and
    where the print gets larger or smaller.
    """
    pitches = [lower.box.top - upper.box.top for upper, lower in zip(column.rows, column.rows[1:], strict=False)]
    pitch = sorted(pitches)[len(pitches) // 3] if pitches else 0.0
    paragraphs: list[list[Row]] = []
    for number, row in enumerate(column.rows):
        if number and not _begins(column, column.rows[number - 1], row, pitch):
            paragraphs[-1].append(row)
        else:
            paragraphs.append([row])
    return paragraphs


def continues(column: Column, following: Column) -> bool:
    """Say whether the last paragraph of a column certainly goes on in the following one."""
    last, first = column.rows[-1], following.rows[0]
    em = column.em
    return (
        len(following.rows) > 1
        and len(column.rows) > 1
        and _is_same_size(last, first, column.other_size)
        and abs((column.right - column.left) - (following.right - following.left)) < _SAME_WIDTH * em
        and column.right - last.box.right < _FULL * em
        and not _ends_sentence(last.text)
        and first.box.left - following.left < _SAME_EDGE * em
        and following.rows[1].box.left - following.left < _SAME_EDGE * em
        and not (first.text[0].isupper() and last.text[-1] not in _HYPHENS)
    )


def joint(upper: str, lower: str) -> Joint:
    """Say how two lines are joined: characters as they are, words with a blank, hyphenated words whole."""
    if upper[-1] in _HYPHENS and len(upper) > 1 and upper[-2].isalpha() and lower[0].islower():
        return Joint(1, "")
    if is_wide(upper[-1]) or is_wide(lower[0]):
        return Joint(0, "")
    return Joint(0, " ")


def _begins(column: Column, upper: Row, row: Row, pitch: float) -> bool:
    em = column.em
    if not _is_same_size(upper, row, column.other_size):
        return True
    is_large = row.box.height > column.other_size * em
    leading = row.box.top - upper.box.bottom
    if row.box.top - upper.box.top > _WIDER_PITCH * max(pitch, upper.box.height) and leading > em / 3:
        return True
    if is_large:
        return False
    indent = row.box.left - column.left
    if _INDENT * em <= indent <= _DEEPEST_INDENT * em:
        return True
    room = column.right - upper.box.right
    if room > (column.right - column.left) / 2:
        return True
    return room > _first_word(row) + em and _ends_sentence(upper.text)


def _first_word(row: Row) -> float:
    """Give the width of what would have had to fit on the line before."""
    text = row.text
    characters = 1 if is_wide(text[0]) else len(text.split(" ", 1)[0])
    return row.box.width * characters / len(text)


def _ends_sentence(text: str) -> bool:
    bare = text.rstrip(_CLOSING)
    return bool(bare) and bare[-1] in _SENTENCE_END


def _is_same_size(one: Row, other: Row, ratio: float) -> bool:
    small, large = sorted((one.box.height, other.box.height))
    return large <= ratio * small
