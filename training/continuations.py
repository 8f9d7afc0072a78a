"""Fit where cut paragraphs go on to pages marked by hand: ``python -m training.continuations``.

Run after ``training.kinds``: blocks have the kinds that are read on the page.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from retrieval.segmenting.composition import read_blocks
from retrieval.segmenting.cut_traits import Cut, cuts_of
from retrieval.segmenting.layout import measure_layout
from tests.retrieval.segmenting.truth import MarkedPage, marked_pages

__all__ = ["MarkedCut", "fit", "marked_cuts"]

_OUT = Path(__file__).resolve().parents[1] / "retrieval" / "segmenting" / "continuations.json"
# A trait that comes up less often tells nothing.
_MIN_TIMES = 3
_PENALTY = 1.0
_ROUNDS = 300
# What grammar tells, and too few of the marked pages show: 也, 却 and their like begin no sentence; 的, 要 and theirs
# end none.
_PRIOR = {"begin dangles": 3.0, "end open": -2.0}
# A page that was printed counts as often as so many that were written for this.
_PRINTED = 6


@dataclass(frozen=True, slots=True)
class MarkedCut:
    """A cut paragraph and which of its options it goes on in; None: in none."""

    cut: Cut
    right: int | None


def marked_cuts(page: MarkedPage) -> list[MarkedCut]:
    """Give the cut paragraphs of a page, without those that go on out of reach; a doubtful join is one."""
    blocks = read_blocks(page.text, measure_layout(page.text))
    lines = [page.line_of(block.span.start) for block in blocks]
    goes_on = dict(page.doubtful_joins | page.joins)
    marked = []
    for cut in cuts_of(page.text, blocks):
        line = lines[cut.index]
        right = next((n for n, (other, _) in enumerate(cut.options) if lines[other] == goes_on.get(line)), None)
        if right is not None or line not in goes_on:
            marked.append(MarkedCut(cut, right))
    return marked


def fit(cuts: Sequence[MarkedCut]) -> dict[str, float]:
    """Fit the weights of the traits: the likelihood of what is marked among a cut's options and none of them."""
    counted = Counter(trait for marked in cuts for traits in _choices(marked.cut) for trait in set(traits))
    usual = {trait for trait, times in counted.items() if times >= _MIN_TIMES}
    columns = {trait: number for number, trait in enumerate(sorted(usual | _PRIOR.keys()))}
    rows = [traits for marked in cuts for traits in _choices(marked.cut)]
    places = [(number, columns[t]) for number, traits in enumerate(rows) for t in traits if t in columns]
    at = np.array(places, np.int64).reshape(-1, 2)
    matrix = csr_matrix((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=(len(rows), len(columns)))
    counts = [1 + len(marked.cut.options) for marked in cuts]
    starts = np.cumsum([0, *counts[:-1]])
    groups = np.repeat(np.arange(len(cuts)), counts)
    right = starts + [0 if marked.right is None else 1 + marked.right for marked in cuts]

    prior = np.array([_PRIOR.get(trait, 0.0) for trait in columns])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = matrix @ weights
        highest = np.maximum.reduceat(scores, starts)
        shares = np.exp(scores - highest[groups])
        totals = np.add.reduceat(shares, starts)
        lost = float((np.log(totals) + highest - scores[right]).sum())
        shares /= totals[groups]
        shares[right] -= 1
        beyond = weights - prior
        return lost + _PENALTY * float(beyond @ beyond) / 2, matrix.T @ shares + _PENALTY * beyond

    found = minimize(loss, prior, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return {trait: round(float(found.x[number]), 3) for trait, number in columns.items()}


def _choices(cut: Cut) -> list[tuple[str, ...]]:
    return [cut.traits, *(traits for _, traits in cut.options)]


def main() -> None:
    """Fit to all marked pages that are asked for, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=_OUT, help="the file to write")
    parser.add_argument("--without", nargs="*", default=[], help="pages to leave out")
    options = parser.parse_args()
    pages = [page for page in marked_pages() if page.name not in options.without]
    weights = fit([cut for page in pages for cut in marked_cuts(page) * (_PRINTED if page.is_printed else 1)])
    options.out.write_text(json.dumps(weights, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
