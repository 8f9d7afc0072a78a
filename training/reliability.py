from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bin", "calibration_error", "reliability", "write_curve"]

_SIDE = 300


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of about the same stated probability: its mean, the share that the archive answers, and their number.

    ``share`` is what they weigh among all cases, 0 to 1.
    """

    stated: float
    true: float
    count: int
    share: float


def reliability(
    probabilities: NDArray[np.float64], answered: NDArray[np.bool_], weights: NDArray[np.float64], bins: int
) -> list[Bin]:
    """Sort cases by stated probability into bins of equal width; empty ones are left out.

    :param weights: what each case counts; a curve is true of cases that come as often as these.
    """
    numbers = np.minimum((probabilities * bins).astype(int), bins - 1)
    return [
        Bin(
            float(np.average(probabilities[inside], weights=weights[inside])),
            float(np.average(answered[inside], weights=weights[inside])),
            int(inside.sum()),
            float(weights[inside].sum() / weights.sum()),
        )
        for inside in (numbers == number for number in range(bins))
        if weights[inside].any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Give the expected calibration error: how far stated and true shares are apart on average."""
    return sum(b.share * abs(b.stated - b.true) for b in bins)


def write_curve(folder: Path, bins: Sequence[Bin]) -> None:
    """Draw the reliability curve as ``reliability.svg``, its table beneath."""
    points = " ".join(f"{_SIDE * b.stated:.1f},{_SIDE * (1 - b.true):.1f}" for b in bins)
    dots = "".join(
        f'<circle cx="{_SIDE * b.stated:.1f}" cy="{_SIDE * (1 - b.true):.1f}" r="{2 + (b.count / 40) ** 0.5:.1f}">'
        f"<title>stated {b.stated:.2f}, true {b.true:.2f}, {b.count} cases</title></circle>"
        for b in bins
    )
    rows = "".join(
        f'<text x="320" y="{36 + 16 * n}">{b.stated:.2f}   {b.true:.2f}   {b.count}</text>' for n, b in enumerate(bins)
    )
    folder.joinpath("reliability.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-30 -20 500 350" font-family="sans-serif" font-size="11">\n'
        f'<path d="M0 0V{_SIDE}H{_SIDE}M0 {_SIDE}L{_SIDE} 0" fill="none" stroke="#999"/>\n'
        f'<polyline points="{points}" fill="none" stroke="#06c"/>\n<g fill="#06c">{dots}</g>\n'
        f'<text x="90" y="{_SIDE + 20}">stated probability that the archive answers</text>\n'
        f'<text x="4" y="-6">true share (expected calibration error {calibration_error(bins):.3f})</text>\n'
        f'<text x="320" y="16">stated  true  cases</text>\n{rows}\n</svg>\n',
        encoding="utf-8",
    )
