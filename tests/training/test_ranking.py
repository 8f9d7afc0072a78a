"""The ranking fitted to made examples, as it is written and read."""

from pathlib import Path

import numpy as np

from retrieval.search.features import FEATURES
from retrieval.search.ranking import Ranker
from tests.extras import needs
from training.candidates import RankingExample

pytestmark = needs("torch")


def _examples(count: int) -> list[RankingExample]:
    """Make lists whose answer has most of the first feature, or least of it where all have the second."""
    random = np.random.default_rng(5)
    made = []
    for _ in range(count):
        features = np.zeros((6, len(FEATURES)), np.float32)
        turned = random.random() < 0.5
        features[:, 0] = random.uniform(size=6)
        features[:, 1] = turned
        answers = np.arange(6) == (features[:, 0].argmin() if turned else features[:, 0].argmax())
        made.append(RankingExample(features, answers, np.arange(6), 1.0, foreign=False))
    return made


def test_it_learns_what_no_sum_of_features_tells(tmp_path: Path) -> None:
    import torch

    from training.ranking import fit, recall_at_1, save

    torch.set_num_threads(1)
    examples = _examples(1500)
    ranker = fit([(examples[:1200], 1.0)], networks=2)
    assert recall_at_1(ranker, examples[1200:])[0] > 0.8

    save(ranker, ["made"], tmp_path / "ranker.npz")
    with np.load(tmp_path / "ranker.npz", allow_pickle=False) as packed:
        assert str(packed["features"]).split() == list(FEATURES)
        names = ("limits", "hidden", "hidden_bias", "output", "direct")
        read = Ranker(*(packed[name] for name in names))
    features = examples[0].features
    assert np.allclose(read.scores([features], 1.0)[0], ranker.scores([features], 1.0)[0], atol=1e-3)


def test_the_same_examples_give_the_same_ranking() -> None:
    import torch

    from training.ranking import fit

    torch.set_num_threads(1)
    one, two = (fit([(_examples(70), 1.0)], networks=1) for _ in range(2))
    assert (one.hidden == two.hidden).all()
    assert (one.direct == two.direct).all()
