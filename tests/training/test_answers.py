from pathlib import Path

import numpy as np
import pytest

from retrieval.answering.decision import EVIDENCE
from training.answers import Case, fit_decision, swapped, threshold
from training.reliability import calibration_error, reliability, write_curve


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("炎陵县有多少个网格", "汝城县有多少个网格"),
        ("攸县法院收了多少案", "汝城县法院收了多少案"),
        ("How many grids has Yanling County?", "How many grids has Rucheng County?"),
        ("2022年发了多少本", "2015年发了多少本"),
        ("谁写的", ""),
    ],
)
def test_a_question_is_asked_of_another_place_or_year(question: str, other: str) -> None:
    assert swapped(question, 0) == other


def test_the_curve_compares_what_is_stated_with_what_is_true(tmp_path: Path) -> None:
    bins = reliability(np.array([0.1, 0.1, 0.9, 0.9, 1.0]), np.array([False, False, True, True, False]), 10)
    low, high = bins
    assert (low.count, high.count) == (2, 3)
    assert [low.stated, low.true, high.stated, high.true] == pytest.approx([0.1, 0.0, 2.8 / 3, 2 / 3])
    assert calibration_error(bins) == pytest.approx((2 * 0.1 + 3 * (2.8 / 3 - 2 / 3)) / 5)
    write_curve(tmp_path, bins)
    assert (tmp_path / "reliability.svg").read_text(encoding="utf-8").count("<circle") == 2


def test_the_threshold_refuses_no_more_than_it_may() -> None:
    given = np.linspace(0.0, 1.0, 101)
    answered = given >= 0.5
    at = threshold(given, answered, 0.04)
    assert at == pytest.approx(0.52)
    assert (given[answered] < at).mean() <= 0.04


def test_the_decision_learns_what_tells_answered_from_not() -> None:
    def case(told: float, *, answered: bool) -> Case:
        values = np.zeros(len(EVIDENCE))
        values[EVIDENCE.index("told")] = told
        return Case(values, 0.5, answered, "reading", "zh")

    members = [case(0.9, answered=True)] * 5 + [case(0.2, answered=False)] * 5
    decision = fit_decision(members, {"reading": 1.0}, 1e-3)
    assert decision.probability(members[0].told, 0.5) > 0.8 > 0.2 > decision.probability(members[-1].told, 0.5)
