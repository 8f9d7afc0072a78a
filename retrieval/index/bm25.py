"""The formulas of BM25, each on its own.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009,
https://www.staff.city.ac.uk/~sbrp622/papers/foundations_bm25_review.pdf. The rarity is Lucene's, which is never
negative: https://lucene.apache.org/core/10_0_0/core/org/apache/lucene/search/similarities/BM25Similarity.html.
"""

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["length_norms", "rarity", "saturation"]


def rarity(rows: int, rows_with_term: int) -> float:
    """Give the inverse document frequency ``ln(1 + (N - df + 0.5) / (df + 0.5))`` (section 3.1, Lucene's form)."""
    return math.log(1 + (rows - rows_with_term + 0.5) / (rows_with_term + 0.5))


def length_norms(lengths: NDArray[np.int32], mean: float, k1: float, b: float) -> NDArray[np.float64]:
    """Give rows' ``k1 * (1 - b + b * length / mean length)`` (equation 3.13), ``mean`` being that of all rows."""
    if mean == 0:
        return np.full(len(lengths), k1, np.float64)
    return np.asarray(k1 * (1 - b + b * lengths / mean), np.float64)


def saturation(frequencies: NDArray[np.float64], norms: NDArray[np.float64], k1: float) -> NDArray[np.float64]:
    """Give ``tf * (k1 + 1) / (tf + norm)``, which tends to ``k1 + 1`` as a term is repeated (equation 3.15)."""
    saturated: NDArray[np.float64] = frequencies * (k1 + 1) / (frequencies + norms)
    return saturated
