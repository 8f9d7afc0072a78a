from collections.abc import Sequence

from retrieval.types import Box

__all__ = ["by_precedence"]

# In heights of a line of the page's running text.
_LEADING = 0.9
_SIMILAR = 1.3
_SHIFT = 3.0
_TOUCH = 0.3
# No page that a person reads is tangled like that, and the time grows with the third power.
_MOST_BLOCKS = 100


def by_precedence(items: Sequence[int], boxes: Sequence[Box], em: float) -> list[list[int]]:
    """Put lines in order where no straight cut takes them apart, as around a picture or a headline set askew.

    Lines that continue one another downwards are blocks. A block comes before another that it stands above, where the
    two share a part of their width; and before one to its right, unless a block that reaches over both stands
    between them in height (Breuel, High performance document layout analysis, 2003).

    :return: the blocks, as indexes of their lines; one block, from top to bottom, where there are too many to compare.
    """
    blocks = _blocks(items, boxes, em)
    if len(blocks) == 1:
        return blocks
    if len(blocks) > _MOST_BLOCKS:
        return [sorted(items, key=lambda i: (boxes[i].top, boxes[i].left, i))]
    outlines = [_outline(block, boxes) for block in blocks]
    before = [
        [one != other and _precedes(outlines, one, other, em) for other in range(len(blocks))]
        for one in range(len(blocks))
    ]
    order: list[list[int]] = []
    left = set(range(len(blocks)))
    while left:
        # Contradictions are possible in a tangle; then what has the fewest to wait for goes first.
        waits = {one: sum(before[other][one] for other in left) for one in left}
        first = min(left, key=lambda one: (waits[one], outlines[one].left, outlines[one].top, one))
        left.remove(first)
        order.append(blocks[first])
    return order


def _blocks(items: Sequence[int], boxes: Sequence[Box], em: float) -> list[list[int]]:
    blocks: list[list[int]] = []
    for index in sorted(items, key=lambda i: (boxes[i].top, boxes[i].left, i)):
        box = boxes[index]
        above = [block for block in blocks if _continues(boxes[block[-1]], box, em)]
        if above:
            max(above, key=lambda block: (boxes[block[-1]].bottom, -block[0])).append(index)
        else:
            blocks.append([index])
    return blocks


def _continues(upper: Box, lower: Box, em: float) -> bool:
    similar = max(upper.height, lower.height) <= _SIMILAR * min(upper.height, lower.height)
    leading = lower.top - upper.bottom
    overlap = min(upper.right, lower.right) - max(upper.left, lower.left)
    return (
        similar
        and -0.5 * em <= leading <= _LEADING * em
        and abs(upper.left - lower.left) <= _SHIFT * em
        and overlap > 0.5 * min(upper.width, lower.width)
    )


def _precedes(outlines: Sequence[Box], one: int, other: int, em: float) -> bool:
    first, second = outlines[one], outlines[other]
    if _overlap(first, second) > _TOUCH * em:
        return first.top + first.bottom < second.top + second.bottom
    if first.left >= second.left:
        return False
    upper, lower = min(first.bottom, second.bottom), max(first.top, second.top)
    return not any(
        number not in (one, other)
        and upper - em / 2 <= between.top
        and between.bottom <= lower + em / 2
        and _overlap(between, first) > _TOUCH * em
        and _overlap(between, second) > _TOUCH * em
        for number, between in enumerate(outlines)
    )


def _overlap(one: Box, other: Box) -> float:
    return min(one.right, other.right) - max(one.left, other.left)


def _outline(block: Sequence[int], boxes: Sequence[Box]) -> Box:
    outline = boxes[block[0]]
    for index in block[1:]:
        outline = outline.union(boxes[index])
    return outline
