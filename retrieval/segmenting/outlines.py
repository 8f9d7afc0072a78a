from retrieval.segmenting.pages import Page, read_page
from retrieval.segmenting.passages import move
from retrieval.segmenting.stretches import stretches
from retrieval.types import Document, Outline, OutlineArticle, OutlineBlock

__all__ = ["outline"]


def outline(document: Document) -> Outline:
    """Read a document's page again, or each stretch of a long one, and give what it is made of."""
    articles: list[OutlineArticle] = []
    blocks: list[OutlineBlock] = []
    imprint = None
    for stretch in stretches(document.text):
        page = read_page(document.text[stretch.start : stretch.end])
        imprint = imprint or page.imprint
        found = _blocks(page, stretch.start, len(articles), len(blocks))
        articles.extend(_articles(page, len(blocks)))
        blocks.extend(found)
    return Outline(
        document_id=document.id,
        publication=imprint.publication if imprint else "",
        date=imprint.date if imprint else "",
        weekday=imprint.weekday if imprint else "",
        page=imprint.page if imprint else "",
        section=imprint.section if imprint else "",
        articles=tuple(articles),
        blocks=tuple(blocks),
    )


def _blocks(page: Page, offset: int, articles: int, blocks: int) -> list[OutlineBlock]:
    """Give a stretch's blocks, which stand behind so many characters, articles and blocks of the document."""
    of_article = {position: number for number, article in enumerate(page.articles) for position in article.entries}
    kept = {copy: group.kept for group in page.copies for copy in group.copies}
    return [
        OutlineBlock(
            kind=entry.parts[0].kind,
            spans=move([part.span for part in entry.parts], offset),
            article=of_article[position] + articles if position in of_article else None,
            copy_of=kept[position] + blocks if position in kept else None,
        )
        for position, entry in enumerate(page.entries)
    ]


def _articles(page: Page, blocks: int) -> list[OutlineArticle]:
    return [
        OutlineArticle(
            headline=article.headline,
            byline=article.byline,
            place=article.place,
            date=article.date,
            period=article.period,
            blocks=tuple(position + blocks for position in article.entries),
        )
        for article in page.articles
    ]
