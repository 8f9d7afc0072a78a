"""Which short lines belong to a page's imprint: those that stand among its fields."""

from collections.abc import Sequence

from retrieval.segmenting.furniture import is_label
from retrieval.segmenting.mastheads import is_address, is_masthead_field, names_paper
from retrieval.types import Block, BlockKind

__all__ = ["mark_imprints"]

_MAY_BE_FIELD = frozenset((BlockKind.HEADING, BlockKind.PARAGRAPH))
# A short line between the fields of an imprint is one too: a section's name, a publisher.
_MAX_FIELD = 12
_MAX_SECTION = 8
_MIN_FIELDS_AROUND = 3
_FIELDS_WITHIN = 4
# So many blocks at the top of a page, and at its foot, may be its imprint's.
_MAX_MASTHEAD = 8
_MAX_FOOT = 8


def mark_imprints(text: str, blocks: list[Block]) -> None:
    """Mark, in place, the short lines that stand among an imprint's fields."""
    fields = [block.kind is BlockKind.IMPRINT for block in blocks]
    # From the field nearest the known ones outward; an imprint stands at the top of a page, or at its foot.
    top = range(min(_MAX_MASTHEAD, len(blocks)))
    foot = range(max(len(top), len(blocks) - _MAX_FOOT), len(blocks))
    for index in [*reversed(top), *top, *reversed(foot), *foot]:
        beside = any(fields[max(0, index - 1) : index + 2])
        line = _text(text, blocks[index]) if beside and blocks[index].kind in _MAY_BE_FIELD else ""
        if not line or (blocks[index].kind is BlockKind.PARAGRAPH and not is_address(line)):
            continue
        # What stands in capitals below the paper's name is a town or a rubric, above its news.
        rubric = (
            blocks[index].gap
            and line.isupper()
            and not is_label(line)
            and any(names_paper(_text(text, above)) for above in blocks[:index])
        )
        if is_masthead_field(line) and not rubric:
            _turn(blocks, index, BlockKind.IMPRINT)
            fields[index] = True
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.HEADING or not any(fields[max(0, index - 1) : index + 2]):
            continue
        line = _text(text, block)
        between = 0 < index < len(blocks) - 1 and fields[index - 1] and fields[index + 1]
        if index < _MAX_MASTHEAD and len(line) <= _MAX_SECTION and _shares_group(blocks, index, fields):
            _turn(blocks, index, BlockKind.IMPRINT)
            fields[index] = True
            continue
        around = sum(fields[max(0, index - _FIELDS_WITHIN) : index + _FIELDS_WITHIN + 1])
        if between and around >= _MIN_FIELDS_AROUND and len(line) <= _MAX_FIELD and not line.startswith("—"):
            _turn(blocks, index, BlockKind.IMPRINT)
            fields[index] = True


def _shares_group(blocks: Sequence[Block], index: int, fields: Sequence[bool]) -> bool:
    """Tell whether a line of an imprint stands right above or below, with no blank line between."""
    above = index > 0 and fields[index - 1] and blocks[index].gap == 0
    return above or (index + 1 < len(blocks) and fields[index + 1] and blocks[index + 1].gap == 0)


def _text(text: str, block: Block) -> str:
    return text[block.span.start : block.span.end]


def _turn(blocks: list[Block], index: int, kind: BlockKind) -> None:
    blocks[index] = Block(kind, blocks[index].span, blocks[index].gap)
