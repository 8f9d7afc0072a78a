from retrieval.answering.conversation import Understanding
from retrieval.answering.pages import Article, article_named, articles_meant, page_passages
from retrieval.answering.quoting import quote_passage
from retrieval.answering.results import Asked, Result, is_given, quoted, selected
from retrieval.answering.selection import Selection
from retrieval.search import Findings, Query
from retrieval.search.expectation import Furniture
from retrieval.search.features import ASKED_FURNITURE
from retrieval.types import Quote

__all__ = ["page_result"]


def page_result(query: Query, understood: Understanding, findings: Findings, asked: Asked) -> Result | None:
    """Answer a question about the page of an article that the question or the last answer names; None if it is none."""
    # Who is mayor is told by the text as well as by a card.
    if query.furniture in (Furniture.NONE, Furniture.CARD) or not findings.candidates:
        return None
    article = article_named(query.text, findings.candidates)
    if article is None and asked.history and understood.asked != understood.text:
        given = [s for s in selected(findings, 1.0, len(findings.candidates)) if is_given(s, asked, turns=1)]
        article = Article.of(given[0].candidate.passage) if given else None
    named = [(article, 1.0)] if article is not None else articles_meant(query, findings.candidates)
    quotes: dict[int, Quote] = {}
    for meant, likely in named:
        for passage in page_passages(query, meant, asked.snapshot):
            # The articles come from what passes the filters; their imprint may be of a kind that does not.
            if asked.filters is not None and asked.filters.kinds and passage.kind not in asked.filters.kinds:
                continue
            quotes.setdefault(passage.id, quote_passage(query, passage, asked.snapshot, likely))
    if quotes:
        told = list(quotes.values())
        if len(told) < asked.top:
            # Other blocks of the kind that is asked for, which the question may mean instead.
            others = [s for s in selected(findings, told[0].score, len(findings.candidates)) if _is_asked(query, s)]
            told += quoted(query, [s for s in others if s.candidate.passage.id not in quotes], asked.snapshot)
        return Result(tuple(told[: asked.top]), told[0].score)
    if article is None:
        return None
    # The page does not tell: what is nearest to the question is a near miss.
    return Result(quoted(query, selected(findings, 0.0, asked.top), asked.snapshot), 0.0)


def _is_asked(query: Query, selection: Selection) -> bool:
    return selection.candidate.passage.kind in ASKED_FURNITURE[query.furniture]
