import itertools
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.language.scripts import HAN, HANGUL, KANA
from retrieval.segmenting import furniture, mastheads, signatures
from retrieval.segmenting.lines import Line, groups

__all__ = ["Layout", "cells", "is_full", "is_wrapped", "measure_layout"]

_WIDE = re.compile(f"[{HAN}{KANA}{HANGUL}\u3000-\u303f\uff01-\uff60]+")
_PAGE_NUMBER = re.compile(
    r"(?:[-–—·.]\s*|第\s*|Page\s+|Seite\s+|p\.\s*)?(\d{1,4})(?:\s*[-–—·.]|\s*[页頁]|\s+(?:of|von|/)\s+\d+)?$"
)
# Enough of a document to know how it is set; a longer one would only be read twice in full.
_SAMPLE_GROUPS = 3000
# A wrapped line of Chinese may stop this many columns early, as no line begins with a full stop or closing quote.
_KINSOKU = 5
_MIN_WRAP = 24
_WRAPPED_SHARE = 0.6
_WIDEST_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document is set.

    ``picture_gap`` is the number of blank lines that only a picture leaves, ``wrap_width`` the width in columns at
    which lines are broken (0: paragraphs are not broken) and ``widest`` that of all but its longest lines,
    ``is_press`` whether it has by-lines, credits, cards or an imprint as a newspaper's page has, ``running`` the lines
    that stand on page after page.
    """

    picture_gap: int
    wrap_width: int
    widest: int
    is_press: bool
    running: frozenset[str]


def measure_layout(text: str) -> Layout:
    """Measure how a document is set, from its first pages."""
    gaps: Counter[int] = Counter()
    widths: list[int] = []
    lengths: list[int] = []
    edges: Counter[str] = Counter()
    is_press = False
    for gap, lines in itertools.islice(groups(text), _SAMPLE_GROUPS):
        gaps[gap] += 1
        texts = tuple(line.text for line in lines)
        is_press = is_press or _is_press(texts)
        lengths.extend(cells(line) for line in texts)
        if len(lines) >= 3 and (width := max(cells(line) for line in texts)) >= _MIN_WRAP and is_wrapped(lines, width):
            widths.append(width)
        if len(lines) <= 3:
            edges.update(line for line in {*texts[:1], *texts[-1:]} if furniture.is_short(line))
    usual = min(gaps, key=lambda gap: (-gaps[gap], gap)) if gaps else 1
    return Layout(
        picture_gap=max(2, usual + 1),
        wrap_width=int(statistics.quantiles(widths, n=4)[2]) if len(widths) > 1 else sum(widths),
        widest=sorted(lengths)[int(len(lengths) * _WIDEST_SHARE)] if lengths else 0,
        is_press=is_press,
        running=frozenset(line for line, count in edges.items() if count >= 2)
        if _has_page_numbers(edges)
        else frozenset(),
    )


def cells(text: str) -> int:
    """Count the columns that a text fills: a Chinese character fills two."""
    return len(text) if text.isascii() else 2 * len(text) - len(_WIDE.sub("", text))


def is_wrapped(lines: Sequence[Line], width: int) -> bool:
    """Tell whether lines that stand together are text broken at ``width`` columns, not lines of their own."""
    full = sum(is_full(above.text, below.text, width) for above, below in itertools.pairwise(lines))
    return full >= _WRAPPED_SHARE * (len(lines) - 1)


def is_full(above: str, below: str, width: int) -> bool:
    """Tell whether the first word below would not have found room at the end of the line above."""
    if not (above[-1].isascii() and below[0].isascii()) and (_WIDE.match(above[-1]) or _WIDE.match(below[0])):
        return cells(above) >= width - _KINSOKU
    return cells(above) + 1 + len(below.split(maxsplit=1)[0]) > width


def _is_press(texts: tuple[str, ...]) -> bool:
    return furniture.is_card(texts) or any(
        furniture.is_short(line)
        and (
            (furniture.is_unfinished(line) and signatures.is_byline(line))
            or furniture.is_credit(line)
            or mastheads.is_masthead(line)
        )
        for line in texts
    )


def _has_page_numbers(edges: Counter[str]) -> bool:
    numbers = sorted(int(match.group(1)) for line in edges if (match := _PAGE_NUMBER.match(line)))
    return any(after == before + 1 for before, after in itertools.pairwise(numbers))
