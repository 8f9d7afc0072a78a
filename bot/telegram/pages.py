"""A quote's page for a reader: as a picture with the quote marked where there is one, else as the article's text."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.telegram.text import Quoting, Run, clean
from retrieval.types import Document, Outline, Span

__all__ = ["article_runs", "mark_page"]

_LONGEST_ARTICLE = 9000  # characters: three messages


def article_runs(document: Document, outline: Outline, shown: Sequence[Span]) -> list[Run]:
    """Lay out the article that holds a quote, the quote in bold; of a very long one what stands around the quote."""
    blocks = _blocks(outline, shown) or [(Span(0, len(document.text)),)]
    runs: list[Run] = []
    for number, spans in enumerate(blocks):
        if number:
            runs.append(Run("\n\n", quoting=Quoting.EXPANDABLE))
        for span in spans:
            for start, end, bold in _cuts(span, shown):
                runs.append(Run(clean(document.text[start:end]), bold=bold, quoting=Quoting.EXPANDABLE))
    return _shortened(runs)


def mark_page(png: bytes, page_width: float, boxes: Sequence[tuple[float, float, float, float]]) -> bytes:
    """Mark boxes on a page's picture, with one frame around those that touch.

    :param page_width: the page's width in the unit of the boxes, which are left, top, right, bottom.
    :returns: a JPEG.
    """
    from io import BytesIO

    from PIL import Image, ImageDraw  # page_picture has made the picture with it

    with Image.open(BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    scale = picture.width / page_width
    veil, frame = Image.new("L", picture.size, 0), Image.new("L", picture.size, 0)
    # All of one before the next: lines of print stand close, and get one frame together.
    for mask, margin, strength in ((frame, 6, 255), (frame, 3, 0), (veil, 3, 90)):
        for box in boxes:
            left, top, right, bottom = (round(edge * scale) for edge in box)
            ImageDraw.Draw(mask).rectangle((left - margin, top - margin, right + margin, bottom + margin), strength)
    picture.paste((255, 221, 51), (0, 0), veil)
    picture.paste((204, 51, 0), (0, 0), frame)
    out = BytesIO()
    picture.save(out, "JPEG", quality=90, subsampling=0)  # as Telegram keeps photos anyway; a tenth of a PNG
    return out.getvalue()


def _blocks(outline: Outline, shown: Sequence[Span]) -> list[tuple[Span, ...]]:
    """Give the spans of each block of the article that holds the quote; of its block alone if it is in no article."""
    for block in outline.blocks:
        if any(_overlap(span, each) for span in block.spans for each in shown):
            if block.article is None:
                return [block.spans]
            return [outline.blocks[number].spans for number in outline.articles[block.article].blocks]
    return []


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _cuts(span: Span, marked: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """Cut a span where the marked ones begin and end; tell of each piece whether it is marked."""
    edges = {span.start, span.end}
    for each in marked:
        edges.update(edge for edge in (each.start, each.end) if span.start < edge < span.end)
    ordered = sorted(edges)
    for start, end in pairwise(ordered):
        yield start, end, any(each.start <= start and end <= each.end for each in marked)


def _shortened(runs: list[Run]) -> list[Run]:
    """Keep the bold runs and as much before and after them as there is room for."""
    total = sum(len(run.text) for run in runs)
    if total <= _LONGEST_ARTICLE:
        return runs
    bold = [number for number, run in enumerate(runs) if run.bold] or [0]
    first, last = bold[0], bold[-1]
    kept = runs[first : last + 1]
    room = max(_LONGEST_ARTICLE - sum(len(run.text) for run in kept), 0)
    before, after = runs[:first], runs[last + 1 :]
    before_length, after_length = sum(len(run.text) for run in before), sum(len(run.text) for run in after)
    share = min(before_length, max(room // 2, room - after_length))
    return [*_tail(before, share), *kept, *_head(after, room - share)]


def _head(runs: Sequence[Run], room: int) -> list[Run]:
    kept: list[Run] = []
    for run in runs:
        if len(run.text) >= room:
            return [*kept, Run(run.text[:room].rstrip() + "…", quoting=run.quoting)] if room else kept
        kept.append(run)
        room -= len(run.text)
    return kept


def _tail(runs: Sequence[Run], room: int) -> list[Run]:
    kept: list[Run] = []
    for run in reversed(runs):
        if len(run.text) >= room:
            return [Run("…" + run.text[len(run.text) - room :].lstrip(), quoting=run.quoting), *kept] if room else kept
        kept.insert(0, run)
        room -= len(run.text)
    return kept
