import json
import unicodedata
import zlib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.types import Box, Place, Span

__all__ = ["Heading", "Layout", "Page", "PlacedLine"]

_VERSION = 1
_TALL = 1.5


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a viewer shows it: numbered from 1, in points (PDF) or pixels (a picture, turned upright).

    ``recognised`` says that its text was read from the picture by OCR.
    """

    number: int
    width: float
    height: float
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of print: where its characters stand in the text, and where on the page."""

    span: Span
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that the file marks as one; ``level`` runs from 1, the outermost."""

    span: Span
    level: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file says about its text beyond the characters.

    ``pages`` and ``lines`` are of PDF and pictures, ``headings`` of HTML, DOCX and EPUB; each is empty where the format
    has none. Lines are in the order of the text and do not overlap.
    """

    pages: tuple[Page, ...] = ()
    lines: tuple[PlacedLine, ...] = ()
    headings: tuple[Heading, ...] = ()

    def pages_of(self, spans: Iterable[Span]) -> tuple[int, ...]:
        """Give the numbers of the pages that the spans touch, in ascending order."""
        return tuple(sorted({place.page for place in self.places(spans)}))

    def places(self, spans: Iterable[Span], text: str = "") -> tuple[Place, ...]:
        """Give a box for each line that the spans touch, cut to their characters, in the order of the spans.

        :param text: the document's text; with it the cuts reckon with wide and narrow characters. Either way a cut may
            be off by about a character.
        """
        starts = [line.span.start for line in self.lines]
        places: list[Place] = []
        for span in spans:
            for line in self.lines[max(0, bisect_right(starts, span.start) - 1) :]:
                if line.span.start >= span.end:
                    break
                if line.span.end > span.start:
                    first, last = max(span.start, line.span.start), min(span.end, line.span.end)
                    begin = _share(line.span, first, text)
                    places.append(Place(line.page, _cut(line.box, begin, _share(line.span, last, text))))
        return tuple(places)

    def to_bytes(self) -> bytes:
        """Pack the layout for a database: compressed JSON, about 8 bytes a line."""
        value = {
            "version": _VERSION,
            "pages": [[page.number, page.width, page.height, int(page.recognised)] for page in self.pages],
            "lines": [
                [
                    line.span.start,
                    line.span.end,
                    line.page,
                    *(round(edge, 1) for edge in (line.box.left, line.box.top, line.box.right, line.box.bottom)),
                ]
                for line in self.lines
            ],
            "headings": [[heading.span.start, heading.span.end, heading.level] for heading in self.headings],
        }
        return zlib.compress(json.dumps(value, separators=(",", ":")).encode())

    @classmethod
    def from_bytes(cls, data: bytes) -> "Layout":
        """Unpack what ``to_bytes`` packed; coordinates are rounded to a tenth of the page's unit.

        :raises ValueError: if the bytes were packed by another version.
        """
        value = json.loads(zlib.decompress(data))
        if value["version"] != _VERSION:
            raise ValueError(f"the layout has version {value['version']}, this is {_VERSION}; sync the file again")
        return cls(
            pages=tuple(Page(number, width, height, bool(seen)) for number, width, height, seen in value["pages"]),
            lines=tuple(PlacedLine(Span(start, end), page, Box(*edges)) for start, end, page, *edges in value["lines"]),
            headings=tuple(Heading(Span(start, end), level) for start, end, level in value["headings"]),
        )


def _share(line: Span, offset: int, text: str) -> float:
    """Give the part of a line that stands before an offset."""
    if not text:
        return (offset - line.start) / len(line)
    return _width(text[line.start : offset]) / max(1, _width(text[line.start : line.end]))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _cut(box: Box, begin: float, end: float) -> Box:
    """Cut a line's box to a part of the line, which runs down in a tall box."""
    if box.height > _TALL * box.width:
        return Box(box.left, box.top + begin * box.height, box.right, box.top + end * box.height)
    return Box(box.left + begin * box.width, box.top, box.left + end * box.width, box.bottom)
