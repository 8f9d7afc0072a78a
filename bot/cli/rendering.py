from collections.abc import Iterator

from bot.cli.terminal import Style, clean, hide_sequences, one_line
from bot.wording import Messages, messages
from retrieval.types import Answer, AnswerStatus, Quote, Segment

__all__ = ["render_answer", "render_excerpt", "render_place", "render_quote"]

_EXCERPT_CHARACTERS = 90


def render_answer(answer: Answer, style: Style) -> str:
    """Write an answer for a reader: the best quote whole with its place, the next ones shortened.

    Without colour the words that answer stand again on a line of their own, after an arrow.
    """
    wording = messages(answer.language)
    if answer.status is AnswerStatus.NOT_FOUND:
        parts = [wording.text("not_found")]
        heading, others = "near_misses", answer.near_misses
    else:
        parts = [render_quote(answer.quotes[0], wording, style)]
        heading, others = "more_sources", answer.quotes[1:]
    if others:
        excerpts = [render_excerpt(quote, wording, style) for quote in others]
        parts.append("\n".join([style.title(wording.text(heading)), *excerpts]))
    return "\n\n".join(parts)


def render_quote(quote: Quote, wording: Messages, style: Style) -> str:
    """Write a quote whole, the words that answer, and where it stands."""
    segments = quote.segments()
    lines = [_emphasised(segments, style)]
    words = [" ".join(text.split()) for text, bright in _visible(segments) if bright]
    if words and not style.color:
        lines.append("→ " + " … ".join(words))
    return "\n".join([*lines, *render_place(quote, wording, style)])


def render_excerpt(quote: Quote, wording: Messages, style: Style) -> str:
    """Write the part of a quote around the words that answer, and its place, as one item of a list."""
    text = _emphasised(_shortened(quote.segments(), _EXCERPT_CHARACTERS), style)
    return "\n".join([f"- {' '.join(text.split())}", *(f"  {line}" for line in render_place(quote, wording, style))])


def render_place(quote: Quote, wording: Messages, style: Style) -> list[str]:
    """Write where a quote stands: what it is from, and the file and line to look it up at."""
    context = quote.context
    title = context.article or context.title
    pieces = [
        wording.text("title", title=one_line(title)) if title else "",
        one_line(context.publication),
        wording.date(one_line(context.date)),
        wording.text("page", page=one_line(context.page)) if context.page else "",
    ]
    place = f"{one_line(quote.source)}:{quote.lines[0]}"
    if quote.lines[1] > quote.lines[0]:
        place += f"-{quote.lines[1]}"
    described = " · ".join(piece for piece in pieces if piece)
    return [line for line in (described, style.faint(place)) if line]


def _emphasised(segments: tuple[Segment, ...], style: Style) -> str:
    return "".join(style.strong(text) if bright else text for text, bright in _visible(segments)).strip()


def _visible(segments: tuple[Segment, ...]) -> Iterator[tuple[str, bool]]:
    """Give each segment's text as it may be shown; an escape sequence may run from one into the next."""
    whole = hide_sequences("".join(segment.text for segment in segments))
    position = 0
    for segment in segments:
        yield clean(whole[position : position + len(segment.text)]), segment.highlighted
        position += len(segment.text)


def _shortened(segments: tuple[Segment, ...], most: int) -> tuple[Segment, ...]:
    """Keep ``most`` characters, those that answer in their midst, and mark what was left out."""
    whole = sum(len(segment.text) for segment in segments)
    if whole <= most:
        return segments
    first = next((index for index, segment in enumerate(segments) if segment.highlighted), 0)
    before = sum(len(segment.text) for segment in segments[:first])
    words = min(len(segments[first].text), most) if segments[first].highlighted else most
    start = max(0, min(before - (most - words) // 2, whole - most))
    kept: list[Segment] = []
    position = 0
    for segment in segments:
        piece = segment.text[max(0, start - position) : max(0, start + most - position)]
        if piece:
            kept.append(Segment(piece, segment.highlighted))
        position += len(segment.text)
    lead, tail = "…" * (start > 0), "…" * (start + most < whole)
    return (Segment(lead, highlighted=False), *kept, Segment(tail, highlighted=False))
