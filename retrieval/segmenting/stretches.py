import re
from collections.abc import Iterator

from retrieval.segmenting.mastheads import is_masthead
from retrieval.types import Span

__all__ = ["stretches"]

# A newspaper's page has some ten thousand characters, a long novel a million; more than this is a collection.
_MAX_STRETCH = 2_000_000
_MIN_STRETCH = _MAX_STRETCH // 2
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n+")
_CHAPTER = re.compile(r"\f|\n(?=#\s|第[一二三四五六七八九十百零〇\d]+[章回卷]\s|(?:Chapter|CHAPTER) [\dIVXLC])")
_SENTENCE = re.compile(r"[。！？!?.][\"'”’」』]*(?=\s|$)|[。！？]")
# So far back a page's beginning is looked for, line by line.
_NEAR = 200_000
_MAX_IMPRINT = 180


def stretches(text: str) -> Iterator[Span]:
    """Cut a long text where a page or chapter begins, else between paragraphs, so that each part can be read alone.

    A text of up to two million characters is one stretch.
    """
    start = 0
    while len(text) - start > _MAX_STRETCH:
        end = _cut(text, start + _MIN_STRETCH, start + _MAX_STRETCH)
        yield Span(start, end)
        start = end
    if start < len(text):
        yield Span(start, len(text))


def _cut(text: str, low: int, high: int) -> int:
    page = _page(text, max(low, high - _NEAR), high)
    if page:
        return page
    for pattern in (_CHAPTER, _PARAGRAPH):
        last = 0
        for match in pattern.finditer(text, max(low, high - _NEAR), high):
            last = match.end()
        if last:
            return last
    line = text.rfind("\n", low, high)
    if line >= 0:
        return line + 1
    last = 0
    for match in _SENTENCE.finditer(text, max(low, high - _NEAR), high):
        last = match.end()
    return last or high


def _page(text: str, low: int, high: int) -> int:
    """Give where the last imprint that has a blank line above it begins, 0 where there is none."""
    last = 0
    for match in _PARAGRAPH.finditer(text, low, high):
        end = text.find("\n", match.end(), match.end() + _MAX_IMPRINT)
        if end >= 0 and is_masthead(text[match.end() : end].strip()):
            last = match.end()
    return last
