from retrieval import Archive
from retrieval.search import analyse
from retrieval.types import Filters


def test_candidates_come_best_first_and_their_shares_add_up(seeds_archive: Archive) -> None:
    with seeds_archive.reading() as view:
        found = view.searcher.find(analyse("炎陵县的调解成功率是多少？"), view.snapshot)
    scores = [candidate.score for candidate in found.candidates]
    assert scores == sorted(scores, reverse=True)
    shares = [found.share(candidate) for candidate in found.candidates]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1.0 + 1e-9


def test_only_the_passages_that_are_named_are_looked_at(seeds_archive: Archive) -> None:
    query = analyse("炎陵县的调解成功率是多少？")
    with seeds_archive.reading() as view:
        every = [c.passage.id for c in view.searcher.find(query, view.snapshot).candidates]
        some = frozenset(every[3:6])
        found = view.searcher.find(query, view.snapshot, within=some)
        none = view.searcher.find(query, view.snapshot, filters=Filters(places=("月球",)), within=some)
    assert {candidate.passage.id for candidate in found.candidates} == some
    assert not none.candidates


def test_hits_come_from_the_right_page_in_any_spelling(seeds_archive: Archive) -> None:
    for query in ("炎陵县 调解 成功率", "炎陵縣調解成功率", "炎陵县调解成功率", "Yanling mediation success rate"):
        hits = seeds_archive.search(query, top=5)
        assert len(hits) == 5
        assert any("917件" in hit.passage.text for hit in hits), query
        assert all(0 <= hit.score <= 1 for hit in hits)
        assert {channel.channel for channel in hits[0].channels} >= {"words", "bigrams", "dense"}


def test_a_question_about_the_page_finds_its_imprint(seeds_archive: Archive) -> None:
    answer = seeds_archive.ask("攸县篇的特别报道是哪一天见报的?")
    assert any("2021年11月24日" in quote.text for quote in answer.quotes)
