"""What tells where a cut paragraph goes on: traits of its end, of the paragraphs below it, and of both together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.language.scripts import is_cjk
from retrieval.segmenting.furniture import is_bulleted, is_field, is_labelled, is_list_item, is_unfinished
from retrieval.segmenting.halves import (
    beginning_of,
    closes_early,
    counts_on,
    counts_something,
    dangles,
    ending_of,
    ends_in_function_word,
    ends_open,
    is_cut,
    is_parallel,
    is_tail,
    opens_sentence,
    quote_goes_on,
    repeats_character,
    sentence_goes_on,
    word_crosses,
    word_ends,
)
from retrieval.types import Block, BlockKind

__all__ = ["TEXT", "Cut", "cuts_of"]

TEXT = frozenset((BlockKind.PARAGRAPH, BlockKind.NOTE))
"""The kinds of blocks that a column's end can cut."""

# So many paragraphs below a cut one are looked at, and so many blocks of any kind: of 231 marked sentences, all that go
# on do so within eleven.
_MOST_TEXTS, _MOST_BLOCKS = 12, 45
_STOP = re.compile(r"[，,、。；;！？!?.：:]")
_SENTENCE_ENDS = frozenset("。！？!?.")
_SENTENCE = re.compile(r"[。！？.!?]")
_QUOTES = frozenset('“「"«„‘『')
_HYPHENS = frozenset("-‐–")
_EDGE = 12
# An end and a beginning are asked for again with each other one near them.
_REMEMBERED = 64
_EARLY = 24
_TOLD_BY_WORDS = (
    ("word's end", word_ends),
    ("opens", opens_sentence),
    ("counted", counts_something),
    ("one character", closes_early),
    ("dangles", dangles),
    ("tail", is_tail),
    ("item", is_list_item),
)
_ENTRIES = (("field", is_field), ("labelled", is_labelled), ("bulleted", is_bulleted))
_BETWEEN = frozenset((BlockKind.CAPTION, BlockKind.IMPRINT, BlockKind.PULL_QUOTE))


@dataclass(frozen=True, slots=True)
class Cut:
    """A paragraph that ends in the middle of a sentence, and the paragraphs in which it may go on.

    ``index`` is its place among the blocks, ``traits`` tell of itself, and of each paragraph below it ``options`` have
    the place and the traits.
    """

    index: int
    traits: tuple[str, ...]
    options: tuple[tuple[int, tuple[str, ...]], ...]


def cuts_of(text: str, blocks: Sequence[Block]) -> Iterator[Cut]:
    """Give the cut paragraphs among the blocks of a text, in their order."""
    beginnings = _Beginnings(text, blocks)
    texts = [index for index, block in enumerate(blocks) if block.kind in TEXT]
    for position, index in enumerate(texts):
        if not is_cut(text, blocks[index]):
            continue
        below = [other for other in texts[position + 1 : position + 1 + _MOST_TEXTS] if other - index < _MOST_BLOCKS]
        options = tuple(
            (other, (*_both(text, blocks, index, other, between), *beginnings.traits(other)))
            for between, other in enumerate(below)
        )
        yield Cut(index, tuple(_ending(text, blocks[index])), options)


class _Beginnings:
    """The traits of paragraphs' beginnings, found once for all the cut ones above them."""

    def __init__(self, text: str, blocks: Sequence[Block]) -> None:
        self._text, self._blocks = text, blocks
        self._openings = _sentence_openings(text, blocks)
        self._known: dict[int, tuple[str, ...]] = {}

    def traits(self, index: int) -> tuple[str, ...]:
        if index not in self._known:
            self._known[index] = (*self._as_others(index), *_beginning(self._text, self._blocks[index]))
        return self._known[index]

    def _as_others(self, index: int) -> Iterator[str]:
        """Tell whether a paragraph stands below a finished one, and whether another that does begins as it."""
        start = self._blocks[index].span.start
        alike = self._openings.get(self._text[start : start + 2], set[int]())
        if index in alike:
            yield "begin below finished"
        if alike - {index}:
            yield "begin as others"


def _ending(text: str, block: Block) -> Iterator[str]:
    first, beginning = ending_of(text, block), beginning_of(text, block)
    yield f"end {_character(first[-1])}"
    yield f"end length {min(5, len(block.span) // 20)}"
    if ends_open(first):
        yield "end open"
    if is_cjk(first[-1]):
        word, tag = _tagged(first[-_EDGE:])[-1]
        yield f"end tag {tag[0]}"
        yield f"end word {min(3, len(word))}"
    elif ends_in_function_word(first):
        yield "end function word"
    yield from (f"end {name}" for name in _entries(beginning))
    yield "end sentences" if _SENTENCE.search(text, block.span.start, block.span.end) else "end no sentence"


def _beginning(text: str, block: Block) -> Iterator[str]:
    second = beginning_of(text, block)
    yield f"begin {_character(second[0])}"
    if is_cjk(second[0]):
        words = _tagged(second[:_EDGE])
        yield f"begin tag {words[0][1][0]}"
        yield f"begin word {min(3, len(words[0][0]))}"
        if len(words) > 1:
            yield f"begin tags {words[0][1][0]}{words[1][1][0]}"
    stop = _STOP.search(second[:_EARLY])
    yield f"begin stop {min(6, stop.start() // 2) if stop else 9}"
    if stop and stop.start() < 4:
        yield "begin early end" if stop.group() in _SENTENCE_ENDS else "begin early pause"
    yield from (f"begin {name}" for name, tells in _TOLD_BY_WORDS if tells(second))
    yield from (f"begin {name}" for name in _entries(second))
    if is_unfinished(text[block.span.start : block.span.end]):
        yield "begin unfinished"
    yield f"begin length {min(5, len(block.span) // 20)}"
    yield f"begin gap {min(3, block.gap)}"


def _both(text: str, blocks: Sequence[Block], index: int, other: int, texts: int) -> Iterator[str]:
    above, below = blocks[index], blocks[other]
    between = blocks[index + 1 : other]
    kinds = [block.kind for block in between]
    script = "ideographs" if is_cjk(text[above.span.end - 1]) else "letters"
    for name in (
        f"texts between {min(6, texts)}",
        f"blocks between {min(5, (other - index) // 4)}",
        *(f"over {kind.value}" for kind in dict.fromkeys(kinds) if kind not in TEXT),
        *(("over headlines",) if kinds.count(BlockKind.HEADLINE) > 1 else ()),
        *((f"next {min(3, below.gap)}",) if not between else ()),
        *(("only pictures between",) if between and all(kind in _BETWEEN for kind in kinds) else ()),
        *(("other kind",) if above.kind is not below.kind else ()),
        *_across(text, above, below),
        *(("parallel",) if is_parallel(text, blocks, other) else ()),
    ):
        yield name
        yield f"{script}, {name}"


def _across(text: str, above: Block, below: Block) -> Iterator[str]:
    """Tell what lies across the cut if one paragraph goes on in the other."""
    first, second = ending_of(text, above), beginning_of(text, below)
    evidence = [
        name
        for name, there in (
            ("quote", quote_goes_on(text, above, below)),
            ("small letter", sentence_goes_on(first, second)),
            ("word", word_crosses(first, second)),
            ("count", counts_on(first, second)),
            ("character twice", repeats_character(first, second)),
            ("hyphen", first[-1] in _HYPHENS and second[0].islower()),
            ("digits", first[-1].isdigit() and second[0].isdigit()),
            ("digit", is_cjk(first[-1]) and second[0].isdigit()),
            ("two scripts", is_cjk(first[-1]) != is_cjk(second[0])),
            *_words_across(first, second),
        )
        if there
    ]
    yield from (f"across {name}" for name in evidence or ("nothing",))
    if set(_entries(beginning_of(text, above))).intersection(_entries(second)):
        yield "both entries"


def _words_across(first: str, second: str) -> Iterator[tuple[str, bool]]:
    if not (is_cjk(first[-1]) and is_cjk(second[0])):
        return
    import rjieba

    yield "word of two", bool(rjieba.has_word(first[-1] + second[0]))
    edges = ((2, 1), (1, 2), (2, 2), (3, 1))
    yield "longer word", any(rjieba.has_word(first[-left:] + second[:right]) for left, right in edges)
    yield f"tags {_tagged(first[-_EDGE:])[-1][1][0]} {_tagged(second[:_EDGE])[0][1][0]}", True


@lru_cache(maxsize=_REMEMBERED)
def _tagged(text: str) -> tuple[tuple[str, str], ...]:
    import rjieba

    return tuple(rjieba.tag(text))


def _character(character: str) -> str:
    if is_cjk(character):
        return "ideograph"
    if character.isalpha():
        return "small letter" if character.islower() else "letter"
    if character.isdigit():
        return "digit"
    if character in _HYPHENS:
        return "hyphen"
    if character in _QUOTES:
        return "quote"
    return "comma" if character in ",，、" else "other"


@lru_cache(maxsize=_REMEMBERED)
def _entries(beginning: str) -> tuple[str, ...]:
    """Name the sorts of entries of a list as which a paragraph begins."""
    return tuple(name for name, tells in _ENTRIES if tells(beginning))


def _sentence_openings(text: str, blocks: Sequence[Block]) -> dict[str, set[int]]:
    """Collect the first two characters of every paragraph that follows a finished one, and which begin with them."""
    openings: dict[str, set[int]] = {}
    finished = True
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.PARAGRAPH:
            if finished:
                openings.setdefault(text[block.span.start : block.span.start + 2], set()).add(index)
            finished = not is_unfinished(ending_of(text, block))
    return openings
