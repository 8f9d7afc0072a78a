"""A page as it was understood, written for a person to check, and as JSON."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cli.terminal import Style, one_line
from bot.wording import Messages
from retrieval.types import Examination, Outline, OutlineArticle, Span

__all__ = ["SharedText", "page_lines", "page_value", "summary_lines"]

_KIND_WIDTH = 11


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a block: where it stands, and the parts of the same block before and after it."""

    span: Span
    block: int
    before: Span | None
    after: Span | None


@dataclass(frozen=True, slots=True)
class SharedText:
    """A paragraph of a file that stands in another document too, whose line ``place`` names: ``page.txt:12``."""

    start: int
    place: str


def summary_lines(
    examined: Examination, shared: Sequence[SharedText], wording: Messages, style: Style
) -> Iterator[str]:
    """Tell of a file what was understood of it: its imprint, counts, articles, copies and warnings."""
    info, outline = examined.info, examined.outline
    lines = _Lines(examined.document.text)
    yield style.title(one_line(info.source))
    imprint = (outline.publication, outline.date, outline.weekday, outline.page, outline.section)
    if any(imprint):
        yield one_line(" · ".join(part for part in imprint if part))
        if not outline.date:
            yield wording.text("source_undated")
    counts = [
        info.encoding,
        wording.text("source_characters", count=info.characters),
        wording.text("passages", count=info.passages),
        wording.text("source_blocks", count=len(outline.blocks)),
        wording.text("source_articles", count=sum(1 for article in outline.articles if article.headline)),
    ]
    yield " · ".join(counts)
    numbers = _numbers(outline)
    for position, article in enumerate(outline.articles):
        first = lines.of(outline.blocks[article.blocks[0]].spans[0].start)
        headline = style.strong(one_line(article.headline)) if article.headline else wording.text("source_other")
        yield f"{numbers[position]:>3}. {headline}"
        told = (article.byline, article.place, article.period, article.date)
        pieces = [one_line(piece) for piece in told if piece]
        yield "     " + " · ".join([*pieces, wording.lines(first, first), _counted(article, wording)])
    for block in outline.blocks:
        if block.copy_of is not None:
            kept = outline.blocks[block.copy_of].spans[0].start
            yield wording.text("source_copy", copy=lines.of(block.spans[0].start), kept=lines.of(kept))
    for text in shared:
        yield one_line(wording.text("source_shared", line=lines.of(text.start), place=text.place))
    for reason in info.warnings:
        yield one_line(wording.text("source_warning", reason=reason))


def page_lines(examined: Examination, style: Style) -> Iterator[str]:
    """Write a file from its first line to its last, each block with its line, article and kind."""
    text, outline = examined.document.text, examined.outline
    lines = _Lines(text)
    numbers = _numbers(outline)
    width = len(str(lines.of(max(0, len(text) - 1))))
    for part in _parts(examined):
        block = outline.blocks[part.block]
        marks = [f"←{lines.of(part.before.start)}"] if part.before else []
        if part.after:
            marks.append(f"→{lines.of(part.after.start)}")
        if block.copy_of is not None:
            marks.append(f"={lines.of(outline.blocks[block.copy_of].spans[0].start)}")
        article = f"[{numbers[block.article]}]" if block.article is not None else ""
        head = f"{lines.of(part.span.start):{width}} {article:4} {block.kind.value:{_KIND_WIDTH}} "
        shown = text[part.span.start : part.span.end].splitlines()
        yield style.faint(head) + "".join(f"{mark} " for mark in marks) + one_line(shown[0])
        for line in shown[1:]:
            yield " " * len(head) + one_line(line)


def page_value(examined: Examination, shared: Sequence[SharedText], *, blocks: bool) -> dict[str, Any]:
    """Give the same as JSON-ready values; without ``blocks`` the articles do without theirs."""
    outline = examined.outline.to_dict()
    text = examined.document.text
    lines = _Lines(text)
    for block in outline["blocks"]:
        block["lines"] = [[lines.of(start), lines.of(end - 1)] for start, end in block["spans"]]
        block["text"] = "".join(text[start:end] for start, end in block["spans"])
    copies = [
        [position, block["copy_of"]] for position, block in enumerate(outline["blocks"]) if block["copy_of"] is not None
    ]
    value = {**examined.info.to_dict(), **outline, "copies": len(copies)}
    value["shared"] = [{"line": lines.of(text.start), "place": text.place} for text in shared]
    if not blocks:
        del value["blocks"]
        for article in value["articles"]:
            article["blocks"] = len(article["blocks"])
    return value


def _numbers(outline: Outline) -> list[str]:
    """Give the articles that have a headline their numbers, and what stands outside them a dash."""
    numbers, last = [], 0
    for article in outline.articles:
        last += 1 if article.headline else 0
        numbers.append(str(last) if article.headline else "–")
    return numbers


def _counted(article: OutlineArticle, wording: Messages) -> str:
    return wording.text("source_blocks", count=len(article.blocks))


def _parts(examined: Examination) -> list[_Part]:
    parts = []
    for number, block in enumerate(examined.outline.blocks):
        around = (None, *block.spans, None)
        parts += [_Part(span, number, around[index], around[index + 2]) for index, span in enumerate(block.spans)]
    return sorted(parts, key=lambda part: part.span)


class _Lines:
    """Tells on which line, counted from 1, a character of a text stands."""

    def __init__(self, text: str) -> None:
        self._ends = [position for position, character in enumerate(text) if character == "\n"]

    def of(self, offset: int) -> int:
        """Give the line of an offset."""
        return bisect_right(self._ends, offset - 1) + 1
