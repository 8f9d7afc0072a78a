"""How near the segmenting comes to what a careful reader sees: ``python -m tests.retrieval.segmenting.measure``."""

import sys
from dataclasses import dataclass, field
from itertools import pairwise

from retrieval.segmenting.pages import Page, read_page
from tests.retrieval.segmenting.truth import MarkedPage, marked_pages

__all__ = ["Measure", "PageMeasures", "measure_page", "total"]

# Lines of these kinds may be cut into blocks in more than one way that is right.
_MERGED = frozenset(("imprint", "byline", "card", "caption"))


@dataclass(frozen=True, slots=True)
class Measure:
    """Right, found and marked: how many were found rightly, found at all, and should have been found."""

    right: int = 0
    found: int = 0
    marked: int = 0
    errors: tuple[str, ...] = ()

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.marked if self.marked else 1.0

    def __add__(self, other: "Measure") -> "Measure":
        return Measure(
            self.right + other.right, self.found + other.found, self.marked + other.marked, self.errors + other.errors
        )


@dataclass(frozen=True, slots=True)
class PageMeasures:
    kinds: Measure = field(default_factory=Measure)
    joins: Measure = field(default_factory=Measure)
    boundaries: Measure = field(default_factory=Measure)
    facts: Measure = field(default_factory=Measure)
    copies: Measure = field(default_factory=Measure)

    def __add__(self, other: "PageMeasures") -> "PageMeasures":
        return PageMeasures(
            self.kinds + other.kinds,
            self.joins + other.joins,
            self.boundaries + other.boundaries,
            self.facts + other.facts,
            self.copies + other.copies,
        )


@dataclass(frozen=True, slots=True)
class _Found:
    first: int
    last: int
    kind: str
    article: int


def measure_page(marked: MarkedPage) -> PageMeasures:
    """Compare what is found on a page with its marks."""
    page = read_page(marked.text)
    blocks = _found_blocks(marked, page)
    return PageMeasures(
        kinds=_kinds(marked, blocks),
        joins=_joins(marked, page),
        boundaries=_boundaries(marked, blocks),
        facts=_facts(marked, page, blocks),
        copies=_copies(marked, page),
    )


def total(measures: list[PageMeasures]) -> PageMeasures:
    return sum(measures, start=PageMeasures())


def _found_blocks(marked: MarkedPage, page: Page) -> list[_Found]:
    article_of = {entry: number for number, article in enumerate(page.articles) for entry in article.entries}
    return sorted(
        (
            _Found(
                marked.line_of(block.span.start),
                marked.line_of(block.span.end - 1),
                block.kind.value,
                article_of[index],
            )
            for index, entry in enumerate(page.entries)
            for block in entry.parts
        ),
        key=lambda block: block.first,
    )


def _merged(blocks: list[tuple[int, int, frozenset[str]]]) -> set[tuple[int, int, frozenset[str]]]:
    merged: list[tuple[int, int, frozenset[str]]] = []
    for first, last, kinds in blocks:
        if merged and merged[-1][2] == kinds and kinds <= _MERGED:
            merged[-1] = (merged[-1][0], last, kinds)
        else:
            merged.append((first, last, kinds))
    return set(merged)


def _kinds(marked: MarkedPage, blocks: list[_Found]) -> Measure:
    found_at = {(block.first, block.last): block.kind for block in blocks}
    # Where readers would differ, the kind that was found counts as the one marked.
    decided = [
        (
            b.first,
            b.last,
            frozenset((found_at[b.first, b.last],)) if found_at.get((b.first, b.last)) in b.kinds else b.kinds,
        )
        for b in marked.blocks
    ]
    truth = _merged(decided)
    found = _merged([(block.first, block.last, frozenset((block.kind,))) for block in blocks])
    missed = [f"line {a}-{b} is {'/'.join(sorted(k))}" for a, b, k in sorted(truth - found, key=lambda e: e[:2])]
    wrong = [f"line {a}-{b} read as {'/'.join(k)}" for a, b, k in sorted(found - truth, key=lambda e: e[:2])]
    return Measure(len(truth & found), len(found), len(truth), tuple(f"{marked.name}: {e}" for e in (*missed, *wrong)))


def _joins(marked: MarkedPage, page: Page) -> Measure:
    found = {
        (marked.line_of(above.span.start), marked.line_of(below.span.start))
        for entry in page.entries
        for above, below in pairwise(entry.parts)
    } - marked.doubtful_joins
    errors = [f"{marked.name}: join {a}+{b} missed" for a, b in sorted(marked.joins - found)]
    errors += [f"{marked.name}: join {a}+{b} is wrong" for a, b in sorted(found - marked.joins)]
    return Measure(len(found & marked.joins), len(found), len(marked.joins), tuple(errors))


def _boundaries(marked: MarkedPage, blocks: list[_Found]) -> Measure:
    """Compare the lines at which the text of another article begins; captions belong to no place on a page."""
    truth, found = set(), set()
    before_marked = before_found = -1
    for block in blocks:
        number = next(
            (n for n, article in enumerate(marked.articles) for a, b in article.lines if a <= block.first <= b), None
        )
        if number is None or block.kind in ("caption", "imprint", "pull-quote"):
            continue
        if number != before_marked:
            truth.add(block.first)
        if block.article != before_found:
            found.add(block.first)
        before_marked, before_found = number, block.article
    errors = [f"{marked.name}: article at line {line} missed" for line in sorted(truth - found)]
    errors += [f"{marked.name}: no article begins at line {line}" for line in sorted(found - truth)]
    return Measure(len(truth & found), len(found), len(truth), tuple(errors))


def _facts(marked: MarkedPage, page: Page, blocks: list[_Found]) -> Measure:
    """Compare what is told of the articles and of the page.

    The headline, authors, place, period and people of each article; the fields of the imprint.
    """
    pairs: list[tuple[str, str, bool]] = []
    for article in marked.articles:
        first = article.lines[0][0]
        number = next((block.article for block in blocks if block.first >= first and block.kind == "headline"), None)
        found = page.articles[number] if number is not None else None
        pairs.append(_same(f"headline of {first}", article.headline, found.headline if found else None))
        pairs.append(_same(f"place of {first}", article.place, found.place if found else None))
        pairs.extend(
            (f"author of {first}", author, found is not None and author in found.byline) for author in article.authors
        )
        if article.period is not None:
            pairs.append(_same(f"period of {first}", article.period, found.period if found else None))
        if article.people is not None:
            named = (
                {person for entry in found.entries for person in page.entries[entry].context.people} if found else set()
            )
            pairs.extend((f"person of {first}", person, person in named) for person in sorted(article.people))
            pairs.extend((f"nobody in {first}", person, False) for person in sorted(named - article.people))
    for name in ("publication", "date", "weekday", "page", "section"):
        pairs.append(_same(name, getattr(marked.imprint, name), getattr(page.imprint, name)))
    right = sum(agrees for _, _, agrees in pairs)
    errors = tuple(f"{marked.name}: {what} should be {value!r}" for what, value, agrees in pairs if not agrees)
    return Measure(right, len(pairs), len(pairs), errors)


def _same(what: str, should: str, found: str | None) -> tuple[str, str, bool]:
    return f"{what} is {found!r},", should, found == should


def _copies(marked: MarkedPage, page: Page) -> Measure:
    def line(entry: int) -> int:
        return marked.line_of(page.entries[entry].parts[0].span.start)

    found = {(line(group.kept), line(copy)) for group in page.copies for copy in group.copies}
    errors = tuple(
        f"{marked.name}: copies found {sorted(found)}, marked {sorted(marked.copies)}" for _ in found ^ marked.copies
    )
    return Measure(len(found & marked.copies), len(found), len(marked.copies), errors)


def _row(name: str, measures: PageMeasures) -> str:
    cells = (
        f"{m.precision:6.3f} {m.recall:6.3f} {m.marked:4d}"
        for m in (measures.kinds, measures.joins, measures.boundaries, measures.facts)
    )
    return f"{name:20s}" + " |".join(cells)


def main(names: list[str]) -> str:
    """Give the table as text; ``names`` choose pages, all where empty."""
    pages = [page for page in marked_pages() if not names or page.name in names]
    measured = {page.name: measure_page(page) for page in pages}
    lines = [f"{'page':20s}{'kinds P/R/n':>18s} |{'joins P/R/n':>18s} |{'articles P/R/n':>18s} |{'facts':>18s}"]
    lines += [_row(name, measures) for name, measures in measured.items()]
    for title, held in (("seeds", None), ("other pages", False), ("held out", True)):
        chosen = [
            measured[page.name]
            for page in pages
            if (
                page.name.startswith("seed_")
                if held is None
                else page.held_out is held and not page.name.startswith("seed_")
            )
        ]
        if chosen:
            lines.append(_row(title, total(chosen)))
    lines += [
        error
        for measures in measured.values()
        for measure in (measures.kinds, measures.joins, measures.boundaries, measures.facts, measures.copies)
        for error in measure.errors
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]) + "\n")
