import math
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.metrics import character_f1, ndcg_at, recall_at, reciprocal_rank_at

RANKS = [1, 2, 5, 11, None]


def test_recall_counts_the_ranks_within_k() -> None:
    assert recall_at(RANKS, 1) == 0.2
    assert recall_at(RANKS, 5) == 0.6
    assert recall_at(RANKS, 10) == 0.6
    assert recall_at(RANKS, 11) == 0.8


def test_reciprocal_rank_leaves_out_what_lies_beyond_k() -> None:
    assert reciprocal_rank_at(RANKS, 10) == pytest.approx((1 + 1 / 2 + 1 / 5) / 5)


def test_ndcg_discounts_by_the_logarithm() -> None:
    assert ndcg_at(RANKS, 10) == pytest.approx((1 + 1 / math.log2(3) + 1 / math.log2(6)) / 5)


@pytest.mark.parametrize("measure", [recall_at, reciprocal_rank_at, ndcg_at])
def test_no_questions_give_zero(measure: Callable[[Sequence[int | None], int], float]) -> None:
    assert measure([], 10) == 0.0


@given(st.lists(st.none() | st.integers(1, 50), max_size=20), st.integers(1, 20))
def test_the_measures_lie_between_zero_and_one_in_order(ranks: list[int | None], k: int) -> None:
    assert 0 <= reciprocal_rank_at(ranks, k) <= ndcg_at(ranks, k) + 1e-12
    assert ndcg_at(ranks, k) <= recall_at(ranks, k) + 1e-12 <= 1 + 1e-12


def test_character_f1() -> None:
    assert character_f1("98.5%", "98.5%") == 1.0
    assert character_f1("成功率98%", "98%") == pytest.approx(2 * 0.5 * 1 / 1.5)
    assert character_f1("三 天", "三天\n") == 1.0
    assert character_f1("甲甲", "甲乙") == 0.5
    assert character_f1("", "甲") == character_f1("甲", "") == character_f1("甲", "乙") == 0.0
