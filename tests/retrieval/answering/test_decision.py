import numpy as np
import pytest

from retrieval import AnswerStatus, Archive
from retrieval.answering.decision import EVIDENCE, Decision, evidence, load_decision
from retrieval.search.features import FEATURES


def test_the_shipped_model_fits_the_evidence() -> None:
    decision = load_decision()
    assert decision.native.shape == decision.foreign.shape == (len(EVIDENCE),)


def test_a_probability_stays_between_0_and_1() -> None:
    weights = np.full(len(EVIDENCE), 1e6)
    decision = Decision(weights, weights, (0.0, 0.0))
    assert decision.probability(np.ones(len(EVIDENCE)), 0.5) == pytest.approx(1.0)
    assert decision.probability(-np.ones(len(EVIDENCE)), 0.5) == pytest.approx(0.0, abs=1e-9)


def test_a_single_candidate_has_no_margin() -> None:
    told = evidence(np.zeros(len(FEATURES), np.float32), [7.0], 0.5)
    assert told[EVIDENCE.index("score")] == pytest.approx(0.7)
    assert told[EVIDENCE.index("margin")] == 0.0


@pytest.mark.parametrize("question", ["番茄炒蛋怎么做才好吃", "How do I bake a pizza?", "昨天的足球比赛谁赢了"])
def test_an_off_topic_question_is_not_answered(seeds_archive: Archive, question: str) -> None:
    answer = seeds_archive.ask(question)
    assert answer.status is AnswerStatus.NOT_FOUND
    assert not answer.quotes
    assert answer.near_misses


@pytest.mark.parametrize("question", ["炎陵县的调解成功率是多少？", "How many university students took part?"])
def test_a_question_on_the_archive_is_answered(seeds_archive: Archive, question: str) -> None:
    answer = seeds_archive.ask(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert answer.quotes
    assert not answer.near_misses
    assert all(0 < quote.score <= 1 for quote in answer.quotes)
