"""How a page is put together: its blocks, the cut sentences joined, and its articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.segmenting.articles import find_articles
from retrieval.segmenting.blocks import find_blocks
from retrieval.segmenting.columns import followed, join_columns
from retrieval.segmenting.gathering import gather_articles
from retrieval.segmenting.headlines import Part
from retrieval.segmenting.kinds import read_kinds
from retrieval.segmenting.layout import Layout, measure_layout
from retrieval.segmenting.orphans import Article
from retrieval.types import Block

__all__ = ["Composition", "compose", "read_blocks"]

# The longest beginning of a block by which its kind is told.
_MAX_BEGINNING = 400
# Room for the names of those who sign behind the last sentence.
_MAX_ENDING = 60


@dataclass(frozen=True, slots=True)
class Composition:
    """The blocks of a text, those of a cut paragraph together; of each what it is; and the articles they make."""

    joined: tuple[tuple[Block, ...], ...]
    parts: tuple[Part, ...]
    articles: tuple[Article, ...]


def compose(text: str) -> Composition:
    """Tell how a text, or a stretch of it, is put together.

    The blocks of a newspaper's page are told together, by what pages marked by hand have taught; those of any other
    text by what each looks like.
    """
    layout = measure_layout(text)
    joined = join_columns(text, read_blocks(text, layout))
    parts = _parts(text, joined)
    if layout.is_press:
        articles = gather_articles(parts)
    else:
        articles, parts = find_articles(parts)
    return Composition(tuple(joined), tuple(parts), tuple(articles))


def read_blocks(text: str, layout: Layout) -> list[Block]:
    """Give the blocks of a text of this layout, with the kinds by which it is put together."""
    blocks = find_blocks(text, layout)
    return read_kinds(text, blocks) if layout.is_press else blocks


def _parts(text: str, joined: Sequence[tuple[Block, ...]]) -> list[Part]:
    follows = followed(joined)
    return [
        Part(blocks[0].kind, _begin(text, blocks), blocks[0].gap, _end(text, blocks), follows.get(index))
        for index, blocks in enumerate(joined)
    ]


def _begin(text: str, blocks: Sequence[Block]) -> str:
    span = blocks[0].span
    return text[span.start : min(span.end, span.start + _MAX_BEGINNING)]


def _end(text: str, blocks: Sequence[Block]) -> str:
    span = blocks[-1].span
    return text[max(span.start, span.end - _MAX_ENDING) : span.end]
