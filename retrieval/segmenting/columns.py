import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence

from retrieval.language.scripts import is_cjk
from retrieval.segmenting.furniture import is_bulleted, is_field, is_labelled, is_unfinished
from retrieval.segmenting.halves import (
    beginning_of,
    counts_on,
    dangles,
    ending_of,
    is_cut,
    is_parallel,
    is_tail,
    may_continue,
    quote_goes_on,
    repeats_character,
    sentence_goes_on,
    word_crosses,
)
from retrieval.types import Block, BlockKind

__all__ = ["followed", "join_columns"]

# How many blocks (captions, headings, furniture) may stand between the two halves of a sentence.
_MAX_BETWEEN = 6
# What only stands next to a text that may go on with it is as long as a column's text is, and a field longer.
_MIN_NEXT = 12
_MIN_FIELD = 25
# No sentence ends with one of these.
_NO_END = frozenset("，、的和与及")
# So many paragraphs below a cut one are looked at; a picture's caption among them is no longer than this.
_MAX_CANDIDATES = 3
_MAX_CAPTION = 45
# How far back a paragraph that begins in the middle of a sentence looks for its beginning, over headings too.
_MAX_BACK = 40
# What stands below one of these belongs to another section or article.
_SECTION_ENDS = frozenset((BlockKind.HEADING, BlockKind.BYLINE, BlockKind.CARD))
_BETWEEN = frozenset((BlockKind.CAPTION, BlockKind.IMPRINT, BlockKind.PULL_QUOTE))
_TEXT = frozenset((BlockKind.PARAGRAPH, BlockKind.NOTE))
# One character and a comma or semicolon begin no sentence: they end a word whose first half stands elsewhere.
_FRAGMENT = re.compile(r"[\u4e00-\u9fff][;；,，、。]")


def join_columns(text: str, blocks: Sequence[Block]) -> list[tuple[Block, ...]]:
    """Put the paragraphs together that a column's end has cut.

    Gives one tuple for each block that starts something, in the order of the text: most hold one block, a cut
    paragraph's holds its parts in reading order. Each block is in exactly one tuple.
    """
    continuation = _continuations(text, blocks)
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


def _continuations(text: str, blocks: Sequence[Block]) -> dict[int, int]:
    openings = _sentence_openings(text, blocks)
    continuation: dict[int, int] = {}
    taken: set[int] = set()
    for index, block in enumerate(blocks):
        if block.kind not in _TEXT or not is_cut(text, block):
            continue
        found = _goes_on(text, blocks, index, taken, openings)
        if found is not None:
            continuation[index] = found
            taken.add(found)
    for index, beginning in _fragments(text, blocks, continuation):
        continuation[beginning] = index
    for index, beginning in _interrupted(text, blocks, continuation):
        continuation[beginning] = index
    return continuation


def _goes_on(text: str, blocks: Sequence[Block], index: int, taken: Container[int], openings: set[str]) -> int | None:
    """Give the paragraph that a cut one goes on in: one that surely reads on, else one that stands next to it."""
    block = blocks[index]
    first, beginning = ending_of(text, block), beginning_of(text, block)
    next_to = None
    for distance, candidate in enumerate(_paragraphs_after(blocks, index)[:_MAX_CANDIDATES]):
        second = beginning_of(text, blocks[candidate])
        if candidate in taken or is_parallel(text, blocks, candidate):
            continue
        if any(is_entry(beginning) and is_entry(second) for is_entry in (is_bulleted, is_field, is_labelled)):
            continue
        if (
            quote_goes_on(text, block, blocks[candidate])
            or sentence_goes_on(first, second, distance)
            or word_crosses(first, second)
            or counts_on(first, second)
        ):
            return candidate
        if next_to is None and _stands_next(text, blocks, index, candidate) and may_continue(first, second, openings):
            next_to = candidate
        if next_to is not None and len(blocks[candidate].span) > _MAX_CAPTION:
            break  # longer than what a picture shows
    return next_to


def _stands_next(text: str, blocks: Sequence[Block], index: int, candidate: int) -> bool:
    """Tell whether nothing but pictures with their captions and furniture stands between two paragraphs.

    Lines right below each other are those of a list.
    """
    between = blocks[index + 1 : candidate]
    least = _MIN_FIELD if is_field(beginning_of(text, blocks[index])) else _MIN_NEXT
    if len(blocks[index].span) < least or (not between and blocks[candidate].gap == 0):
        return False
    surely = text[blocks[index].span.end - 1] in _NO_END
    return (surely or blocks[candidate].gap <= 1) and all(block.kind in _BETWEEN for block in between)


def _fragments(text: str, blocks: Sequence[Block], continuation: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Give the paragraphs that begin with the end of a word, and the cut ones above that hold its beginning."""
    taken = set(continuation.values())
    begun = set(continuation)
    for index, block in enumerate(blocks):
        second = beginning_of(text, block)
        if block.kind not in _TEXT or index in taken or not _FRAGMENT.match(second):
            continue
        for above in range(index - 1, max(-1, index - 1 - _MAX_BACK), -1):
            if blocks[above].kind not in _TEXT or above in begun or not is_cut(text, blocks[above]):
                continue
            first = ending_of(text, blocks[above])
            if repeats_character(first, second) or word_crosses(first, second):
                begun.add(above)
                yield index, above
                break


def _interrupted(text: str, blocks: Sequence[Block], continuation: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Give the paragraphs that begin as no sentence does, and the one cut paragraph above them.

    Another article may stand between them, with its headline.
    """
    taken = set(continuation.values())
    for index, block in enumerate(blocks):
        second = beginning_of(text, block)
        if block.kind is not BlockKind.PARAGRAPH or index in taken or not (dangles(second) or is_tail(second)):
            continue
        cut = [
            above
            for above in range(max(0, index - _MAX_BACK), index)
            if blocks[above].kind is BlockKind.PARAGRAPH
            and above not in continuation
            and is_cut(text, blocks[above])
            and is_cjk(text[blocks[above].span.end - 1])
            and not is_field(beginning_of(text, blocks[above]))
        ]
        if len(cut) == 1:
            yield index, cut[0]


def _paragraphs_after(blocks: Sequence[Block], index: int) -> list[int]:
    found = []
    for number in range(index + 1, min(index + 1 + _MAX_BETWEEN, len(blocks))):
        if blocks[number].kind in _SECTION_ENDS:
            break
        if blocks[number].kind is blocks[index].kind:
            found.append(number)
    return found


def _sentence_openings(text: str, blocks: Sequence[Block]) -> set[str]:
    """Collect the first two characters of every paragraph that follows a finished one: how sentences open here."""
    openings: set[str] = set()
    finished = True
    for block in blocks:
        if block.kind is BlockKind.PARAGRAPH:
            if finished:
                openings.add(text[block.span.start : block.span.start + 2])
            finished = not is_unfinished(ending_of(text, block))
    return openings
