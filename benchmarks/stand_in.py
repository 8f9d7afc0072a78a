"""Vectors that are drawn instead of encoded, for sizes at which encoding takes hours on one core.

A text's vector depends on nothing but the text: one of 3,000 middles, which lie around 150 others, and something of its
own, of .7 of the length. So vectors lie in heaps, as those of an encoder do; two texts that say nearly the same are no
nearer than any of their heap.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = ["StandIn", "use"]

_DIMENSION = 512
_OUTER, _MIDDLES = 150, 3000
# A prime, so that texts of one heap differ; few enough to be drawn in no time by a command that needs one of them.
_OWN = 8191


class StandIn:
    """An encoder that draws vectors: float32 ``(n, 512)``, rows of length 1."""

    name = "universal#stand-in"
    dimension = _DIMENSION

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Draw a vector for each text."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Draw a vector for each text."""
        return drawn(np.array([crc32(text.encode("utf-8", "surrogatepass")) for text in texts], np.int64))


def drawn(seeds: NDArray[np.int64]) -> NDArray[np.float32]:
    """Draw a vector for each seed, the same each time: float32 ``(len(seeds), 512)``."""
    middles, own = _tables()
    vectors = middles[seeds % len(middles)] + own[seeds // 7 % len(own)]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors, np.float32)


@lru_cache(maxsize=1)
def _tables() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    random = np.random.default_rng(11)
    outer, inner, own = (_directions(random, count) for count in (_OUTER, _MIDDLES, _OWN))
    middles = np.float32(0.8) * outer[np.arange(_MIDDLES) % _OUTER] + np.float32(0.6) * inner
    return middles, np.float32(0.7) * own


def _directions(random: np.random.Generator, count: int) -> NDArray[np.float32]:
    vectors = random.standard_normal((count, _DIMENSION), np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def use() -> None:
    """Let archives that are opened from now on, in this process, draw their vectors."""
    engine = import_module("retrieval.engine")
    setattr(engine, "load_encoder", lambda *_: StandIn())  # noqa: B010 - a name that the module only imports
