"""Verse that is set in lines of its own."""

from collections.abc import Sequence

from retrieval.language.scripts import is_cjk
from retrieval.segmenting import furniture
from retrieval.types import Block, BlockKind, Span

__all__ = ["merge_stanzas"]

# Fewer lines only make a stanza where they are equally long.
_MIN_UNEQUAL = 3
_ABOVE_TEXT = frozenset((BlockKind.PARAGRAPH, BlockKind.NOTE, BlockKind.BYLINE, BlockKind.CARD))


def merge_stanzas(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Make one paragraph of short lines that stand together and were read as headings, but are of no text below.

    Headlines of several lines have a text or its writer below them; a stanza has another stanza or a title.
    """
    merged: list[Block] = []
    index = 0
    while index < len(blocks):
        end = index + 1
        while end < len(blocks) and _goes_on(text, blocks[end]):
            end += 1
        if end - index > 1 and _goes_on(text, blocks[index], gap=None) and _is_stanza(blocks, index, end):
            span = Span(blocks[index].span.start, blocks[end - 1].span.end)
            merged.append(Block(BlockKind.PARAGRAPH, span, blocks[index].gap))
        else:
            merged.extend(blocks[index:end])
        index = end
    return merged


def _goes_on(text: str, block: Block, gap: int | None = 0) -> bool:
    line = text[block.span.start : block.span.end]
    return (
        block.kind is BlockKind.HEADING
        and (gap is None or block.gap == gap)
        and len(line) <= furniture.MAX_VERSE
        and is_cjk(line[0])
        and " " not in line
        and not furniture.heading_pattern(line)
    )


def _is_stanza(blocks: Sequence[Block], start: int, end: int) -> bool:
    if end < len(blocks) and blocks[end].kind in _ABOVE_TEXT:
        return False
    lengths = {len(block.span) for block in blocks[start:end]}
    return end - start >= _MIN_UNEQUAL or len(lengths) == 1
