"""What the blocks of a newspaper's page are, read together: each by its traits and by what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from retrieval.segmenting.traits import Traits, traits_of
from retrieval.types import Block, BlockKind

__all__ = ["KINDS", "NEIGHBOURS", "KindReader", "load_reader", "read_kinds"]

KINDS = tuple(BlockKind)
"""The kinds in the order of the weights."""
NEIGHBOURS = (0, -2, -1, 1, 2)
"""Whose traits tell of a block: its own, and those of two blocks above and below."""

# Of the 828 marked blocks that end like this none is a heading, so the weights alone say it too weakly.
_STATED = "ends 。"
_MARKED_UP = "pattern markdown"
_HEADINGS = [
    KINDS.index(kind) for kind in (BlockKind.HEADLINE, BlockKind.SHOULDER, BlockKind.SUBHEADLINE, BlockKind.HEADING)
]
_Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class KindReader:
    """A linear chain over a page's blocks: weights of their traits, and of one kind below another.

    A conditional random field (Lafferty et al. 2001), fitted to pages marked by hand by ``training/kinds.py``.
    ``own``: (neighbours, traits, kinds); ``place``: (traits, kinds), of words and places; ``chain``: (kinds + 1,
    kinds), the last row for a page's first block.
    """

    own_names: dict[str, int]
    place_names: dict[str, int]
    own: _Array
    place: _Array
    chain: _Array

    def read(self, traits: Sequence[Traits]) -> list[BlockKind]:
        """Give the likeliest kinds of a page's blocks, whose traits stand in the order of the text."""
        return [KINDS[number] for number in _best(self._scores(traits), self.chain)] if traits else []

    def _scores(self, traits: Sequence[Traits]) -> _Array:
        scores = np.zeros((len(traits), len(KINDS)), np.float32)
        for index, block in enumerate(traits):
            own = [self.own_names[name] for name in block.own if name in self.own_names]
            by_neighbour = self.own[:, own].sum(axis=1)
            for neighbour, shift in enumerate(NEIGHBOURS):
                # The block's traits tell of the one that it is the neighbour of.
                if 0 <= index - shift < len(traits):
                    scores[index - shift] += by_neighbour[neighbour]
            names = (*block.words, *block.place)
            scores[index] += self.place[[self.place_names[name] for name in names if name in self.place_names]].sum(0)
            if _STATED in block.own and not any(name.startswith(_MARKED_UP) for name in block.own):
                scores[index, _HEADINGS] = -np.inf
        return scores


def read_kinds(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Tell the kinds of a page's blocks by the weights that ship with the package, whatever kinds they have."""
    kinds = load_reader().read(traits_of(text, blocks))
    return [
        block if block.kind is kind else replace(block, kind=kind) for block, kind in zip(blocks, kinds, strict=True)
    ]


@lru_cache(maxsize=1)
def load_reader() -> KindReader:
    """Load the weights that ship with the package."""
    with np.load(BytesIO((files("retrieval.segmenting") / "kinds.npz").read_bytes())) as stored:
        names = [stored[key].item().split("\n") for key in ("own_names", "place_names")]
        own, place, chain = (stored[key].astype(np.float32) for key in ("own", "place", "chain"))
    own_names, place_names = ({name: number for number, name in enumerate(each)} for each in names)
    return KindReader(own_names, place_names, own, place, chain)


def _best(scores: _Array, chain: _Array) -> list[int]:
    """Give the best path through scores (blocks, kinds), by Viterbi's algorithm."""
    best = scores[0] + chain[-1]
    came: list[NDArray[np.intp]] = []
    for row in scores[1:]:
        ways = best[:, None] + chain[:-1]
        came.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + row
    path = [int(best.argmax())]
    for steps in reversed(came):
        path.append(int(steps[path[-1]]))
    return path[::-1]
