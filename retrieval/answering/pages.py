import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.answering.elements import ElementKind, find_elements
from retrieval.answering.fields import credited
from retrieval.answering.quoting import squeezed
from retrieval.answering.tables import follow_up_tables, tongue_of
from retrieval.index import Snapshot
from retrieval.language.folding import fold
from retrieval.language.tokens import bigrams
from retrieval.search import Candidate, Query
from retrieval.search.expectation import AnswerKind, Furniture, find_answers
from retrieval.types import BlockKind, Passage

__all__ = ["Article", "article_named", "articles_meant", "headlines", "means_the_article_in_focus", "page_passages"]

# A title in its own marks may hold others: 《推进“五治”融合》.
_TITLES = (
    re.compile(r"《([^《》]{4,60})》"),
    re.compile(r"[《〈“「『„«\"]([^》〉”」』“»\"]{4,60})[》〉”」』“»\"]"),
)
_PAGE_ASKED = re.compile(
    r"第几版|哪一?版|几版|which page|page number|何面|몇 면|какой полос|welche seite|quelle page|qué página"
)
# How much likelier an article is whose best passage the channels give more: e times for each twentieth.
_STEEP = 20.0
# What a question about a page calls it.
_CALLED = re.compile(
    r"[那这哪几]一?[篇版期组]|[县市区]篇|文章|报道|報道|報導|报纸|報紙|稿|综述|綜述|纪实|紀實|手记|周刊|標題|标题|题目|題目|紙面|記事|新聞|기사|신문|지면"
    r"|\b(?:pages?|articles?|report|story|newspaper|issue|headlines?|weekly|paper|review)\b|стать|заметк|газет|полос|номер"
    r"|\b(?:artikel|bericht|zeitung|seite|ausgabe|article|journal|page|numéro|titre|artículo|periódico|página|número|titular)"
)
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]")
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


def means_the_article_in_focus(query: Query) -> bool:
    """Tell whether a question about a page is made of nothing but words for pages, like “Who wrote this article?”."""
    if query.furniture in (Furniture.NONE, Furniture.CARD):
        return False
    return follow_up_tables().is_whole("page", tongue_of(query.text, query.language), fold(query.text))


def article_named(question: str, candidates: Sequence[Candidate]) -> Article | None:
    """Find the article whose headline a question quotes, among those of the best passages."""
    for title in (title for pattern in _TITLES for title in pattern.findall(question)):
        wanted = squeezed(fold(title))
        for candidate in candidates:
            headline = squeezed(fold(candidate.passage.context.article))
            if headline and (wanted in headline or headline in wanted):
                return Article.of(candidate.passage)
    return None


def articles_meant(query: Query, candidates: Sequence[Candidate]) -> list[tuple[Article, float]]:
    """Guess which articles a question about a page means, the likeliest first, with the share of each, 0 to 1.

    They are those of the passages that the channels like best: on the day that the question names, or by the author, if
    it names one. Empty when it does not speak of a page or article at all, or means words above all articles.
    """
    day = _day_named(query.text)
    if not day and not _CALLED.search(fold(query.text)):
        return []
    page = query.furniture is Furniture.IMPRINT
    if not page and candidates and not candidates[0].passage.context.article:
        return []
    meant = [c for c in candidates if c.passage.context.date.endswith(day) and (page or c.passage.context.article)]
    if not day:
        # What the imprint says of itself does not tell which page is meant.
        meant = [c for c in meant if c.passage.kind is not BlockKind.IMPRINT]
    people = [e.text for e in find_elements(query.text) if e.kind is ElementKind.PERSON]
    meant = [c for c in meant if any(name in c.passage.context.byline for name in people)] or meant
    shares: defaultdict[Article, float] = defaultdict(float)
    for candidate in meant:
        article = Article(candidate.passage.document_id, "") if page else Article.of(candidate.passage)
        shares[article] = max(shares[article], math.exp(_STEEP * candidate.fused))
    total = sum(shares.values())
    return sorted(
        ((article, share / total) for article, share in shares.items()),
        key=lambda item: (-item[1], item[0].document_id, item[0].name),
    )


def _day_named(question: str) -> str:
    """Give the end of the ISO 8601 date that a question names: the whole, or month and day; '' if there is none."""
    # The room that reads pages is only needed by the few questions that are about one.
    from retrieval.segmenting.dates import read_date

    day = read_date(question)
    match = _DAY.search(question) if not day else None
    return f"-{int(match[1]):02d}-{int(match[2]):02d}" if match else day


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

    The imprint tells the day, the page and the editors, the by-line the author, the headline the title, a caption
    or a by-line who took the pictures.
    """
    if query.furniture is Furniture.HEADLINE:
        named = [p for p in headlines(snapshot, article.document_id) if p.context.article == article.name]
        return named[:1]
    if query.furniture is Furniture.BYLINE:
        return _bylines(article, snapshot)
    if query.furniture is Furniture.CREDIT:
        kinds = (BlockKind.CAPTION, BlockKind.BYLINE)
        lines = (line for kind in kinds for line in _of_kind(article.document_id, kind, snapshot))
        return [line for line in lines if Article.of(line) == article and credited(fold(line.text))]
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
