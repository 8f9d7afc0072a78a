from collections.abc import Sequence

from retrieval.answering.highlighting import highlight
from retrieval.answering.provenance import MAX_QUOTE, line_range, quoted_text, verify
from retrieval.answering.selection import Selection
from retrieval.index import Snapshot
from retrieval.language.duplicates import find_copies
from retrieval.search import Query
from retrieval.types import Passage, Quote, Span

__all__ = ["distinct", "quote_passage", "quote_selection", "squeezed", "squeezed_with_places"]


def squeezed(text: str) -> str:
    """Give a text without its white space, for telling whether two say the same."""
    return "".join(text.split())


def squeezed_with_places(text: str) -> tuple[str, list[int]]:
    """Give a text without its white space, and where in the text each of its characters stands."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    return "".join([text[place] for place in places]), places


def distinct(selections: Sequence[Selection]) -> list[Selection]:
    """Drop a quote that says the very same as a better one, or the same with a few letters read differently."""
    seen: dict[str, Selection] = {}
    for selection in selections:
        seen.setdefault(squeezed(selection.text), selection)
    kept = list(seen.values())
    dropped = {
        number
        for group in find_copies([selection.text for selection in kept])
        for number in sorted((group.kept, *group.copies))[1:]
    }
    return [selection for number, selection in enumerate(kept) if number not in dropped]


def quote_selection(query: Query, selection: Selection, snapshot: Snapshot) -> Quote:
    """Quote the sentences chosen from a candidate."""
    passage = selection.candidate.passage
    highlights = selection.highlights or highlight(query, selection.text, selection.spans, passage.context.byline)
    return _verified(passage, selection.spans, highlights, selection.score, snapshot)


def quote_passage(query: Query | None, passage: Passage, snapshot: Snapshot, score: float) -> Quote:
    """Quote a passage whole, or as many of its first sentences as fit; nothing is highlighted without a query."""
    spans = passage.spans
    if len(passage.text) > MAX_QUOTE:
        kept: tuple[Span, ...] = ()
        for sentence in passage.sentences:
            if sum(map(len, (*kept, *sentence))) > MAX_QUOTE:
                break
            kept = (*kept, *sentence)
        spans = kept or (Span(spans[0].start, min(spans[0].end, spans[0].start + MAX_QUOTE)),)
    text = quoted_text(snapshot.document(passage.document_id), spans)
    highlights = highlight(query, text, spans, passage.context.byline) if query is not None else ()
    return _verified(passage, spans, highlights, score, snapshot)


def _verified(
    passage: Passage, spans: tuple[Span, ...], highlights: tuple[Span, ...], score: float, snapshot: Snapshot
) -> Quote:
    document = snapshot.document(passage.document_id)
    quote = Quote(
        text=quoted_text(document, spans),
        source=document.source,
        document_id=document.id,
        spans=spans,
        lines=line_range(document, spans),
        highlights=highlights,
        score=score,
        context=passage.context,
    )
    return verify(quote, document)
