from collections.abc import Sequence
from urllib.parse import quote as url_quote

from bot.api import schemas
from retrieval.types import Answer, Quote, Span

__all__ = ["citations_of", "source_link"]


def citations_of(answer: Answer, base: str = "") -> list[schemas.Citation]:
    """Give an answer's quotes, or its near misses where it has none, with numbers and links to their page views.

    :param base: the server's address, which the links begin with; empty for links within the server.
    """
    return [_citation(number, quote, base) for number, quote in enumerate(answer.quotes or answer.near_misses, start=1)]


def source_link(document_id: str, spans: Sequence[Span], base: str = "") -> str:
    """Give the link that opens a document at the words of some spans: ``/source/ID#c123-170,180-190``."""
    places = ",".join(f"{span.start}-{span.end}" for span in spans)
    return f"{base}/source/{url_quote(document_id, safe='')}#c{places}"


def _citation(number: int, quote: Quote, base: str) -> schemas.Citation:
    context = quote.context
    return schemas.Citation(
        number=number,
        document_id=quote.document_id,
        source=quote.source,
        title=context.article or context.title,
        publication=context.publication,
        date=context.date,
        page=context.page,
        text=quote.text,
        spans=[(span.start, span.end) for span in quote.spans],
        url=source_link(quote.document_id, quote.spans, base),
    )
