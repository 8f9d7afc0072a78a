import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.answering.quoting import squeezed
from retrieval.index import Snapshot
from retrieval.language.folding import fold
from retrieval.language.tokens import bigrams
from retrieval.search import Candidate, Query
from retrieval.search.expectation import AnswerKind, Furniture, find_answers
from retrieval.types import BlockKind, Passage

__all__ = ["Article", "article_named", "headlines", "page_passages"]

_TITLE = re.compile(r"[《〈“「『„«\"]([^》〉”」』“»\"]{4,60})[》〉”」』“»\"]")
_PAGE_ASKED = re.compile(
    r"第几版|哪一?版|几版|which page|page number|何面|몇 면|какой полос|welche seite|quelle page|qué página"
)
_PAGE = re.compile(r"(?<![\w])(?:第\s*)?[A-Z]?\d{1,3}\s*(?:版|面)?(?![\w:：-])")


@dataclass(frozen=True, slots=True)
class Article:
    """An article of a document; ``name`` is its headline as the passages' context has it, '' outside of articles."""

    document_id: str
    name: str

    @classmethod
    def of(cls, passage: Passage) -> "Article":
        """Give a passage's article."""
        return cls(passage.document_id, passage.context.article)


def article_named(question: str, candidates: Sequence[Candidate]) -> Article | None:
    """Find the article whose headline a question quotes, among those of the best passages."""
    for title in _TITLE.findall(question):
        wanted = squeezed(fold(title))
        for candidate in candidates:
            headline = squeezed(fold(candidate.passage.context.article))
            if headline and (wanted in headline or headline in wanted):
                return Article.of(candidate.passage)
    return None


def headlines(snapshot: Snapshot, document_id: str) -> Iterator[Passage]:
    """Give the headline of each article of a document, in order, and the first of its headings if it has none."""
    found: dict[str, Passage] = {}
    headings = [
        snapshot.passage(number)
        for number in snapshot.passage_ids(document_id, frozenset((BlockKind.HEADLINE, BlockKind.HEADING)))
    ]
    for heading in headings:
        article = heading.context.article
        if article and article not in found and squeezed(article) in squeezed(heading.text):
            found[article] = heading
    yield from found.values() if found else headings[:1]


def page_passages(query: Query, article: Article, snapshot: Snapshot) -> list[Passage]:
    """Give the passages of an article's page that tell what a question asks about it, the best first.

    The imprint tells the day, the page and the editors, the by-line the author, the headline the title.
    """
    if query.furniture is Furniture.HEADLINE:
        named = [p for p in headlines(snapshot, article.document_id) if p.context.article == article.name]
        return named[:1]
    if query.furniture is Furniture.BYLINE:
        return _bylines(article, snapshot)
    if query.furniture is not Furniture.IMPRINT:
        return []
    imprints = _of_kind(article.document_id, BlockKind.IMPRINT, snapshot)
    if query.expected is AnswerKind.DATE:
        imprints = [passage for passage in imprints if find_answers(AnswerKind.DATE, passage.text)]
    elif _PAGE_ASKED.search(fold(query.text)):
        return [passage for passage in imprints if _PAGE.search(passage.text)]
    asked = frozenset(bigrams(fold(query.text)))
    return sorted(imprints, key=lambda passage: (-len(asked & frozenset(bigrams(fold(passage.text)))), passage.id))


def _bylines(article: Article, snapshot: Snapshot) -> list[Passage]:
    bylines = [
        passage
        for passage in _of_kind(article.document_id, BlockKind.BYLINE, snapshot)
        if passage.context.article == article.name
    ]
    if bylines:
        return bylines
    # A by-line that opens the first paragraph is a sentence of it.
    paragraphs = _of_kind(article.document_id, BlockKind.PARAGRAPH, snapshot)
    return [
        passage
        for passage in paragraphs
        if passage.context.article == article.name
        and passage.context.byline
        and squeezed(passage.context.byline) in squeezed(passage.text)
    ][:1]


def _of_kind(document_id: str, kind: BlockKind, snapshot: Snapshot) -> list[Passage]:
    return [snapshot.passage(number) for number in snapshot.passage_ids(document_id, frozenset((kind,)))]
