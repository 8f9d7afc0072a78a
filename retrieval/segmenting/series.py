"""The numbered headings of an article, which go on where another article has cut it."""

import re
from collections.abc import Sequence

from retrieval.segmenting.furniture import heading_pattern
from retrieval.segmenting.orphans import Article

__all__ = ["SERIES", "earlier_of", "number_of"]

SERIES = frozenset(("keyword", "number", "han-number"))
"""The patterns of headings that are numbered through an article."""
_NUMBER = re.compile(r"\d+|[一二三四五六七八九十]+")
# So many articles may interrupt another on a page.
_MAX_INTERRUPTING = 8


def number_of(heading: str) -> str:
    """Give the number of a heading, or ''."""
    found = _NUMBER.search(heading)
    return found.group() if found else ""


def earlier_of(articles: Sequence[Article], current: Article, heading: str) -> Article | None:
    """Give the earlier article whose numbered headings one goes on with that stands in another, or None."""
    pattern, number = heading_pattern(heading), number_of(heading)
    if pattern not in SERIES or not number or number in ("1", "一") or pattern in current.series:
        return None
    for earlier in articles[: -_MAX_INTERRUPTING - 1 : -1]:
        numbers = earlier.series.get(pattern)
        if earlier is not current and numbers and number not in numbers:
            return earlier
    return None
