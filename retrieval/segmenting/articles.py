from collections.abc import Sequence
from dataclasses import replace

from retrieval.segmenting.furniture import (
    heading_pattern,
    is_box,
    is_deck,
    is_label,
    is_list_title,
    is_notice_title,
    is_row,
)
from retrieval.segmenting.headlines import (
    SUBTITLE,
    Part,
    choose_headline,
    clean_heading,
    find_opening,
    headline_lines,
    headline_text,
)
from retrieval.segmenting.openings import Openings
from retrieval.segmenting.orphans import Article, resume_orphans
from retrieval.segmenting.series import SERIES, earlier_of, number_of
from retrieval.segmenting.signatures import is_dateline, names_dateline, sign_off
from retrieval.types import BlockKind

__all__ = ["Article", "find_articles"]

# Blocks that may stand between a headline and its by-line.
_BETWEEN = frozenset((BlockKind.IMPRINT, BlockKind.CAPTION))
# Reports of so few paragraphs have no headings inside.
_MAX_BRIEF = 2
_TOP_LEVELS = ("markdown-1", "chapter")


def find_articles(parts: Sequence[Part]) -> tuple[list[Article], list[Part]]:
    """Tell which articles a page has, and which of its headings are headlines.

    :returns: the articles, each part in exactly one of them, and the parts with headlines told from headings.
    """
    finder = _Finder(list(parts))
    index = 0
    while index < len(finder.parts):
        index = finder.read(index)
    resume_orphans(finder.articles, finder.parts)
    return [article for article in finder.articles if article.members], finder.parts


class _Finder:
    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts
        self.articles = [Article()]
        self.article = self.articles[0]
        self._titled = False
        self._is_other = False
        self._openings = Openings(self.parts)

    def read(self, index: int) -> int:
        """Read the part at ``index``, or the run of headings that it begins; give the next index."""
        part = self.parts[index]
        if part.follows is not None:
            # The rest of an article that another one interrupts.
            self.article = next(a for a in reversed(self.articles) if part.follows in a.members)
        if part.kind is BlockKind.HEADING:
            run = self._run(index)
            self._read_headings(run)
            return run[-1] + 1
        if part.kind is BlockKind.BYLINE:
            if self._openings.heads(index):
                self._begin()
                self.article.awaits_headline = True
            self.article.sign(part.text)
        elif part.kind is BlockKind.PARAGRAPH:
            self.article.sign(names_dateline(part.text) or sign_off(part.ending))
            self.article.is_report |= is_dateline(part.text)
        elif part.kind is BlockKind.CARD and not self.article.has_text and not self.article.byline:
            self.article.sign(part.text.splitlines()[0].strip())
        self.article.members.append(index)
        self.article.has_text |= part.kind in (BlockKind.PARAGRAPH, BlockKind.NOTE) or (
            part.kind is BlockKind.CAPTION and (self.article.is_item or is_label(self.article.headline))
        )
        self.article.is_closed |= self._openings.closes(index)
        return index + 1

    def _run(self, index: int) -> range:
        """Give the headings that stand together from ``index`` on, with the furniture between them."""
        end = last = index + 1
        if end < len(self.parts) and self.parts[end].kind is BlockKind.CAPTION and is_label(self.parts[index].text):
            return range(index, end)  # a picture's own text, which is an article by itself
        while end < len(self.parts) and (self.parts[end].kind is BlockKind.HEADING or self.parts[end].kind in _BETWEEN):
            if self.parts[end - 1].kind is BlockKind.CAPTION and is_notice_title(self.parts[end].text):
                break
            end += 1
            if self.parts[end - 1].kind is BlockKind.HEADING:
                last = end
        return range(index, last)

    def _read_headings(self, run: range) -> None:
        heads = [index for index in run if self.parts[index].kind is BlockKind.HEADING]
        mains = [index for index in heads if not self.parts[index].text.startswith(SUBTITLE)]
        # 纪实 or 见闻 on a second line says of what kind the text below the headline is.
        mains = mains[:1] + [index for index in mains[1:] if not is_deck(self.parts[index].text)]
        opens = self._openings.is_signed(run)
        if opens and mains and all(is_label(clean_heading(self.parts[index].text)) for index in heads):
            self._open_column(run, heads)
            return
        headline = self._headline(run, mains, opens=opens)
        if headline is None:
            self._read_subheadings(run, heads, mains)
            return
        opening = find_opening(self.parts, heads, mains, headline)
        self.article.members.extend(index for index in run if index < opening)
        brief, item = self.article.is_brief, self._is_other and not opens and not self._openings.is_unsigned
        if self.article.members and not self.article.awaits_headline:
            self._begin()
        self.article.awaits_headline = False
        self._mark_headlines(heads, mains, headline, opening)
        self.article.is_item = item
        self.article.headline = headline_text(self.parts, mains, headline)
        self.article.is_brief = is_label(clean_heading(self.parts[heads[0]].text)) or (brief and not opens)
        self.article.members.extend(index for index in run if index >= opening)

    def _begin(self) -> None:
        self.article = Article()
        self.articles.append(self.article)

    def _open_column(self, run: range, heads: list[int]) -> None:
        """Open an article at a column's label whose person's card stands above the headline."""
        self._begin()
        for index in heads:
            self._mark(index, BlockKind.SHOULDER)
        self.article.members.extend(run)
        self.article.awaits_headline = True

    def _read_subheadings(self, run: range, heads: list[int], mains: list[int]) -> None:
        if mains and self._openings.has_bylines:
            heading = clean_heading(self.parts[mains[0]].text)
            self.article = earlier_of(self.articles, self.article, heading) or self.article
        for index in heads:
            text = self.parts[index].text
            if text.startswith(SUBTITLE) and not self.article.has_text and self.article.headline:
                self._mark(index, BlockKind.SUBHEADLINE)
            pattern = heading_pattern(clean_heading(text))
            if pattern in SERIES:
                self.article.series.setdefault(pattern, set()).add(number_of(clean_heading(text)))
        self.article.members.extend(run)

    def _headline(self, run: range, mains: list[int], *, opens: bool) -> int | None:
        """Give the headline in a run of headings if it opens an article.

        A by-line, card or dateline below shows that, the label of a column of small articles, the heading of a whole
        text or chapter, or what ``_follows_another`` looks at.
        """
        if not mains:
            return None
        patterns = [heading_pattern(self.parts[index].text) for index in mains]
        levels = ("markdown-1",) if self._titled else _TOP_LEVELS
        tops = [index for index, pattern in zip(mains, patterns, strict=True) if pattern in levels]
        label = is_label(clean_heading(self.parts[mains[0]].text))
        first = not self.article.headline and not self.article.has_text
        other = self._is_other = not patterns[0] and self._follows_another(run, mains)
        if not (opens or tops or label or other or first):
            return None
        if first and patterns[0] not in _TOP_LEVELS:
            # A text with a title of its own is one; its chapters are headings.
            self._titled = True
        elif not (opens or other) and tops:
            return tops[-1]
        return choose_headline(self.parts, mains, patterns, first=first and not opens)

    def _follows_another(self, run: range, mains: list[int]) -> bool:
        """Tell whether a heading without a by-line stands below the end of another article."""
        article = self.article
        if not article.has_text:
            return False
        heading = clean_heading(self.parts[mains[0]].text)
        return (
            article.is_closed
            or article.is_brief
            or self._openings.is_unsigned
            or (self._openings.is_press and (is_notice_title(heading) or is_list_title(heading)))
            or (len(mains) > 1 and self._openings.is_press and is_box(heading))
            or (self._openings.is_press and self._titles_table(run))
            or (bool(article.byline or article.is_report) and self._openings.is_signed_below(run))
            or self._openings.is_another(run, article.members)
            or self._openings.is_report(run, article.members, dated=self._must_be_dated())
        )

    def _titles_table(self, run: range) -> bool:
        """Tell whether a table stands right below a run of headings: a page sets it as a box of its own."""
        rows = self.parts[run.stop].text.splitlines() if run.stop < len(self.parts) else []
        return len(rows) > 1 and all(map(is_row, rows[:2]))

    def _must_be_dated(self) -> bool:
        """Tell whether only a report that says when may follow: a longer article has headings of its own."""
        article = self.article
        texts = sum(self.parts[index].kind is BlockKind.PARAGRAPH for index in article.members)
        return not (article.is_item and not article.byline) and not (article.is_report and texts <= _MAX_BRIEF)

    def _mark_headlines(self, heads: list[int], mains: list[int], headline: int, opening: int) -> None:
        same = headline_lines(self.parts, mains, headline)
        for index in heads:
            text = self.parts[index].text
            if index in same:
                self._mark(index, BlockKind.HEADLINE)
            elif text.startswith(SUBTITLE) or (index > headline and is_deck(text)):
                self._mark(index, BlockKind.SUBHEADLINE)
            elif index < headline:
                self._mark(index, BlockKind.SHOULDER if index >= opening else BlockKind.HEADLINE)
            elif is_list_title(clean_heading(self.parts[headline].text)):
                continue
            elif not heading_pattern(text) and (self._openings.has_bylines or index == headline + 1):
                self._mark(index, BlockKind.SUBHEADLINE)

    def _mark(self, index: int, kind: BlockKind) -> None:
        self.parts[index] = replace(self.parts[index], kind=kind)
