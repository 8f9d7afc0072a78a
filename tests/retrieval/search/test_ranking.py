"""The network that ranks sentences, by hand-made weights and by the shipped ones."""

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.search.features import FEATURES
from retrieval.search.ranking import Ranker, best_of, load_ranker

_COUNT = len(FEATURES)


def _features(*first: float) -> NDArray[np.float32]:
    rows = np.zeros((len(first), _COUNT), np.float32)
    rows[:, 0] = first
    return rows


def _ranker(direct: float = 0, direct_short: float = 0, unit: tuple[float, float] = (0, 0), bias: float = 0) -> Ranker:
    """Make a ranking of the first feature, how far it falls short, and one unit of both."""
    weights = np.zeros(2 * _COUNT + 1)
    weights[[0, _COUNT]] = direct, direct_short
    hidden = np.zeros((2 * _COUNT + 1, 1))
    hidden[[0, _COUNT], 0] = unit
    return Ranker(np.full(_COUNT, 2.0), hidden, np.array([bias], np.float64), np.ones(1), weights)


def _some(seed: int) -> list[NDArray[np.float32]]:
    random = np.random.default_rng(seed)
    return [random.normal(size=(size, _COUNT)).astype(np.float32) for size in (3, 1, 7)]


def test_the_shipped_ranking_fits_the_features() -> None:
    ranker = load_ranker()
    units = len(ranker.output)
    assert ranker.limits.shape == (_COUNT,)
    assert ranker.hidden.shape == (2 * _COUNT + 1, units)
    assert ranker.hidden_bias.shape == (units,)
    assert ranker.direct.shape == (2 * _COUNT + 1,)
    assert all(np.isfinite(part).all() for part in (ranker.hidden, ranker.hidden_bias, ranker.output, ranker.direct))


def test_a_feature_adds_its_weight_and_its_shortfall_up_to_the_limit() -> None:
    passages = [_features(5, 4), _features(1)]
    found = _ranker(direct=1, direct_short=-10).scores(passages, 0.0)
    assert [scores.tolist() for scores in found] == [[5, 4 - 10], [1 - 20]]


def test_a_unit_counts_only_above_nothing() -> None:
    found = _ranker(unit=(1, 1), bias=-3).scores([_features(2, 4)], 0.0)
    assert found[0].tolist() == [1, 1]
    assert _ranker(unit=(1, 0), bias=-3).scores([_features(2, 4)], 0.0)[0].tolist() == [0, 1]


def test_how_much_the_archive_knows_is_an_input() -> None:
    ranker = _ranker()
    ranker.direct[-1] = 2
    assert ranker.scores([_features(1)], 0.5)[0].tolist() == [1]


def test_no_passages_have_no_scores() -> None:
    assert load_ranker().scores([], 1.0) == []
    assert Ranker.indifferent().scores(_some(1), 1.0)[2].tolist() == [0] * 7


@pytest.mark.parametrize("known_share", [0.0, 0.4, 1.0])
def test_points_and_the_rest_add_up_to_the_score(known_share: float) -> None:
    ranker, passages = load_ranker(), _some(2)
    best = best_of(passages)
    for features, scores in zip(passages, ranker.scores(passages, known_share), strict=True):
        for row, score in zip(features, scores, strict=True):
            points, rest = ranker.points(row, best, known_share)
            assert points.sum() + rest == pytest.approx(score, abs=1e-3)


def test_a_ranking_without_features_gives_them_no_points() -> None:
    names = ("dense", "length")
    passages = _some(3)
    points, _ = load_ranker().without(names).points(passages[0][0], best_of(passages), 0.5)
    assert [name for name, value in zip(FEATURES, points, strict=True) if not value] == list(names)


def test_a_passage_scores_the_same_in_other_company_that_is_no_better() -> None:
    passages = _some(4)
    best = best_of(passages)[None]
    alone = load_ranker().scores([passages[0], best], 0.7)[0]
    assert (load_ranker().scores([*passages, best], 0.7)[0] == alone).all()
