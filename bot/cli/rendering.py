from collections.abc import Iterator

from bot.cli.terminal import Style, clean, hide_sequences, one_line
from bot.wording import Messages, messages
from retrieval.types import Answer, AnswerStatus, Arrangement, Quote, Segment

__all__ = ["render_answer", "render_excerpt", "render_place", "render_quote"]

_EXCERPT_CHARACTERS = 90


def render_answer(answer: Answer, style: Style) -> str:
    """Write an answer for a reader: the best quote whole with its place, the next ones shortened.

    Quotes that belong together are all whole. Without colour the words that answer stand again on a line of their own,
    after an arrow. A message that is no question gets its short reply.
    """
    wording = messages(answer.language)
    if answer.reply is not None:
        return wording.text(f"reply_{answer.reply.value}")
    parts = [style.faint(wording.text("understood_as", question=one_line(answer.understood_as)))]
    if not answer.understood_as:
        parts.clear()
    if answer.status is AnswerStatus.NOT_FOUND:
        parts.append("\n".join(_refusal(answer, wording)))
        heading, others = "near_misses", answer.near_misses
    else:
        parts += _summary(answer, wording, style)
        if answer.arrangement is Arrangement.RANKED:
            parts.append(render_quote(answer.quotes[0], wording, style))
            heading, others = "more_sources", answer.quotes[1:]
        else:
            parts.append(style.title(_together(answer, wording)))
            parts += [render_quote(quote, wording, style) for quote in answer.quotes]
            heading, others = "", ()
    if others:
        excerpts = [render_excerpt(quote, wording, style) for quote in others]
        parts.append("\n".join([style.title(wording.text(heading)), *excerpts]))
    return "\n\n".join(parts)


def _refusal(answer: Answer, wording: Messages) -> list[str]:
    lines = [wording.text("not_found")]
    for missing in answer.missing:
        available = wording.listing([one_line(value) for value in missing.available])
        asked, kind = one_line(missing.asked), missing.kind.value
        if available:
            lines.append(wording.text(f"missing_{kind}_instead", asked=asked, available=available))
        else:
            lines.append(wording.text(f"missing_{kind}", asked=asked))
    return [*lines, wording.text("probability", percent=wording.percentage(answer.probability))]


def _together(answer: Answer, wording: Messages) -> str:
    if answer.total:
        return wording.text("collection_total", count=answer.total, shown=len(answer.quotes))
    return wording.text(answer.arrangement.value)


def _summary(answer: Answer, wording: Messages, style: Style) -> list[str]:
    """Write what a language model made of the quotes, each sentence with the numbers of those it rests on."""
    if answer.summary is None:
        return []
    lines = [style.title(wording.text("summary"))]
    for text, numbers in answer.summary.sentences:
        lines.append(f"{one_line(text)} " + "".join(f"[{number}]" for number in numbers))
    if answer.summary.dropped:
        lines.append(style.faint(wording.text("summary_dropped", count=answer.summary.dropped)))
    return ["\n".join(lines)] if len(lines) > 1 else []


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
