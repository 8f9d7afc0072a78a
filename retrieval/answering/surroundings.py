from collections.abc import Sequence

from retrieval.answering.provenance import MAX_QUOTE, line_range, quoted_text, verify
from retrieval.errors import ProvenanceError
from retrieval.index import Snapshot
from retrieval.types import BlockKind, Document, Passage, Quote, Span

__all__ = ["around"]

# What a reader reads on through; captions and by-lines interrupt.
_RUNNING = frozenset((BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.NOTE))


def around(snapshot: Snapshot, document_id: str, spans: Sequence[Span], characters: int = MAX_QUOTE) -> Quote:
    """Give a quote with the sentences before and after it, as many whole ones of its article as fit.

    The words at ``spans`` are the new quote's highlights.

    :param characters: how long the result may be; a longer quote comes back as it is.
    :raises UnknownDocumentError: if there is no document of this id.
    :raises ProvenanceError: if no passage of the document has the spans.
    """
    document = snapshot.document(document_id)
    passages = [snapshot.passage(number) for number in snapshot.passage_ids(document_id, frozenset(BlockKind))]
    home = next((passage for passage in passages if _holds(passage, spans)), None)
    if home is None:
        places = [(span.start, span.end) for span in spans]
        raise ProvenanceError(f"no passage of {document.source} stands at {places}; ask again for a quote of today")
    sentences = [
        sentence
        for passage in passages
        if passage is home or (passage.kind in _RUNNING and passage.context.article == home.context.article)
        for sentence in passage.sentences
    ]
    touched = [number for number, sentence in enumerate(sentences) if _touches(sentence, spans)]
    first, last = _grown(document, sentences, touched[0], touched[-1], characters)
    widened = _joined(document, sentences[first : last + 1])
    if sum(map(len, widened)) < sum(map(len, spans)):
        widened = tuple(spans)
    quote = Quote(
        text=quoted_text(document, widened),
        source=document.source,
        document_id=document.id,
        spans=widened,
        lines=line_range(document, widened),
        highlights=_inside(spans, widened),
        score=1.0,
        context=home.context,
    )
    return verify(
        quote, document, max(characters, len(quote.text) if touched[0] == first and touched[-1] == last else 0)
    )


def _holds(passage: Passage, spans: Sequence[Span]) -> bool:
    return bool(spans) and any(_touches(sentence, spans) for sentence in passage.sentences)


def _touches(sentence: Sequence[Span], spans: Sequence[Span]) -> bool:
    return any(piece.start < span.end and span.start < piece.end for piece in sentence for span in spans)


def _grown(
    document: Document, sentences: Sequence[tuple[Span, ...]], first: int, last: int, characters: int
) -> tuple[int, int]:
    """Take in a sentence before and one after in turn while there is room."""

    def fits(low: int, high: int) -> bool:
        return sum(map(len, _joined(document, sentences[low : high + 1]))) <= characters

    while True:
        grown = False
        if first > 0 and fits(first - 1, last):
            first, grown = first - 1, True
        if last + 1 < len(sentences) and fits(first, last + 1):
            last, grown = last + 1, True
        if not grown:
            return first, last


def _joined(document: Document, sentences: Sequence[tuple[Span, ...]]) -> tuple[Span, ...]:
    """Give the sentences' pieces as spans, with the white space between neighbours."""
    joined: list[Span] = []
    for piece in (piece for sentence in sentences for piece in sentence):
        if joined and joined[-1].end <= piece.start and not document.text[joined[-1].end : piece.start].strip():
            joined[-1] = Span(joined[-1].start, piece.end)
        else:
            joined.append(piece)
    return tuple(joined)


def _inside(spans: Sequence[Span], widened: Sequence[Span]) -> tuple[Span, ...]:
    cut = ((max(s.start, w.start), min(s.end, w.end)) for w in widened for s in spans)
    return tuple(Span(start, end) for start, end in cut if start < end)
