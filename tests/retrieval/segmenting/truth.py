"""Pages marked by hand: what a careful reader sees on them."""

import json
from dataclasses import dataclass
from pathlib import Path

from retrieval.segmenting.imprint import Imprint

__all__ = ["MarkedArticle", "MarkedBlock", "MarkedPage", "marked_pages"]

PAGES = Path(__file__).parent / "pages"
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class MarkedBlock:
    first: int
    last: int
    kinds: frozenset[str]
    begins: str


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """An article and what is told of it; ``period`` and ``people`` are None where they were not marked."""

    headline: str
    authors: tuple[str, ...]
    place: str
    lines: tuple[tuple[int, int], ...]
    period: str | None
    people: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page and its marks; all lines are counted from 1.

    ``is_printed`` are the seeds, which a paper has printed; the other pages were written to be read here. Where a page
    is not ``is_mended``, it has taught the weights and nothing else: its faults were not looked into one by one.
    A block may be marked with several kinds where readers would differ. ``doubtful_joins`` count neither way.
    """

    name: str
    text: str
    is_printed: bool
    held_out: bool
    is_mended: bool
    imprint: Imprint
    articles: tuple[MarkedArticle, ...]
    joins: frozenset[tuple[int, int]]
    doubtful_joins: frozenset[tuple[int, int]]
    copies: frozenset[tuple[int, int]]
    blocks: tuple[MarkedBlock, ...]

    def line_of(self, offset: int) -> int:
        """Give the line in which a character stands."""
        return self.text.count("\n", 0, offset) + 1


def marked_pages() -> list[MarkedPage]:
    """Read all pages that were marked by hand, by name."""
    return [_read(file) for file in sorted(PAGES.glob("*.json"))]


def _read(file: Path) -> MarkedPage:
    marks = json.loads(file.read_text(encoding="utf-8"))
    source = marks["source"]
    path = ROOT / source if "/" in source else PAGES / source
    with path.open(encoding="utf-8", newline="") as stream:
        text = stream.read()
    imprint = marks["imprint"]
    return MarkedPage(
        name=file.stem,
        text=text,
        is_printed="/" in source,
        held_out=marks["held_out"],
        is_mended=marks.get("mended", True),
        imprint=Imprint(**imprint),
        articles=tuple(
            MarkedArticle(
                a["headline"],
                tuple(a["authors"]),
                a["place"],
                tuple((s, e) for s, e in a["lines"]),
                a.get("period"),
                frozenset(a["people"]) if "people" in a else None,
            )
            for a in marks["articles"]
        ),
        joins=frozenset((a, b) for a, b in marks["joins"]),
        doubtful_joins=frozenset((a, b) for a, b in marks["doubtful_joins"]),
        copies=frozenset((a, b) for a, b in marks["copies"]),
        blocks=tuple(
            MarkedBlock(b["lines"][0], b["lines"][1], frozenset(b["kind"].split("|")), b["begins"])
            for b in marks["blocks"]
        ),
    )
