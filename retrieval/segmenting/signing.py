"""Which short lines of a page sign it: names below a headline, or below the text."""

import re
from collections.abc import Sequence

from retrieval.segmenting import furniture
from retrieval.segmenting.dates import read_date
from retrieval.segmenting.mastheads import is_date_line
from retrieval.segmenting.names import han_names, is_latin_names
from retrieval.segmenting.signatures import is_organisation, is_signature, names_writer
from retrieval.types import Block, BlockKind

__all__ = ["mark_signatures"]

_TEXT = frozenset((BlockKind.PARAGRAPH, BlockKind.NOTE))
_ENDS_ARTICLE = frozenset((BlockKind.HEADING, BlockKind.IMPRINT, BlockKind.CAPTION))
_MAX_GREETING = 20
_KANA = re.compile("[\u3041-\u3096]")
# Enough of a text to know its language.
_SAMPLE = 4000
_MAX_POSTS = 2
_MAX_STOPPED = 40
_MAX_ORIGIN = 2
_MAX_PLACE = 4
# So near stands a person's portrait to the text that speaks of the person.
_NEAR = 4
_HEADS = frozenset((BlockKind.HEADING, BlockKind.BYLINE, BlockKind.IMPRINT))


def mark_signatures(text: str, blocks: list[Block], *, is_press: bool) -> None:
    """Mark, in place, the lines that sign an article above its text or below it, and the dates below signatures."""
    if is_press:
        _mark_bracketed(text, blocks)
        _mark_portraits(text, blocks)
    _mark_names(text, blocks)
    if is_press:
        _mark_origins(text, blocks)
        _mark_endings(text, blocks)
        _mark_offices(text, blocks)
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


def _mark_bracketed(text: str, blocks: list[Block]) -> None:
    """Mark as a heading what stands in heavy brackets and is no Chinese name, where the page is not Japanese."""
    if _KANA.search(text, 0, _SAMPLE):
        return
    for index, block in enumerate(blocks):
        line = _text(text, block) if block.kind is BlockKind.BYLINE else ""
        if line.startswith("【") and line.endswith("】") and not (han_names(line[1:-1]) or names_writer(line)):
            _turn(blocks, index, BlockKind.HEADING)


def _mark_portraits(text: str, blocks: list[Block]) -> None:
    """Mark a name by itself between an article's paragraphs as a portrait's caption, where they name the person."""
    for index in range(1, len(blocks)):
        if blocks[index].kind not in (BlockKind.HEADING, BlockKind.BYLINE) or blocks[index - 1].kind in _HEADS:
            continue
        line = _text(text, blocks[index])
        names = han_names(line) or ((line,) if is_latin_names(line) and not line.isupper() else ())
        near = blocks[max(0, index - _NEAR) : index]
        if len(names) == 1 and any(b.kind in _TEXT and names[0] in _text(text, b) for b in near):
            _turn(blocks, index, BlockKind.CAPTION)


def _mark_origins(text: str, blocks: list[Block]) -> None:
    """Mark a place in capitals between a by-line and the text as part of the by-line."""
    for index in range(1, len(blocks) - 1):
        above, block, below = blocks[index - 1 : index + 2]
        line = _text(text, block)
        if (
            (above.kind, block.kind, below.kind) == (BlockKind.BYLINE, BlockKind.HEADING, BlockKind.PARAGRAPH)
            and line.isupper()
            and len(line.split()) <= _MAX_ORIGIN
        ):
            _turn(blocks, index, BlockKind.BYLINE)


def _titles_text(blocks: Sequence[Block], index: int) -> bool:
    """Tell whether a heading has text right below it."""
    heading, below = blocks[index], blocks[index + 1 : index + 2]
    return heading.kind is BlockKind.HEADING and bool(below) and below[0].kind is BlockKind.PARAGRAPH


def _mark_endings(text: str, blocks: list[Block]) -> None:
    """Mark names and offices below the text of an article, with nothing of it below them, as signatures."""
    for index in range(1, len(blocks)):
        short = blocks[index].kind is BlockKind.PARAGRAPH and len(blocks[index].span) <= _MAX_STOPPED
        if not (short or blocks[index].kind is BlockKind.HEADING) or blocks[index - 1].kind not in _TEXT:
            continue
        line = _text(text, blocks[index])
        if short:
            if not line.endswith(".") or "\n" in line:
                continue
            line = line[:-1]  # Ирина СОКОЛОВА.
        signs = is_signature(line) or han_names(line) or (is_latin_names(line) and not line.isupper())
        last = index
        while last + 1 < len(blocks) and blocks[last + 1].kind is BlockKind.HEADING and blocks[last + 1].gap == 0:
            last += 1  # the posts of those who sign stand below their names
        if signs and last - index <= _MAX_POSTS and _ends(text, blocks[last + 1 : last + 2]):
            for number in range(index, last + 1):
                _turn(blocks, number, BlockKind.BYLINE)


def _mark_offices(text: str, blocks: list[Block]) -> None:
    """Mark an office that signs one notice after another where it is known to sign the last."""
    signed = {_text(text, block) for block in blocks if block.kind is BlockKind.BYLINE}
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING and index and blocks[index - 1].kind in _TEXT:
            line = _text(text, block)
            if line in signed and is_organisation(line):
                _turn(blocks, index, BlockKind.BYLINE)


def _ends(text: str, below: Sequence[Block]) -> bool:
    return not below or below[0].kind in _ENDS_ARTICLE or _is_greeting(_text(text, below[0]))


def _is_greeting(line: str) -> bool:
    return len(line) <= _MAX_GREETING and line.endswith((":", "："))


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
