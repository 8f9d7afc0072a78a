"""Where cut paragraphs go on, by weights that pages marked by hand have taught."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from retrieval.segmenting.cut_traits import Cut, cuts_of
from retrieval.types import Block

__all__ = ["ContinuationReader", "find_continuations", "load_continuation_reader"]

# A wrong join puts words into a mouth, a missed one leaves a sentence in two: by cross-validation over the marked pages
# .87 of the joins found from here on are right, and .74 of the marked ones found; .86 and .74 at 0, .88 and .72 at .5.
_SURELY = 0.3


@dataclass(frozen=True, slots=True)
class ContinuationReader:
    """A conditional logit (McFadden 1973) over the paragraphs in which a cut one may go on, and over none of them.

    Fitted by ``training/continuations.py``; ``weights`` are those of the traits that
    :mod:`retrieval.segmenting.cut_traits` gives.
    """

    weights: Mapping[str, float]

    def read(self, cuts: Iterable[Cut]) -> dict[int, int]:
        """Tell in which paragraph each cut one goes on, by their places among the blocks; surest first, each once."""
        likely = []
        for cut in cuts:
            none = self._score(cut.traits) + _SURELY
            likely += [(self._score(traits) - none, cut.index, other) for other, traits in cut.options]
        found: dict[int, int] = {}
        taken: set[int] = set()
        for more_than_none, index, other in sorted(likely, key=lambda one: (-one[0], one[1:])):
            if more_than_none <= 0:
                break
            if index not in found and other not in taken:
                found[index] = other
                taken.add(other)
        return found

    def _score(self, traits: Iterable[str]) -> float:
        return sum(self.weights.get(trait, 0.0) for trait in traits)


def find_continuations(text: str, blocks: Sequence[Block]) -> dict[int, int]:
    """Tell which cut paragraphs of a text go on in which others, by their places among the blocks."""
    return load_continuation_reader().read(cuts_of(text, blocks))


@lru_cache(maxsize=1)
def load_continuation_reader() -> ContinuationReader:
    """Load the weights that come with the package."""
    content = files("retrieval.segmenting").joinpath("continuations.json").read_text(encoding="utf-8")
    return ContinuationReader(json.loads(content))
