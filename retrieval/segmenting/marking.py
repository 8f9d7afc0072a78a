"""What a block is that only its neighbours tell."""

import re
from collections.abc import Sequence

from retrieval.language.scripts import is_cjk
from retrieval.segmenting import furniture
from retrieval.segmenting.halves import is_parallel
from retrieval.segmenting.layout import Layout
from retrieval.segmenting.masthead_lines import mark_imprints
from retrieval.segmenting.signing import mark_signatures
from retrieval.segmenting.stanzas import merge_stanzas
from retrieval.types import Block, BlockKind

__all__ = ["mark_blocks"]

_MAX_CARD_LINES = 3
# A label is no longer, and neither is the end of a word that a picture cut off.
_MAX_LABEL = 12
# A heading in the middle of lines without gaps stands above more text than it has itself.
_MIN_BELOW = 1.5
_SENTENCE_END = re.compile(r"\w[。！？!?….]+[\"'”’」』»)）]*$")
_FURNITURE = frozenset((BlockKind.IMPRINT, BlockKind.CAPTION))
# The end of a word and a comma begin no paragraph.
_FRAGMENT = re.compile(r"(?![一二三四五六七八九十])[\u4e00-\u9fff]?[”’」』》）)]*[，,；;、。]")
_SENTENCE_START = re.compile(
    r"今年以来|近年来|去年以来|目前，|此外，|同时，|随后，|"
    r"(?:我们?|你们?|他们?|她们?|它们?|这|那)?(?:还|也|已|将|都|又|曾|便|却|并|并且|而且|同时|此外|因此|因为|如果|虽然|但是?|所以|并未|一直|不断)(?=[\u4e00-\u9fff])"
    r"|(?:我们?|你们?|他们?|她们?)(?:充分|积极|努力|深入|始终)"
)


def mark_blocks(text: str, blocks: Sequence[Block], layout: Layout) -> list[Block]:
    """Tell once more what blocks are, now that their neighbours are known.

    A newspaper's are only made ready for :func:`retrieval.segmenting.kinds.read_kinds`.

    :param text: the document's text.
    :param blocks: its blocks, each told by its own lines.
    :param layout: how the document is set.
    """
    marked = list(blocks)
    mark_imprints(text, marked)
    _mark_cards(text, marked)
    _mark_cut_paragraphs(text, marked)
    if layout.is_press:
        return merge_stanzas(text, marked)
    _mark_endings(text, marked)
    mark_signatures(text, marked)
    _mark_notes(marked)
    return marked


def _text(text: str, block: Block) -> str:
    return text[block.span.start : block.span.end]


def _turn(blocks: list[Block], index: int, kind: BlockKind) -> None:
    blocks[index] = Block(kind, blocks[index].span, blocks[index].gap)


def _mark_cards(text: str, blocks: list[Block]) -> None:
    """Mark a name and the posts that stand below it, a blank line between, as one person's card."""
    for index in range(len(blocks) - 1):
        if blocks[index].kind not in (BlockKind.HEADING, BlockKind.CAPTION) or not furniture.is_name(
            _text(text, blocks[index])
        ):
            continue
        posts: list[int] = []
        for number in range(index + 1, min(index + 1 + _MAX_CARD_LINES, len(blocks))):
            block = blocks[number]
            line = _text(text, block)
            if (
                block.kind is BlockKind.CARD
                or block.gap > (0 if posts else 1)
                or not (furniture.is_short(line) and furniture.is_unfinished(line))
            ):
                break
            posts.append(number)
        if posts and furniture.is_card((_text(text, blocks[index]), *(_text(text, blocks[post]) for post in posts))):
            for number in (index, *posts):
                _turn(blocks, number, BlockKind.CARD)


def _mark_cut_paragraphs(text: str, blocks: list[Block]) -> None:
    """Mark a short line as a paragraph that a column's end has cut, where it reads like one and not like a heading."""
    for index, block in enumerate(blocks):
        below = next((other for other in blocks[index + 1 : index + 4] if other.kind not in _FURNITURE), None)
        if (
            block.kind is BlockKind.CAPTION
            and len(block.span) <= _MAX_LABEL
            and _FRAGMENT.match(text, block.span.start)
        ):
            _turn(blocks, index, BlockKind.PARAGRAPH)
        if block.kind is not BlockKind.HEADING or below is None or below.kind is not BlockKind.PARAGRAPH:
            continue
        line = _text(text, block)
        if furniture.heading_pattern(line):
            continue
        lower = (
            text[below.span.start].islower()
            and not is_cjk(line[-1])
            and not is_parallel(text, blocks, blocks.index(below, index + 1))
        )
        begins = is_cjk(line[0]) and " " not in line and _SENTENCE_START.match(line) is not None
        begins = begins or _FRAGMENT.match(text, below.span.start) is not None
        label = below.gap == 0 and block.gap == 0 and len(below.span) <= len(line) * _MIN_BELOW
        if lower or begins or label:
            _turn(blocks, index, BlockKind.PARAGRAPH)


def _mark_endings(text: str, blocks: list[Block]) -> None:
    """Mark the short lines at a text's end as text: a heading has sentences below it."""
    for index in range(len(blocks) - 1, 0, -1):
        line = _text(text, blocks[index])
        if blocks[index].kind is BlockKind.PARAGRAPH and _SENTENCE_END.search(line):
            return
        if blocks[index].kind is BlockKind.HEADING:
            _turn(blocks, index, BlockKind.PARAGRAPH)


def _mark_notes(blocks: list[Block]) -> None:
    """Mark what stands below an editors' note's label, up to the next heading, as the note."""
    inside = False
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.NOTE:
            inside = len(block.span) <= _MAX_LABEL + 8
        elif block.kind in (BlockKind.HEADING, BlockKind.BYLINE, BlockKind.CARD):
            inside = False
        elif inside and block.kind is BlockKind.PARAGRAPH:
            _turn(blocks, index, BlockKind.NOTE)
