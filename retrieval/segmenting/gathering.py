"""Which articles a page has whose headlines are known."""

from collections.abc import Sequence

from retrieval.segmenting.furniture import heading_pattern
from retrieval.segmenting.headlines import Part, clean_heading
from retrieval.segmenting.mastheads import is_jump
from retrieval.segmenting.orphans import Article, resume_orphans
from retrieval.segmenting.series import SERIES, earlier_of, number_of
from retrieval.segmenting.signatures import is_dateline, names_dateline, sign_off
from retrieval.types import BlockKind

__all__ = ["gather_articles"]

_HEADS = frozenset((BlockKind.SHOULDER, BlockKind.HEADLINE, BlockKind.SUBHEADLINE))
# What may stand between the lines above an article's text.
_BETWEEN = frozenset((BlockKind.IMPRINT, BlockKind.CAPTION, BlockKind.BYLINE, BlockKind.CARD))
_TEXT = frozenset((BlockKind.PARAGRAPH, BlockKind.NOTE))


def gather_articles(parts: Sequence[Part]) -> list[Article]:
    """Put the parts of a page into its articles: one begins at each headline, with the shoulder above it.

    :param parts: the parts, headlines told from headings.
    :returns: the articles, each part in exactly one of them.
    """
    gatherer = _Gatherer(parts)
    for index in range(len(parts)):
        gatherer.read(index)
    resume_orphans(gatherer.articles, parts)
    return [article for article in gatherer.articles if article.members]


class _Gatherer:
    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self.articles = [Article()]
        self._article = self.articles[0]
        self._signs = any(p.kind in (BlockKind.BYLINE, BlockKind.CARD) or is_dateline(p.text) for p in parts)

    def read(self, index: int) -> None:
        """Put the part at ``index`` into its article."""
        part = self._parts[index]
        if part.follows is not None:
            # The rest of an article that another one interrupts.
            self._article = next(a for a in reversed(self.articles) if part.follows in a.members)
        if self._opens(index):
            self._article = Article()
            self.articles.append(self._article)
        article = self._article
        if part.kind is BlockKind.HEADLINE:
            # The lines of one headline stand together.
            article.headline = f"{article.headline} {clean_heading(part.text)}".strip()
        elif part.kind is BlockKind.HEADING:
            article = self._read_heading(clean_heading(part.text))
        elif part.kind is BlockKind.BYLINE:
            article.sign(part.text)
        elif part.kind is BlockKind.PARAGRAPH:
            article.sign(names_dateline(part.text) or sign_off(part.ending))
        elif part.kind is BlockKind.CARD and not article.has_text and not article.byline:
            article.sign(part.text.splitlines()[0].strip())
        article.members.append(index)
        article.has_text |= part.kind in _TEXT

    def _opens(self, index: int) -> bool:
        """Tell whether another article begins with the part at ``index``."""
        part, article = self._parts[index], self._article
        if part.kind is BlockKind.HEADLINE:
            if not article.headline:
                return article.has_text
            above = self._parts[index - 1].kind
            return not (above is BlockKind.HEADLINE and part.gap == 0)
        if part.kind is BlockKind.SHOULDER or (part.kind is BlockKind.SUBHEADLINE and article.has_text):
            return (article.has_text or bool(article.headline)) and self._is_above_headline(index)
        if part.kind is BlockKind.BYLINE:
            jumped = index > 0 and is_jump(self._parts[index - 1].text)
            return jumped and self._is_above_headline(index)
        return False

    def _is_above_headline(self, index: int) -> bool:
        """Tell whether nothing but furniture and a headline's other lines stand between a part and a headline."""
        for below in self._parts[index + 1 :]:
            if below.kind is BlockKind.HEADLINE:
                return True
            if below.kind not in _HEADS and below.kind not in _BETWEEN:
                return False
        return False

    def _read_heading(self, heading: str) -> Article:
        """Take a numbered heading into its series, which an article may have cut."""
        pattern = heading_pattern(heading)
        if pattern in SERIES:
            if self._signs:
                self._article = earlier_of(self.articles, self._article, heading) or self._article
            self._article.series.setdefault(pattern, set()).add(number_of(heading))
        return self._article
