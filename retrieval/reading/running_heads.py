import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from retrieval.reading.flow import PageLines, Piece

__all__ = ["without_running_heads"]

_FEWEST_PAGES = 3
# The part of a page, at the top and at the bottom, where running heads stand.
_MARGIN = 0.1
_LEAST_SHARE = 0.3
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")


def without_running_heads(pages: Sequence[PageLines]) -> Iterable[PageLines]:
    """Leave out what comes again in the margins of many pages, as titles and page numbers do: they cut sentences.

    Lines are the same if they differ in numbers only. Nothing is left out of documents of a page or two.
    """
    if len(pages) < _FEWEST_PAGES:
        return pages
    counts = Counter(key for page in pages for key in {_key(piece) for piece in page.pieces if _in_margin(piece, page)})
    least = max(_FEWEST_PAGES, _LEAST_SHARE * len(pages))
    return [
        replace(
            page,
            pieces=tuple(
                piece for piece in page.pieces if not (_in_margin(piece, page) and counts[_key(piece)] >= least)
            ),
        )
        for page in pages
    ]


def _in_margin(piece: Piece, page: PageLines) -> bool:
    margin = _MARGIN * page.page.height
    return piece.box.bottom <= margin or piece.box.top >= page.page.height - margin


def _key(piece: Piece) -> str:
    return _NUMBER.sub("#", "".join(piece.text.split()))
