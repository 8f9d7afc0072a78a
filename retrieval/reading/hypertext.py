import re

from retrieval.errors import SourceError
from retrieval.reading.charset import decode_markup
from retrieval.reading.extraction import Extraction, missing_extra
from retrieval.reading.layout import Layout
from retrieval.reading.text_blocks import TextBlock, join_blocks, refuse_blank
from retrieval.types import ProgressCallback

__all__ = ["markup_blocks", "read_hypertext"]

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
# These close themselves or one another, so they do not nest without an end.
_FLAT_NAMES = (
    "area base br col dd dt embed hr img input li link meta optgroup option p param rp rt source tbody td "
    "tfoot th thead tr track wbr"
)
_FLAT = frozenset(_FLAT_NAMES.split())
# The parser's time grows with the square of the depth: half a second at 8,000.
_DEEPEST = 4000


def read_hypertext(data: bytes, source: str, progress: ProgressCallback | None = None) -> Extraction:
    """Read the article of an HTML page: headings, paragraphs, lists and tables, without navigation and scripts.

    :raises SourceError: if it is in no certain encoding, nests too deep, or holds no text, or the extra 'documents'
        is missing.
    """
    decoded = decode_markup(data, source)
    joined = join_blocks(markup_blocks(decoded.text, source, article_only=True))
    refuse_blank(joined.text, source)
    if progress is not None:
        progress(1, 1, source)
    return Extraction(joined.text, decoded.encoding, Layout(headings=joined.headings), decoded.warnings)


def markup_blocks(markup: str, source: str, *, article_only: bool) -> list[TextBlock]:
    """Give the blocks of a page's text in order.

    :param article_only: leave out what stands around the article, as far as that can be told.
    :raises SourceError: if the page nests too deep, or the extra 'documents' is missing.
    """
    try:
        from retrieval.reading.page_text import page_blocks
    except ImportError:
        raise missing_extra(source, "HTML", "documents") from None
    if _depth(markup) > _DEEPEST:
        raise SourceError(
            f"{source}: its elements stand in one another more than {_DEEPEST} deep, as no page needs. Save the page "
            "anew in a browser or as text."
        )
    return page_blocks(markup, article_only=article_only)


def _depth(markup: str) -> int:
    depth = deepest = 0
    for match in _TAG.finditer(markup):
        closing, name, empty = match.groups()
        if empty or name.lower() in _FLAT:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest
