import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.language.duplicates import CopyGroup, find_copies
from retrieval.segmenting.composition import Composition, compose
from retrieval.segmenting.furniture import is_short
from retrieval.segmenting.headings import HeadingStack
from retrieval.segmenting.headlines import clean_heading
from retrieval.segmenting.imprint import Imprint, read_imprint
from retrieval.segmenting.orphans import Article
from retrieval.segmenting.people import find_people, people_of_card
from retrieval.segmenting.periods import period_of, years_of
from retrieval.segmenting.places import home_place, main_place
from retrieval.segmenting.signatures import is_organisation
from retrieval.types import Block, BlockKind, Context

__all__ = ["Page", "PageArticle", "Placed", "read_page"]

_REPORT = re.compile(r"报道|报导|報導|報道")
_HEADLINES = frozenset((BlockKind.SHOULDER, BlockKind.HEADLINE, BlockKind.SUBHEADLINE))
_TEXT = frozenset((BlockKind.PARAGRAPH, BlockKind.NOTE))
_COPIED = frozenset((BlockKind.PARAGRAPH, BlockKind.NOTE))
# What an article is about stands at its beginning; a book's later chapters would only cost time.
_MAX_READ = 60_000
# A newspaper's page is far shorter; the chapters of a library in one file are told by its beginning.
_MAX_READ_IN_ALL = 2_000_000


@dataclass(frozen=True, slots=True)
class Placed:
    """The parts of a paragraph, heading or other block, in reading order, and the context that they stand in."""

    parts: tuple[Block, ...]
    context: Context


@dataclass(frozen=True, slots=True)
class PageArticle:
    """An article of a page; ``entries`` are the positions of its entries in the page, in reading order.

    ``date`` is the issue's. An article without a headline holds what belongs to none.
    """

    headline: str
    byline: str
    place: str
    date: str
    period: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What a document is made of, as a careful reader sees it.

    ``entries`` are in the order of the text, each with its context; ``copies`` are the paragraphs that stand more than
    once, by their positions in ``entries``.
    """

    imprint: Imprint
    articles: tuple[PageArticle, ...]
    entries: tuple[Placed, ...]
    copies: tuple[CopyGroup, ...]


def read_page(text: str, *, copies: bool = True) -> Page:
    """Read a document's text: its blocks, the columns joined, the articles, and what each is about.

    :param text: the text, or a stretch of it.
    :param copies: whether to look for the paragraphs that stand more than once, a fifth of the work.
    """
    composition = compose(text)
    reader = _Reader(text, composition)
    entries: list[Placed | None] = [None] * len(composition.joined)
    articles = [reader.read(article, entries) for article in reader.articles]
    placed = tuple(entry for entry in entries if entry is not None)
    return Page(reader.imprint, tuple(articles), placed, tuple(_copies(text, placed)) if copies else ())


class _Reader:
    def __init__(self, text: str, composition: Composition) -> None:
        self.text = text
        self.joined, self.parts, self.articles = composition.joined, composition.parts, composition.articles
        self.imprint = read_imprint(
            (part.text for part in self.parts if part.kind is BlockKind.IMPRINT),
            (part.text for part in self.parts if part.kind in (BlockKind.BYLINE, BlockKind.PARAGRAPH)),
            self._title_lines(),
        )
        self.base = Context(
            title=self._title(),
            publication=self.imprint.publication,
            date=self.imprint.date,
            page=self.imprint.page,
            section=self.imprint.section,
            weekday=self.imprint.weekday,
        )
        body = self._body(range(len(self.joined)))
        imprint = self._read_some(range(len(self.joined)), (BlockKind.IMPRINT, *_HEADLINES))
        self.home = home_place(self.imprint.publication, "\n".join((body, *imprint)))
        place = self._place(range(len(self.joined)), self.base.title, body)
        # A page that several articles share speaks of its paper's city, unless its title names another place.
        self.place = place if place and (not self.home or place[:2] in self.base.title) else self.home
        self.period = period_of(self.base.title, body, self.imprint.date)
        self.left = _MAX_READ_IN_ALL

    def read(self, article: Article, entries: list[Placed | None]) -> PageArticle:
        """Give each of an article's parts its context."""
        members = sorted(article.members)
        body = self._body(members) if self.left > 0 else ""
        self.left -= len(body)
        heads = [self.parts[index].text for index in members if self.parts[index].kind in _HEADLINES]
        place = (self._place(members, article.headline, body) if body else "") or self.place
        period = period_of("\n".join(heads), body, self.imprint.date) or self.period
        cards = [people_of_card(card) for card in self._cards(members)]
        people = {**find_people([*heads, body]), **dict(cards)}
        base = replace(self.base, article=article.headline, byline=article.byline, place=place)
        decks = tuple(
            clean_heading(self.parts[index].text)
            for index in members
            if self.parts[index].kind is BlockKind.SUBHEADLINE
        )
        stack = HeadingStack(
            clean_heading(self.parts[index].text) for index in members if self.parts[index].kind is BlockKind.HEADING
        )
        before = -2
        context, told = base, None
        for index in members:
            part = self.parts[index]
            if part.kind is BlockKind.HEADING:
                stack.push(part.text, clean_heading(part.text), in_run=before == index - 1)
                before = index
            said = ((*decks, *stack.titles()), self._period(index, period), self._people(index, people))
            if said != told:
                told = said
                context = replace(base, headings=said[0], period=said[1], people=said[2])
            entries[index] = Placed(_of_kind(self.joined[index], part.kind), context)
        return PageArticle(article.headline, article.byline, place, self.imprint.date, period, tuple(members))

    def _title_lines(self) -> Iterator[str]:
        """Give the lines of the headlines, and a short one right below the first: when and where a meeting was."""
        titled = False
        for part in self.parts:
            if part.kind in _HEADLINES:
                titled = True
                yield part.text
            elif titled and part.kind is BlockKind.PARAGRAPH:
                if is_short(part.text):
                    yield part.text
                return

    def _whole(self, index: int) -> str:
        return "".join(self.text[part.span.start : part.span.end] for part in self.joined[index])

    def _body(self, members: Sequence[int]) -> str:
        return "\n".join(self._read_some(members, (*_TEXT, BlockKind.CAPTION)))

    def _read_some(self, members: Sequence[int], kinds: Sequence[BlockKind]) -> Iterator[str]:
        length = 0
        for index in members:
            if self.parts[index].kind in kinds:
                whole = self._whole(index)
                length += len(whole)
                if length > _MAX_READ:
                    return
                yield whole

    def _cards(self, members: Sequence[int]) -> Iterator[str]:
        """Give the texts of the persons' cards; a card's lines may be blocks of their own."""
        card: list[str] = []
        for index in [*members, -1]:
            if index >= 0 and self.parts[index].kind is BlockKind.CARD:
                card.append(self._whole(index))
            elif card:
                if len("\n".join(card).splitlines()) > 1:
                    yield "\n".join(card)
                card = []

    def _place(self, members: Sequence[int], headline: str, body: str) -> str:
        prominent = self._read_some(members, (*_HEADLINES, BlockKind.HEADING, BlockKind.CARD))
        # 记者 吴宗翰/安平报导 and an office that signs name the place; 掌上株洲记者 names the paper.
        signed = self._read_some(members, (BlockKind.BYLINE,))
        reports = [line for line in signed if _REPORT.search(line) or is_organisation(line)]
        return main_place([headline, *prominent, *reports], [body], self.home)

    def _period(self, index: int, article: str) -> str:
        years = years_of(self._whole(index), self.imprint.date) if self.parts[index].kind in _TEXT else ()
        if not years:
            return article
        return str(years[0]) if len(years) == 1 else f"{years[0]}/{years[-1]}"

    def _people(self, index: int, people: dict[str, str]) -> tuple[str, ...]:
        if not people:
            return ()
        whole = self._whole(index)
        bare = whole.replace(" ", "").replace("\u3000", "")
        return tuple(f"{name}（{post}）" for name, post in people.items() if name in whole or name in bare)

    def _title(self) -> str:
        """Give the page's title: its first headline, with its subtitle."""
        heads = [index for index, part in enumerate(self.parts) if part.kind in _HEADLINES]
        first = next((index for index in heads if self.parts[index].kind is BlockKind.HEADLINE), None)
        if first is None:
            first = next((index for index, part in enumerate(self.parts) if part.kind is BlockKind.HEADING), None)
            return "" if first is None else clean_heading(self.parts[first].text)
        title = clean_heading(self.parts[first].text)
        following = next((index for index in heads if index > first), None)
        if following is not None and self.parts[following].text.startswith("——"):
            return f"{title} {self.parts[following].text}"
        return title


def _copies(text: str, entries: Sequence[Placed]) -> Iterator[CopyGroup]:
    positions = [index for index, entry in enumerate(entries) if entry.parts[0].kind in _COPIED]
    texts = ["".join(text[part.span.start : part.span.end] for part in entries[index].parts) for index in positions]
    for group in find_copies(texts):
        yield CopyGroup(positions[group.kept], tuple(positions[copy] for copy in group.copies))


def _of_kind(blocks: tuple[Block, ...], kind: BlockKind) -> tuple[Block, ...]:
    if all(block.kind is kind for block in blocks):
        return blocks
    return tuple(replace(block, kind=kind) for block in blocks)
