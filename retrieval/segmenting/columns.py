from bisect import bisect_right
from collections.abc import Sequence

from retrieval.segmenting.continuations import find_continuations
from retrieval.types import Block

__all__ = ["followed", "join_columns"]


def join_columns(text: str, blocks: Sequence[Block]) -> list[tuple[Block, ...]]:
    """Put the paragraphs together that a column's end has cut.

    Gives one tuple for each block that starts something, in the order of the text: most hold one block, a cut
    paragraph's holds its parts in reading order. Each block is in exactly one tuple.
    """
    continuation = find_continuations(text, blocks)
    taken = set(continuation.values())
    joined: list[tuple[Block, ...]] = []
    for index in range(len(blocks)):
        if index in taken:
            continue
        parts, position = [blocks[index]], index
        while position in continuation:
            position = continuation[position]
            parts.append(blocks[position])
        joined.append(tuple(parts))
    return joined


def followed(joined: Sequence[tuple[Block, ...]]) -> dict[int, int]:
    """Tell which begin right below the later pieces of a cut paragraph that is not the one before: of each, of which.

    :param joined: what ``join_columns`` gives.
    """
    later = sorted((piece.span.start, index) for index, pieces in enumerate(joined) for piece in pieces[1:])
    starts = [pieces[0].span.start for pieces in joined]
    return {
        below: index
        for start, index in later
        if (below := bisect_right(starts, start)) < len(starts) and index != below - 1
    }
