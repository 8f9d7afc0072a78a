import re
from collections import OrderedDict
from collections.abc import Sequence

from retrieval.segmenting.furniture import CLOSERS
from retrieval.types import Block, BlockKind

__all__ = ["mark_pull_quotes", "squeeze"]

_NOT_WORD = re.compile(r"[\W_]+")
# How far from its sentence a pull quote stands, in characters, and how long it is at the least.
_PULL_DISTANCE = 6_000
_MIN_PULL = 8
_MAX_PULL = 160
# More than stand within the distance of a pull quote from its sentence; those further up are not asked for again.
_KEPT = 4096


def mark_pull_quotes(text: str, blocks: list[Block]) -> None:
    """Mark, in place, a short block whose words stand in a longer paragraph near it: it was set to draw the eye."""
    squeezed = _Squeezed(text, blocks)
    for index, block in enumerate(blocks):
        if block.kind not in (BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.CAPTION) or len(block.span) > _MAX_PULL:
            continue
        line = text[block.span.start : block.span.end]
        quoted = line[0] in '“「『"«„' and line[-1] in (*CLOSERS, "“")  # „Deutsch“
        if not (quoted or (block.kind is BlockKind.PARAGRAPH and block.gap > 1)):
            continue
        words = squeezed.of(index)
        if len(words) < _MIN_PULL:
            continue
        low, high = max(0, block.span.start - _PULL_DISTANCE), block.span.end + _PULL_DISTANCE
        if words in squeezed.around(index, low, high):
            blocks[index] = Block(BlockKind.PULL_QUOTE, block.span, block.gap)


class _Squeezed:
    """The letters and digits of blocks, small, with nothing between them: what a page's setting does not change.

    The blocks around one are those around the next, so what was made of a block is kept for a while.
    """

    def __init__(self, text: str, blocks: Sequence[Block]) -> None:
        """Take blocks, of which only kinds may change from here on, and the text that they are of."""
        self._text = text
        self._blocks = blocks
        self._made: OrderedDict[int, str] = OrderedDict()

    def of(self, index: int) -> str:
        """Give the letters and digits of the block at ``index``."""
        if index not in self._made:
            if len(self._made) == _KEPT:
                self._made.popitem(last=False)
            span = self._blocks[index].span
            self._made[index] = squeeze(self._text[span.start : span.end])
        return self._made[index]

    def around(self, index: int, low: int, high: int) -> str:
        """Give those of the text from ``low`` to ``high`` without the block at ``index``."""
        blocks, first = self._blocks, index
        while first > 0 and blocks[first - 1].span.end > low:
            first -= 1
        found: list[str] = []
        for number in range(first, len(blocks)):
            span = blocks[number].span
            if span.start >= high:
                break
            if number == index:
                continue
            whole = low <= span.start and span.end <= high
            found.append(self.of(number) if whole else squeeze(self._text[max(low, span.start) : min(high, span.end)]))
        return "".join(found)


def squeeze(text: str) -> str:
    """Give the letters and digits of a text, small, with nothing between them."""
    return _NOT_WORD.sub("", text).casefold()
