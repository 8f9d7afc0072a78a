from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Encoder", "Vectors"]

Vectors: TypeAlias = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors whose inner product tells how near their meanings are."""

    @property
    def name(self) -> str:
        """Name the encoder: how to load it, ``#``, and a digest of its weights, by which encoders are told apart."""
        ...

    @property
    def dimension(self) -> int:
        """Give the length of a vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions: float32 of shape ``(len(texts), dimension)``, rows of length 1."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages or sentences: float32 of shape ``(len(texts), dimension)``, rows of length 1."""
        ...
