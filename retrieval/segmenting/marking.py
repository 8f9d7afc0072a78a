"""What a block is that only its neighbours tell."""

import re
from collections.abc import Sequence

from retrieval.language.scripts import is_cjk
from retrieval.segmenting import furniture
from retrieval.segmenting.halves import is_parallel, may_read_on, reads_across
from retrieval.segmenting.layout import Layout
from retrieval.segmenting.masthead_lines import mark_imprints
from retrieval.segmenting.pull_quotes import mark_pull_quotes
from retrieval.segmenting.signatures import is_dateline
from retrieval.segmenting.signing import mark_signatures
from retrieval.segmenting.stanzas import merge_stanzas
from retrieval.types import Block, BlockKind

__all__ = ["mark_blocks"]

_MAX_CARD_LINES = 3
# A label is no longer, and neither is the end of a word that a picture cut off.
_MAX_LABEL = 12
_MAX_CAPTION = 160
# A caption without a credit is one clause, and not longer.
_MAX_CAPTION_CLAUSE = 26
_CLAUSE = re.compile(r"[，,、；;：:]")
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

    :param text: the document's text.
    :param blocks: its blocks, each told by its own lines.
    :param layout: how the document is set.
    """
    marked = list(blocks)
    mark_imprints(text, marked)
    _mark_cards(text, marked)
    _mark_cut_paragraphs(text, marked)
    if layout.is_press:
        _mark_picture_titles(text, marked, layout)
        _mark_headlines_after_pictures(text, marked)
        _mark_asking_headlines(text, marked)
        _mark_captions_in_cuts(text, marked)
        _mark_ends_below_pictures(text, marked)
        mark_pull_quotes(text, marked)
    else:
        _mark_endings(text, marked)
    if layout.is_press:
        marked = merge_stanzas(text, marked)
    mark_signatures(text, marked, is_press=layout.is_press)
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


def _mark_picture_titles(text: str, blocks: list[Block], layout: Layout) -> None:
    """Mark as a caption what was read as a heading but has a picture below it and no text before the next heading."""
    for index in range(1, len(blocks) - 1):
        block, below = blocks[index], blocks[index + 1]
        if block.kind is not BlockKind.HEADING or below.kind is not BlockKind.HEADING or below.gap < layout.picture_gap:
            continue
        above = blocks[index - 1].kind
        if above in (BlockKind.PARAGRAPH, BlockKind.CAPTION) and furniture.heading_pattern(_text(text, block)) not in (
            "keyword",
            "number",
            "han-number",
            "dash",
        ):
            _turn(blocks, index, BlockKind.CAPTION)


def _mark_headlines_after_pictures(text: str, blocks: list[Block]) -> None:
    """Mark as a heading what stands below a picture's gap but above a by-line, card, dateline or subtitle."""
    for index in range(len(blocks) - 1):
        block, below = blocks[index], blocks[index + 1]
        line = _text(text, block)
        if block.kind is not BlockKind.CAPTION or furniture.is_credit(line) or not furniture.is_unfinished(line):
            continue
        next_line = text[below.span.start : below.span.start + 80]
        if below.kind in (BlockKind.BYLINE, BlockKind.CARD) or (
            below.kind in (BlockKind.HEADING, BlockKind.PARAGRAPH)
            and (next_line.startswith("——") or is_dateline(next_line))
        ):
            _turn(blocks, index, BlockKind.HEADING)


def _mark_asking_headlines(text: str, blocks: list[Block]) -> None:
    """Mark a question or exclamation as a heading that has an article's label above it, or a by-line below it."""
    for index in range(len(blocks) - 1):
        block, below = blocks[index], blocks[index + 1]
        line = _text(text, block)
        if block.kind is not BlockKind.PARAGRAPH or not furniture.is_short(line) or line[-1] not in "？?！!":
            continue
        labelled = index > 0 and blocks[index - 1].kind is BlockKind.HEADING
        labelled = labelled and furniture.is_label(_text(text, blocks[index - 1]))
        beginning = text[below.span.start : below.span.start + 80]
        if labelled or (
            below.kind in (BlockKind.BYLINE, BlockKind.HEADING, BlockKind.PARAGRAPH)
            and (below.kind is BlockKind.BYLINE or beginning.startswith("——") or is_dateline(beginning))
        ):
            _turn(blocks, index, BlockKind.HEADING)


def _mark_captions_in_cuts(text: str, blocks: list[Block]) -> None:
    """Mark as a caption a short sentence that stands between the two halves of another."""
    for index in range(1, len(blocks) - 1):
        above, block, below = blocks[index - 1 : index + 2]
        if {above.kind, block.kind, below.kind} == {BlockKind.PARAGRAPH} and len(block.span) <= _MAX_CAPTION:
            line = _text(text, block)
            if not furniture.is_unfinished(line) and (
                reads_across(text, above, below) or _interrupts(text, above, block, below)
            ):
                _turn(blocks, index, BlockKind.CAPTION)


def _interrupts(text: str, above: Block, block: Block, below: Block) -> bool:
    """Tell whether a clause as short as a caption stands between what may be the halves of a Chinese sentence."""
    line = _text(text, block)
    return (
        len(line) <= _MAX_CAPTION_CLAUSE
        and is_cjk(line[0])
        and not _CLAUSE.search(line)
        and not reads_across(text, above, block)
        and may_read_on(text, above, below)
    )


def _mark_ends_below_pictures(text: str, blocks: list[Block]) -> None:
    """Mark as text what was read as a caption but ends the word that a paragraph above the picture begins."""
    for index, block in enumerate(blocks):
        line = _text(text, block)
        if block.kind is not BlockKind.CAPTION or furniture.is_credit(line) or furniture.points_at_picture(line):
            continue
        above = next(
            (other for other in reversed(blocks[max(0, index - 4) : index]) if other.kind not in _FURNITURE), None
        )
        if above is None or above.kind is not BlockKind.PARAGRAPH:
            continue
        if reads_across(text, above, block) or _ends_below_caption(text, blocks, index, above):
            _turn(blocks, index, BlockKind.PARAGRAPH)


def _ends_below_caption(text: str, blocks: Sequence[Block], index: int, above: Block) -> bool:
    """Tell whether a sentence below a picture's caption ends what a paragraph above it leaves with a comma."""
    caption = blocks[index - 1]
    below = blocks[index + 1 : index + 2]
    said = _text(text, caption)
    told = furniture.is_credit(said) or furniture.points_at_picture(said)
    # Below a second gap stands the text again, unless more of it follows that may be the sentence's end.
    apart = blocks[index].gap > 1 and not (below and below[0].kind is BlockKind.PARAGRAPH)
    return (
        text[above.span.end - 1] in "，、的和与及在"
        and caption.kind is BlockKind.CAPTION
        and (told or apart)
        and not furniture.is_unfinished(_text(text, blocks[index]))
        and not (below and below[0].kind is BlockKind.PARAGRAPH and reads_across(text, above, below[0]))
    )


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
