from pathlib import Path

import numpy as np
import pytest

from retrieval.answering.decision import EVIDENCE
from training.cases import swapped, without
from training.models import Case, fit_decision, threshold
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


def test_what_answers_is_taken_out_of_a_paragraph() -> None:
    rest = "该镇有小学三所、中学一所，常住人口约两万人，以种植水稻和油茶为主。" * 2
    paragraph = f"青石镇的新卫生院设病床80张。{rest}"
    assert without(paragraph, ["80张"]) == rest


@pytest.mark.parametrize("answer", ["三所", "种植水稻"])
def test_too_little_may_be_left_of_a_paragraph(answer: str) -> None:
    paragraph = "青石镇有小学三所。" + "该镇以种植水稻和油茶为主，常住人口约两万人。" * 4
    left = without(paragraph, [answer])
    assert left == ("" if answer == "种植水稻" else paragraph.removeprefix("青石镇有小学三所。"))


def test_the_curve_compares_what_is_stated_with_what_is_true(tmp_path: Path) -> None:
    given, answered = np.array([0.1, 0.1, 0.9, 0.9, 1.0]), np.array([False, False, True, True, False])
    bins = reliability(given, answered, np.ones(5), 10)
    low, high = bins
    assert (low.count, high.count) == (2, 3)
    assert [low.stated, low.true, high.stated, high.true] == pytest.approx([0.1, 0.0, 2.8 / 3, 2 / 3])
    assert calibration_error(bins) == pytest.approx((2 * 0.1 + 3 * (2.8 / 3 - 2 / 3)) / 5)
    heavier = reliability(given, answered, np.array([1.0, 1.0, 1.0, 1.0, 2.0]), 10)[1]
    assert [heavier.stated, heavier.true, heavier.share] == pytest.approx([3.8 / 4, 0.5, 4 / 6])
    write_curve(tmp_path, bins)
    assert (tmp_path / "reliability.svg").read_text(encoding="utf-8").count("<circle") == 2


def test_the_threshold_is_where_refusing_costs_least() -> None:
    given = np.array([0.1, 0.2, 0.3, 0.4, 0.35, 0.6, 0.7, 0.9])
    answered = np.array([False, False, False, False, True, True, True, True])
    # Of four that are answered one lies below 0.4, of four that are not one above it.
    assert threshold(given, answered, np.ones(8), 3.0) == pytest.approx(0.31)
    assert threshold(given, answered, np.ones(8), 0.5) == pytest.approx(0.41)
    # Where the highest of those that are not counts most, it is refused too.
    assert threshold(given, answered, np.array([1, 1, 1, 20, 1, 1, 1, 1.0]), 3.0) == pytest.approx(0.41)


def test_the_decision_learns_what_tells_answered_from_not() -> None:
    def case(told: float, *, answered: bool) -> Case:
        values = np.zeros(len(EVIDENCE))
        values[EVIDENCE.index("passage_words")] = told
        return Case(values, 0.5, answered, "reading", "zh")

    members = [case(0.9, answered=True)] * 5 + [case(0.2, answered=False)] * 5
    decision = fit_decision(members, {"reading": 1.0}, 1e-3)
    assert decision.probability(members[0].told, 0.5) > 0.8 > 0.2 > decision.probability(members[-1].told, 0.5)
