import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.types import Span

__all__ = ["Line", "groups"]

# Every line break that str.splitlines knows in plain text; a form feed is one too, as it ends a page.
_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]*(?:\r\n|[\r\n\f\v\x85\u2028\u2029]|$)")
# A byte order mark is no white space to str.strip, but stands in no one's text.
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its span without the white space around it, and the text there.

    ``indent`` is the width of the white space before it, a full-width space being two columns wide.
    """

    span: Span
    text: str
    indent: int = 0


def groups(text: str) -> Iterator[tuple[int, tuple[Line, ...]]]:
    """Give the runs of lines that stand together, each with the number of blank lines before it."""
    group: list[Line] = []
    blank, gap = 0, 0
    for match in _LINE.finditer(text):
        line = match.group()
        if not line:
            break
        content = line.strip()
        if match.start() == 0:
            content = content.removeprefix(_MARK).lstrip()
        if not content:
            if group:
                yield gap, tuple(group)
                group, blank = [], 0
            blank += 1
            continue
        if not group:
            gap = blank
        before = line.index(content)
        start = match.start() + before
        indent = before + line.count("\u3000", 0, before)
        group.append(Line(Span(start, start + len(content)), content, indent))
    if group:
        yield gap, tuple(group)
