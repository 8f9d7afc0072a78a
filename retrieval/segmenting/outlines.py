from retrieval.segmenting.pages import Page, read_page
from retrieval.types import Document, Outline, OutlineArticle, OutlineBlock

__all__ = ["outline"]


def outline(document: Document) -> Outline:
    """Read a document's page again and give what it is made of."""
    page = read_page(document.text)
    of_article = {position: number for number, article in enumerate(page.articles) for position in article.entries}
    kept = {copy: group.kept for group in page.copies for copy in group.copies}
    return Outline(
        document_id=document.id,
        publication=page.imprint.publication,
        date=page.imprint.date,
        weekday=page.imprint.weekday,
        page=page.imprint.page,
        section=page.imprint.section,
        articles=_articles(page),
        blocks=tuple(
            OutlineBlock(
                kind=entry.parts[0].kind,
                spans=tuple(part.span for part in entry.parts),
                article=of_article.get(position),
                copy_of=kept.get(position),
            )
            for position, entry in enumerate(page.entries)
        ),
    )


def _articles(page: Page) -> tuple[OutlineArticle, ...]:
    return tuple(
        OutlineArticle(
            headline=article.headline,
            byline=article.byline,
            place=article.place,
            date=article.date,
            period=article.period,
            blocks=article.entries,
        )
        for article in page.articles
    )
