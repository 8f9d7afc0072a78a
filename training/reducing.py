from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.encoding import Encoder, Vectors, load_encoder

__all__ = ["REDUCTIONS", "Reduced", "load"]

REDUCTIONS = ("int8", "half", "256")
"""Smaller vectors: 8 bits a number, 16 bits, or the first 256 numbers (Kusupati et al. 2022, Matryoshka)."""

_LARGEST = 127
_KEPT = 256


@dataclass(frozen=True, slots=True)
class Reduced:
    """An encoder whose passages' vectors are stored smaller, for measuring what that loses.

    Questions stay in full precision, as a search has them; with fewer numbers, they are cut to the same ones.
    """

    encoder: Encoder
    reduction: str

    @property
    def name(self) -> str:
        """Name the encoder and the reduction."""
        return f"{self.encoder.name}@{self.reduction}"

    @property
    def dimension(self) -> int:
        """Give the length of a vector."""
        return _KEPT if self.reduction == "256" else self.encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions: float32 of shape ``(len(texts), dimension)``, rows of length 1."""
        vectors = self.encoder.encode_queries(texts)
        return _shortened(vectors) if self.reduction == "256" else vectors

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages to what is left of their vectors when they are stored: float32."""
        vectors = self.encoder.encode_passages(texts)
        if self.reduction == "256":
            return _shortened(vectors)
        if self.reduction == "half":
            return vectors.astype(np.float16).astype(np.float32)
        steps = np.abs(vectors).max(axis=1, keepdims=True) / _LARGEST
        return np.asarray(np.rint(vectors / steps) * steps, dtype=np.float32)


def load(spec: str) -> Encoder:
    """Load the encoder that ``spec`` names, with ``@int8``, ``@half`` or ``@256`` after it for smaller vectors.

    :raises ValueError: if there is no such reduction.
    """
    name, mark, reduction = spec.partition("@")
    if mark and reduction not in REDUCTIONS:
        raise ValueError(f"there is no reduction {reduction!r}; write one of {', '.join(REDUCTIONS)} after the @")
    encoder = load_encoder(name)
    return Reduced(encoder, reduction) if mark else encoder


def _shortened(vectors: Vectors) -> Vectors:
    kept = vectors[:, :_KEPT]
    return np.asarray(kept / np.linalg.norm(kept, axis=1, keepdims=True), dtype=np.float32)
