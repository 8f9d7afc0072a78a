from bisect import bisect_right

from retrieval.errors import ProvenanceError
from retrieval.types import Document, Quote, Span

__all__ = ["MAX_QUOTE", "line_range", "quoted_text", "verify"]

# Characters; what a reader wants to read of a source, and what the public interface promises.
MAX_QUOTE = 400


def quoted_text(document: Document, spans: tuple[Span, ...]) -> str:
    """Give the document's text at ``spans``, joined without anything between."""
    return "".join(document.text[span.start : span.end] for span in spans)


def line_range(document: Document, spans: tuple[Span, ...]) -> tuple[int, int]:
    """Give the numbers, from 1, of the first and last line that ``spans`` touch; only line feeds end lines.

    An editor counts lines so, and ``grep -n`` does.
    """
    starts = [0]
    while (position := document.text.find("\n", starts[-1])) >= 0:
        starts.append(position + 1)
    first, last = min(span.start for span in spans), max(span.end for span in spans) - 1
    return bisect_right(starts, first), bisect_right(starts, last)


def verify(quote: Quote, document: Document, most: int = MAX_QUOTE) -> Quote:
    """Make sure that a quote stands in its source letter for letter, and give it back.

    Every quote passes here before any surface sees it.

    :param most: how many characters it may have.

    :raises ProvenanceError: if its text, a span or a highlight does not fit the document.
    """
    fits = (
        quote.document_id == document.id
        and quote.spans
        and all(span.end <= len(document.text) for span in quote.spans)
        and quoted_text(document, quote.spans) == quote.text
        and len(quote.text) <= most
        and all(any(s.start <= h.start and h.end <= s.end for s in quote.spans) for h in quote.highlights)
    )
    if not fits:
        raise ProvenanceError(
            f"a quote at {[(s.start, s.end) for s in quote.spans]} of {document.source} does not equal its source; "
            "please report this with the archive's file"
        )
    return quote
