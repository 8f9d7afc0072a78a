import numpy as np
import pytest

from retrieval import AnswerStatus, Archive
from retrieval.answering.decision import EVIDENCE, Decision, evidence, load_decision
from retrieval.answering.missing import missing_parts
from retrieval.answering.selection import choose
from retrieval.search import analyse


def test_the_shipped_model_fits_the_evidence() -> None:
    decision = load_decision()
    assert decision.native.shape == decision.foreign.shape == (len(EVIDENCE),)
    assert 0 < decision.answerable_at < 1


def test_a_probability_stays_between_0_and_1() -> None:
    weights = np.full(len(EVIDENCE), 1e6)
    decision = Decision(weights, weights, (0.0, 0.0))
    assert decision.probability(np.ones(len(EVIDENCE)), 0.5) == pytest.approx(1.0)
    assert decision.probability(-np.ones(len(EVIDENCE)), 0.5) == pytest.approx(0.0, abs=1e-9)


def told(archive: Archive, question: str) -> dict[str, float]:
    with archive.reading() as view:
        found = view.searcher.find(analyse(question), view.snapshot)
        pinyin = view.searcher.lexicon.pinyin
        values = evidence(found, choose(found, 3), missing_parts(found.query, found, pinyin), pinyin)
    assert np.isfinite(values).all()
    return dict(zip(EVIDENCE, values.tolist(), strict=True))


def test_evidence_tells_a_question_on_the_archive_from_others(seeds_archive: Archive) -> None:
    here, off = told(seeds_archive, "炎陵县的调解成功率是多少？"), told(seeds_archive, "番茄炒蛋怎么做才好吃")
    assert here["passage_words"] > 0.9 > 0.5 > off["passage_words"]
    assert here["passage_rarest_untold"] < off["passage_rarest_untold"]
    assert (here["unit_untold"], here["kind_untold"]) == (0.0, 0.0)


def test_a_number_of_something_else_does_not_fit(seeds_archive: Archive) -> None:
    assert told(seeds_archive, "攸县有多少平方公里")["unit_untold"] == 1.0


def test_near_the_highlight_no_more_is_told_than_in_the_sentence(seeds_archive: Archive) -> None:
    for question in ("攸县公安机关立了多少刑案", "How many people did prosecutors in You County charge?"):
        values = told(seeds_archive, question)
        for kind in ("words", "pairs", "meanings", "related"):
            assert values[f"near_{kind}"] <= values[f"quoted_{kind}"] + 1e-9


def test_a_name_that_the_passage_lacks_is_seen_in_any_spelling(seeds_archive: Archive) -> None:
    for here, elsewhere in (("炎陵县有多少个网格", "汝城县有多少个网格"), ("grids in Yanling", "grids in Rucheng")):
        assert told(seeds_archive, here)["names_untold"] == 0.0
        assert told(seeds_archive, elsewhere)["names_untold"] > 0.0


def test_what_is_missing_counts_by_its_kind(seeds_archive: Archive) -> None:
    for question, kinds in (
        ("炎陵县的调解成功率是多少？", set()),
        ("汝城县的调解成功率是多少？", {"place"}),
        ("炎陵县2015年的调解成功率是多少？", {"year"}),
        ("周惠兰是哪个法院的院长？", {"name"}),
    ):
        values = told(seeds_archive, question)
        assert {kind for kind in ("year", "place", "name") if values[f"{kind}_missing"]} == kinds


def test_words_in_a_row_are_no_name_because_the_segmenter_does_not_know_them(seeds_archive: Archive) -> None:
    values = told(seeds_archive, "炎陵县建网格要花几年？")
    assert (values["names_told"], values["names_untold"]) == (1.0, 0.0)


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
