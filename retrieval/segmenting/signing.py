"""Which short lines of a page sign it: names below a headline, or below the text."""

from collections.abc import Sequence

from retrieval.segmenting import furniture
from retrieval.segmenting.dates import read_date
from retrieval.segmenting.mastheads import is_date_line
from retrieval.segmenting.names import han_names, is_latin_names
from retrieval.segmenting.signatures import is_organisation
from retrieval.types import Block, BlockKind

__all__ = ["mark_signatures"]

_TEXT = frozenset((BlockKind.PARAGRAPH, BlockKind.NOTE))
_MAX_PLACE = 4


def mark_signatures(text: str, blocks: list[Block]) -> None:
    """Mark, in place, the lines that sign an article below its headline, and the dates below signatures."""
    _mark_names(text, blocks)
    _mark_dates(text, blocks)


def _text(text: str, block: Block) -> str:
    return text[block.span.start : block.span.end]


def _turn(blocks: list[Block], index: int, kind: BlockKind) -> None:
    blocks[index] = Block(kind, blocks[index].span, blocks[index].gap)


def _mark_names(text: str, blocks: list[Block]) -> None:
    """Mark names right below a headline, with text below them, as the writers'."""
    for index in range(1, len(blocks) - 1):
        above, block, below = blocks[index - 1 : index + 2]
        if block.kind is not BlockKind.HEADING or above.kind is not BlockKind.HEADING or block.gap > 1:
            continue
        line, headline = _text(text, block), _text(text, above)
        if (
            (block.gap == 0 and is_organisation(line))
            or (han_names(line) and (below.kind is BlockKind.PARAGRAPH or _titles_text(blocks, index + 1)))
            or (
                below.kind is BlockKind.PARAGRAPH
                and is_latin_names(line)
                and not is_latin_names(headline)
                and not furniture.heading_pattern(line)
                and not headline.isupper()
            )
        ):
            _turn(blocks, index, BlockKind.BYLINE)
            continue
        if (
            is_latin_names(line)
            and below.gap == 0
            and (" " not in _text(text, below) or (line.isupper() and len(_text(text, below).split()) <= _MAX_PLACE))
            and _titles_text(blocks, index + 1)
        ):
            _turn(blocks, index, BlockKind.BYLINE)  # and where they write from
            _turn(blocks, index + 1, BlockKind.BYLINE)


def _titles_text(blocks: Sequence[Block], index: int) -> bool:
    """Tell whether a heading has text right below it."""
    heading, below = blocks[index], blocks[index + 1 : index + 2]
    return heading.kind is BlockKind.HEADING and bool(below) and below[0].kind is BlockKind.PARAGRAPH


def _is_signed(blocks: Sequence[Block], index: int) -> bool:
    """Tell whether the signature of an article stands right above."""
    above = blocks[max(0, index - 2) : index]
    return len(above) == 2 and above[1].kind is BlockKind.BYLINE and above[0].kind in _TEXT


def _mark_dates(text: str, blocks: list[Block]) -> None:
    """Mark a date by itself as text where it stands below an article, and another line dates the page."""
    dated = [
        index for index, block in enumerate(blocks) if block.kind is BlockKind.IMPRINT and read_date(_text(text, block))
    ]
    for number, index in enumerate(dated):
        signed = _is_signed(blocks, index)
        if signed and blocks[index].gap == 0 and is_date_line(_text(text, blocks[index])):
            _turn(blocks, index, BlockKind.PARAGRAPH)
        if not (number or signed):
            continue
        beside = blocks[max(0, index - 1) : index] + blocks[index + 1 : index + 2]
        alone = not any(block.kind is BlockKind.IMPRINT for block in beside)
        above = blocks[index - 1].kind
        if alone and above in (*_TEXT, BlockKind.BYLINE) and is_date_line(_text(text, blocks[index])):
            _turn(blocks, index, BlockKind.PARAGRAPH)
