from retrieval.answering.article_in_focus import passage_in_focus
from retrieval.answering.conversation import Request, Understanding
from retrieval.answering.pages import Article, article_named, articles_meant, means_the_article_in_focus, page_passages
from retrieval.answering.quoting import quote_passage
from retrieval.answering.results import Asked, Result, is_given, quoted, selected
from retrieval.answering.selection import Selection
from retrieval.search import Findings, Query, Searcher
from retrieval.search.expectation import Furniture
from retrieval.search.features import ASKED_FURNITURE
from retrieval.types import Quote

__all__ = ["page_result"]


def page_result(
    query: Query, understood: Understanding, findings: Findings, asked: Asked, searcher: Searcher
) -> Result | None:
    """Answer a question about the page of an article that the question or the last answer names; None if it is none."""
    # Who is mayor is told by the text as well as by a card.
    if query.furniture in (Furniture.NONE, Furniture.CARD) or not findings.candidates:
        return None
    article = article_named(query.text, findings.candidates)
    goes_on = understood.asked != understood.text or means_the_article_in_focus(query)
    if article is None and asked.history and goes_on:
        given = passage_in_focus(asked, searcher)
        article = Article.of(given) if given is not None else None
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
        if article is None and len(told) < asked.top:
            # Other blocks of the kind that is asked for, which the question may mean instead.
            others = [s for s in selected(findings, told[0].score, len(findings.candidates)) if _is_asked(query, s)]
            told += quoted(query, [s for s in others if s.candidate.passage.id not in quotes], asked.snapshot)
        likely = told[0].score
        if understood.request is Request.MORE:
            told = [quote for quote in told if not is_given(quote.text, asked)]
        return Result(tuple(told[: asked.top]), likely, article=article.name if article is not None else None)
    if article is None:
        return None
    # The page does not tell: what is nearest to the question is a near miss.
    return Result(quoted(query, selected(findings, 0.0, asked.top), asked.snapshot), 0.0, article=article.name)


def _is_asked(query: Query, selection: Selection) -> bool:
    return selection.candidate.passage.kind in ASKED_FURNITURE[query.furniture]
