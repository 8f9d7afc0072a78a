import re
from collections import Counter
from collections.abc import Iterable

from retrieval.segmenting.furniture import heading_pattern

__all__ = ["HeadingStack"]

_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_QUOTED = re.compile(r"[“「『][^”」』]*[”」』]")
_MIN_ALIKE = 3
_PLAIN = "plain"


class HeadingStack:
    """The headings that a paragraph stands under, as a reader goes down an article.

    A heading of a form seen before, the same kind of number or the same shape, closes everything since.
    """

    def __init__(self, headings: Iterable[str]) -> None:
        """Start with nothing; ``headings`` are all those of the article, which tell which shapes recur."""
        shapes = Counter(_shape(heading) for heading in headings)
        self._recurring = frozenset(shape for shape, count in shapes.items() if shape and count >= _MIN_ALIKE)
        self._open: list[tuple[str, str]] = []
        self._in_run = 0

    def push(self, heading: str, clean: str, *, in_run: bool) -> None:
        """Put a heading under those above it.

        :param heading: as it stands on the page.
        :param clean: as it is shown.
        :param in_run: whether it stands right below another heading.
        """
        self._in_run = self._in_run + 1 if in_run else 0
        pattern = self._pattern(heading)
        if self._in_run and pattern == _PLAIN:
            pattern = f"under-{self._in_run}"
        for depth, (known, _) in enumerate(self._open):
            if known == pattern:
                del self._open[depth:]
                break
        else:
            if pattern.startswith("markdown"):
                self._open = [entry for entry in self._open if entry[0].startswith("markdown") and entry[0] < pattern]
        self._open.append((pattern, clean))

    def titles(self) -> tuple[str, ...]:
        """Give the open headings, the widest first."""
        return tuple(title for _, title in self._open)

    def _pattern(self, heading: str) -> str:
        shape = _shape(heading)
        return heading_pattern(heading) or (shape if shape in self._recurring else _PLAIN)


def _shape(heading: str) -> str:
    """Give a heading's outline where it has one: 强“政治” 坚定党的领导 and 严“法治” 推进依法治理 are both H“”·H."""
    if not _QUOTED.search(heading):
        return ""
    outline = _QUOTED.sub("“”", heading)
    first = _HAN_RUN.match(outline)
    short = first is not None and len(first.group()) <= 1
    return ("h" if short else "") + re.sub(r"\s+", "·", _HAN_RUN.sub("H", outline))
