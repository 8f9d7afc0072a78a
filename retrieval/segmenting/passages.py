import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from retrieval.language.scripts import is_cjk
from retrieval.segmenting.belonging import with_their_lists, with_their_questions
from retrieval.segmenting.pages import Page, Placed, read_page
from retrieval.segmenting.sentences import split_sentences
from retrieval.segmenting.stretches import stretches
from retrieval.types import BlockKind, Context, Document, PassageDraft, Span
from retrieval.types.spans import located

__all__ = ["MAX_PASSAGE", "iter_passages", "move", "segment"]

# A longer paragraph is cut between sentences: its one vector would say nothing of most of it.
MAX_PASSAGE = 1500
# What the search knows a block as: a passage of headings is a headline's where one of them is.
_SEARCHED_AS = {
    BlockKind.SHOULDER: BlockKind.HEADING,
    BlockKind.SUBHEADLINE: BlockKind.HEADING,
    BlockKind.HEADLINE: BlockKind.HEADING,
    BlockKind.NOTE: BlockKind.PARAGRAPH,
    BlockKind.PULL_QUOTE: BlockKind.CAPTION,
}
# Lines of these kinds that stand together are one passage: a headline and its subtitle, an imprint's fields.
_MERGED = frozenset((BlockKind.HEADING, BlockKind.IMPRINT, BlockKind.CARD))


def segment(document: Document) -> list[PassageDraft]:
    """Cut a document into the passages that are searched and quoted, in reading order.

    The passages' spans give their text letter for letter, and every character of the document that is not white
    space lies in exactly one of them.
    """
    return list(iter_passages(document))


def iter_passages(document: Document) -> Iterator[PassageDraft]:
    """Give the passages as they are cut, a stretch of a long document at a time: a longer one takes no more memory."""
    first: Context | None = None
    for stretch in stretches(document.text):
        text = document.text if len(stretch) == len(document.text) else document.text[stretch.start : stretch.end]
        page = read_page(text, copies=False)
        for draft in _drafts(document.id, text, page):
            first = first or draft.context
            yield draft if stretch.start == 0 else _moved(draft, stretch.start, first)


def _moved(draft: PassageDraft, offset: int, first: Context) -> PassageDraft:
    """Give a passage of a later stretch its place in the document, and the document's title if no paper is named."""
    context = draft.context
    if not (context.publication or context.date):
        context = replace(
            context,
            title=first.title,
            publication=first.publication,
            date=first.date,
            weekday=first.weekday,
            section=first.section,
        )
    return PassageDraft(
        document_id=draft.document_id,
        kind=draft.kind,
        spans=move(draft.spans, offset),
        text=draft.text,
        sentences=tuple(move(sentence, offset) for sentence in draft.sentences),
        context=context,
    )


def move(spans: Sequence[Span], offset: int) -> tuple[Span, ...]:
    """Give spans of a stretch that begins at ``offset`` as spans of the document."""
    return tuple(Span(span.start + offset, span.end + offset) for span in spans)


def _drafts(document_id: str, text: str, page: Page) -> Iterator[PassageDraft]:
    def read(entry: Placed) -> str:
        return "".join(text[part.span.start : part.span.end] for part in entry.parts)

    led = list(with_their_lists(list(_merge(page.entries)), read))
    for entry, is_question in with_their_questions(led, read):
        kind = BlockKind.HEADING if is_question else _searched_as(entry)
        spans = _readable_spans(text, [part.span for part in entry.parts], kind)
        for piece, sentences in _pieces(text, spans):
            yield PassageDraft(
                document_id=document_id,
                kind=kind,
                spans=piece,
                text="".join(text[span.start : span.end] for span in piece),
                sentences=sentences,
                context=entry.context,
            )


def _merge(placed: Sequence[Placed]) -> Iterator[Placed]:
    merged: Placed | None = None
    for entry in placed:
        kind = _searched_as(entry)
        if merged is not None and kind in _MERGED and _searched_as(merged) is kind:
            # A card's name, which comes first, tells whom it is about.
            context = merged.context if kind is BlockKind.CARD else entry.context
            merged = Placed(merged.parts + entry.parts, context)
            continue
        if merged is not None:
            yield merged
        merged = entry
    if merged is not None:
        yield merged


def _searched_as(entry: Placed) -> BlockKind:
    kind = entry.parts[0].kind
    return _SEARCHED_AS.get(kind, kind)


def _readable_spans(text: str, spans: Sequence[Span], kind: BlockKind) -> tuple[Span, ...]:
    """Let a span take the line break behind it along, so that its text does not run into the next span's.

    Only Chinese that a column has cut reads on without a space.
    """
    readable: list[Span] = []
    for span, following in itertools.pairwise(spans):
        reads_on = kind is BlockKind.PARAGRAPH and is_cjk(text[span.end - 1]) and not text[following.start].isascii()
        readable.append(span if reads_on or not text[span.end].isspace() else Span(span.start, span.end + 1))
    return (*readable, spans[-1])


def _pieces(text: str, spans: tuple[Span, ...]) -> Iterator[tuple[tuple[Span, ...], tuple[tuple[Span, ...], ...]]]:
    """Cut long paragraphs; give each piece's spans and its sentences' spans."""
    joined = "".join(text[span.start : span.end] for span in spans)
    sentences = split_sentences(joined)
    first = 0
    while first < len(sentences):
        last = first + 1
        while last < len(sentences) and sentences[last].end - sentences[first].start <= MAX_PASSAGE:
            last += 1
        start = 0 if first == 0 else sentences[first].start
        end = len(joined) if last == len(sentences) else sentences[last].start
        yield (
            located(spans, start, end),
            tuple(located(spans, sentence.start, sentence.end) for sentence in sentences[first:last]),
        )
        first = last
