from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.reading.columns import reading_order, rows_of
from retrieval.reading.layout import Layout, Page, PlacedLine
from retrieval.reading.paragraphs import Column, Row, continues, joint, paragraphs_of
from retrieval.reading.text_blocks import is_close
from retrieval.types import Box, Span

__all__ = ["FlowingText", "PageLines", "Piece", "flow"]

_SEPARATOR = "\n\n"
_TALL = 1.5


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that stand side by side on a page, and the box around them."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageLines:
    """A page and what is printed on it, in no certain order."""

    page: Page
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FlowingText:
    """The text of pages in reading order, and where each of its lines stands."""

    text: str
    layout: Layout


@dataclass(frozen=True, slots=True)
class _PlacedRow:
    row: Row
    page: int


def flow(pages: Iterable[PageLines]) -> FlowingText:
    """Put the lines of pages in reading order and join them to paragraphs, with a blank line between paragraphs.

    A paragraph that a column's or page's end cuts is joined where the cut is certain: the column's last line is full
    and ends no sentence, the next column is as wide, and its first line is not indented. Words that are hyphenated at
    a line's end are joined.
    """
    seen: list[Page] = []
    paragraphs: list[list[_PlacedRow]] = []
    last: Column | None = None
    for lines in pages:
        seen.append(lines.page)
        for column in _columns(lines):
            found = [[_PlacedRow(row, lines.page.number) for row in rows] for rows in paragraphs_of(column)]
            if last is not None and found and continues(last, column):
                paragraphs[-1].extend(found.pop(0))
            paragraphs.extend(found)
            last = column
    return _write(seen, paragraphs)


def _columns(lines: PageLines) -> list[Column]:
    pieces = [piece for piece in lines.pieces if piece.text.strip()]
    vertical = _is_vertical(pieces)
    boxes = [_turn(piece.box) if vertical else piece.box for piece in pieces]
    return [
        Column(
            tuple(_row([pieces[i] for i in row], [boxes[i] for i in row]) for row in rows_of(block, boxes)),
            lines.page.recognised,
        )
        for block in reading_order(boxes)
    ]


def _is_vertical(pieces: Sequence[Piece]) -> bool:
    tall = sum(len(piece.text) for piece in pieces if piece.box.height > _TALL * piece.box.width)
    return 2 * tall > sum(len(piece.text) for piece in pieces)


def _turn(box: Box) -> Box:
    """Turn vertical writing so that its lines, which run down and stand from right to left, run as horizontal ones."""
    return Box(box.top, -box.right, box.bottom, -box.left)


def _row(pieces: Sequence[Piece], boxes: Sequence[Box]) -> Row:
    text = pieces[0].text.strip()
    shown, turned = pieces[0].box, boxes[0]
    for piece, box in zip(pieces[1:], boxes[1:], strict=True):
        following = piece.text.strip()
        gap = box.left - turned.right
        close = gap < 0.2 * box.height or (gap < box.height and is_close(text[-1], following[0]))
        text = f"{text}{'' if close else ' '}{following}"
        shown, turned = shown.union(piece.box), turned.union(box)
    return Row(text, turned, shown)


def _write(pages: Sequence[Page], paragraphs: Sequence[Sequence[_PlacedRow]]) -> FlowingText:
    parts: list[str] = []
    lines: list[PlacedLine] = []
    position = 0
    for paragraph in paragraphs:
        if parts:
            parts.append(_SEPARATOR)
            position += len(_SEPARATOR)
        for number, placed in enumerate(paragraph):
            text = placed.row.text
            between = ""
            if number + 1 < len(paragraph):
                bond = joint(text, paragraph[number + 1].row.text)
                text, between = text[: len(text) - bond.dropped], bond.added
            if text:
                lines.append(PlacedLine(Span(position, position + len(text)), placed.page, placed.row.shown))
            parts.extend((text, between))
            position += len(text) + len(between)
    return FlowingText("".join(parts), Layout(pages=tuple(pages), lines=tuple(lines)))
