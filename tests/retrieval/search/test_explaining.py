import pytest

from retrieval import Archive, Filters
from retrieval.errors import QuestionError


def test_points_add_up_to_the_order_of_the_hits(seeds_archive: Archive) -> None:
    question = "炎陵县的调解成功率是多少？"
    explanation = seeds_archive.explain(question, top=4)
    assert [explained.hit for explained in explanation.hits] == seeds_archive.search(question, top=4)
    totals = [sum(part.points for part in explained.contributions) for explained in explanation.hits]
    assert totals == sorted(totals, reverse=True)
    best = explanation.hits[0]
    assert best.sentence in best.hit.passage.text
    points = [part.points for part in best.contributions]
    assert points == sorted(points, reverse=True)
    told = {part.name: part.value for part in best.contributions}
    assert told["words"] == pytest.approx({c.channel: c.score for c in best.hit.channels}["words"])
    assert told["place_is"] == 1.0


def test_it_tells_how_the_question_was_understood(seeds_archive: Archive) -> None:
    explanation = seeds_archive.explain("How many disputes did Yanling mediate?")
    assert (explanation.language, explanation.expected) == ("en", "number")
    assert any("纠纷" in group for group in explanation.translations)
    assert 0 < explanation.probability == seeds_archive.ask("How many disputes did Yanling mediate?").probability


def test_filters_count(seeds_archive: Archive) -> None:
    explanation = seeds_archive.explain("矛盾纠纷", top=3, filters=Filters(places=("攸县",)))
    assert len(explanation.hits) == 3
    assert {explained.hit.passage.context.place for explained in explanation.hits} == {"攸县"}


def test_bad_input_is_refused(seeds_archive: Archive) -> None:
    with pytest.raises(QuestionError):
        seeds_archive.explain("？")
    with pytest.raises(ValueError, match="top must be at least 1"):
        seeds_archive.explain("调解", top=0)
