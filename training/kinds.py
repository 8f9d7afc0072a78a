"""Fit the reader of blocks' kinds to pages marked by hand: ``python -m training.kinds``."""

import argparse
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from retrieval.segmenting.blocks import find_blocks
from retrieval.segmenting.kinds import KINDS, NEIGHBOURS
from retrieval.segmenting.layout import measure_layout
from retrieval.segmenting.traits import Traits, traits_of
from tests.retrieval.segmenting.truth import MarkedBlock, MarkedPage, marked_pages

__all__ = ["MarkedTraits", "fit", "marked_traits"]

_Array = NDArray[np.float64]
_OUT = Path(__file__).resolve().parents[1] / "retrieval" / "segmenting" / "kinds.npz"
# A trait of one block alone tells nothing; a page is read in pieces, which are as good and much faster.
_MIN_TIMES = 2
_PIECE = 40
_PENALTY = 1.0
_ROUNDS = 50
# A page that was printed counts as often as so many that were written for this.
_PRINTED = 3
_NEVER = -1e4
_C = len(KINDS)
_OPENING = frozenset(("headline", "shoulder"))


@dataclass(frozen=True, slots=True)
class MarkedTraits:
    """The traits of some blocks that stand under each other, and for each block the kinds that readers give it."""

    traits: tuple[Traits, ...]
    kinds: tuple[frozenset[str], ...]


def marked_traits(page: MarkedPage) -> MarkedTraits:
    """Give the traits and the marked kinds of a page's blocks."""
    openings = {lines[0][0] for article in page.articles if (lines := article.lines)}
    at_line = {line: _kinds(b, openings) for b in page.blocks for line in range(b.first, b.last + 1)}
    blocks = find_blocks(page.text)
    kinds = tuple(at_line[page.line_of(block.span.start)] for block in blocks)
    return MarkedTraits(tuple(traits_of(page.text, blocks)), kinds)


def _kinds(block: MarkedBlock, openings: Container[int]) -> frozenset[str]:
    """Give the kinds of a marked block; where an article begins, one that opens it if readers would differ."""
    opening = block.kinds & _OPENING if block.first in openings else frozenset()
    return opening or block.kinds


def fit(pages: Sequence[MarkedTraits], *, rounds: int = _ROUNDS) -> dict[str, NDArray[np.generic]]:
    """Fit the weights, by so many rounds of L-BFGS; gives the arrays of ``kinds.npz``."""
    pieces = [
        MarkedTraits(page.traits[at : at + _PIECE], page.kinds[at : at + _PIECE])
        for page in pages
        for at in range(0, len(page.traits), _PIECE)
    ]
    columns = _Columns(pieces)
    problem = _Problem(pieces, columns.matrix(pieces))
    start = np.zeros(columns.count * _C + (_C + 1) * _C)
    found = minimize(problem.loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    weights = found.x[: columns.count * _C].reshape(-1, _C).astype(np.float16)
    own = len(NEIGHBOURS) * len(columns.own)
    return {
        "own_names": np.array("\n".join(columns.own)),
        "place_names": np.array("\n".join(columns.place)),
        "own": weights[:own].reshape(len(NEIGHBOURS), -1, _C),
        "place": weights[own:],
        "chain": found.x[columns.count * _C :].reshape(_C + 1, _C).astype(np.float16),
    }


class _Columns:
    """The columns of the traits: those of each neighbour, then words and places."""

    def __init__(self, pieces: Sequence[MarkedTraits]) -> None:
        own = Counter(name for piece in pieces for traits in piece.traits for name in traits.own)
        place = Counter(name for piece in pieces for t in piece.traits for name in (*t.words, *t.place))
        self.own = {name: number for number, name in enumerate(sorted(n for n in own if own[n] >= _MIN_TIMES))}
        self.place = {name: number for number, name in enumerate(sorted(n for n in place if place[n] >= _MIN_TIMES))}
        self.count = len(NEIGHBOURS) * len(self.own) + len(self.place)

    def matrix(self, pieces: Sequence[MarkedTraits]) -> csr_matrix:
        rows: list[int] = []
        columns: list[int] = []
        row = 0
        for piece in pieces:
            for index, traits in enumerate(piece.traits):
                for neighbour, shift in enumerate(NEIGHBOURS):
                    if 0 <= index + shift < len(piece.traits):
                        shown = piece.traits[index + shift].own
                        columns += [neighbour * len(self.own) + self.own[n] for n in shown if n in self.own]
                base = len(NEIGHBOURS) * len(self.own)
                columns += [base + self.place[n] for n in (*traits.words, *traits.place) if n in self.place]
                rows += [row] * (len(columns) - len(rows))
                row += 1
        return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(row, self.count))


class _Problem:
    """The penalized likelihood of the marked kinds, all pieces beside each other."""

    def __init__(self, pieces: Sequence[MarkedTraits], matrix: csr_matrix) -> None:
        self._matrix, self._turned = matrix, matrix.T.tocsr()
        self._there = np.zeros((len(pieces), max(len(piece.traits) for piece in pieces)), dtype=bool)
        for number, piece in enumerate(pieces):
            self._there[number, : len(piece.traits)] = True
        allowed = [kinds for piece in pieces for kinds in piece.kinds]
        self._allowed = np.array([[0.0 if kind.value in kinds else _NEVER for kind in KINDS] for kinds in allowed])

    def loss(self, weights: _Array) -> tuple[float, _Array]:
        """Give the loss and its gradient."""
        count = self._matrix.shape[1] * _C
        chain = weights[count:].reshape(_C + 1, _C)
        scores = self._matrix @ weights[:count].reshape(-1, _C)
        total, each, pairs = self._expected(scores, chain)
        marked, each_marked, pairs_marked = self._expected(scores + self._allowed, chain)
        slope = np.concatenate([(self._turned @ (each - each_marked)).ravel(), (pairs - pairs_marked).ravel()])
        return float(total - marked + _PENALTY * (weights @ weights) / 2), slope + _PENALTY * weights

    def _expected(self, rows: _Array, chain: _Array) -> tuple[float, _Array, _Array]:
        """Give the log of all paths' weights, and how often each kind and pair of kinds is expected."""
        there = self._there
        scores = np.zeros((*there.shape, _C))
        scores[there] = rows
        forth, back = np.zeros_like(scores), np.zeros_like(scores)
        forth[:, 0] = scores[:, 0] + chain[_C]
        for at in range(1, there.shape[1]):
            step = _log_sum(forth[:, at - 1, :, None] + chain[None, :_C], 1) + scores[:, at]
            forth[:, at] = np.where(there[:, at, None], step, forth[:, at - 1])
        total = _log_sum(forth[:, -1], 1)
        for at in range(there.shape[1] - 2, -1, -1):
            step = _log_sum(chain[None, :_C] + (scores[:, at + 1] + back[:, at + 1])[:, None, :], 2)
            back[:, at] = np.where(there[:, at + 1, None], step, 0)
        each = np.exp(forth + back - total[:, None, None])
        pairs = np.zeros((_C + 1, _C))
        pairs[_C] = each[:, 0].sum(axis=0)
        for at in range(1, there.shape[1]):
            paths = forth[:, at - 1, :, None] + chain[None, :_C] + (scores[:, at] + back[:, at])[:, None, :]
            pairs[:_C] += np.exp(paths - total[:, None, None])[there[:, at]].sum(axis=0)
        return float(total.sum()), each[there], pairs


def _log_sum(values: _Array, axis: int) -> _Array:
    most = values.max(axis=axis, keepdims=True)
    found: _Array = (most + np.log(np.exp(values - most).sum(axis=axis, keepdims=True))).squeeze(axis)
    return found


def main() -> None:
    """Fit to all marked pages that the reader is asked for, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=_OUT, help="the file to write")
    parser.add_argument("--without", nargs="*", default=[], help="pages to leave out")
    options = parser.parse_args()
    pages = [page for page in marked_pages() if page.name not in options.without and measure_layout(page.text).is_press]
    traits = [piece for page in pages for piece in [marked_traits(page)] * (_PRINTED if page.is_printed else 1)]
    np.savez_compressed(options.out, allow_pickle=False, **fit(traits))


if __name__ == "__main__":
    main()
