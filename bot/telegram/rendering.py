from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.telegram.text import Quoting, Run, clean
from bot.wording import Messages
from retrieval.types import Answer, AnswerStatus, Arrangement, Context, DocumentInfo, Hit, Quote

__all__ = [
    "render_answer",
    "render_hits",
    "render_place",
    "render_quote",
    "render_quotes",
    "render_source",
    "render_sources",
]

_EXPANDABLE_FROM = 300  # characters: more than a telephone shows at a glance
_LONGEST_LABEL = 200  # characters of a headline; OCR now and then takes a whole paragraph for one
_LONGEST_EXCERPT = 400
_LONGEST_ECHO = 500  # characters of the reader's own words


def render_answer(answer: Answer, words: Messages) -> list[Run]:
    """Lay an answer out: each quote as a block quotation, letter for letter, and the place where it stands below it.

    Without an answer it says so and what the archive lacks, and shows the near misses as what they are. A message that
    is no question gets its short reply. The language of ``words`` is the reader's; the quotes stay in theirs.
    """
    if answer.reply is not None:
        return [Run(words.text(f"reply_{answer.reply.value}"))]
    runs: list[Run] = []
    if answer.understood_as:
        understood = words.text("understood_as", question=_line(answer.understood_as)[:_LONGEST_ECHO])
        runs += [Run(understood, italic=True), Run("\n\n")]
    if answer.status is AnswerStatus.NOT_FOUND:
        return runs + _refusal(answer, words)
    return runs + _summary(answer, words) + _heading(answer, words) + render_quotes(answer.quotes, words)


def render_quotes(quotes: Sequence[Quote], words: Messages, first: int = 1) -> list[Run]:
    """Lay quotes out below each other, numbered from ``first`` unless there is only one in all."""
    numbered = len(quotes) > 1 or first > 1
    runs: list[Run] = []
    for number, quote in enumerate(quotes, first):
        runs += [Run("\n\n" if runs else ""), *render_quote(quote), Run("\n")]
        runs += [Run(f"{number}. " if numbered else ""), *render_place(quote, words)]
    return runs


def render_quote(quote: Quote) -> list[Run]:
    """Give a quote as a block quotation, folded when long, the words that answer in bold."""
    quoting = Quoting.EXPANDABLE if len(quote.text) > _EXPANDABLE_FROM else Quoting.OPEN
    return [Run(clean(segment.text), bold=segment.highlighted, quoting=quoting) for segment in quote.segments()]


def render_place(quote: Quote, words: Messages) -> list[Run]:
    """Say where a quote stands: what was published when, and the file with its lines."""
    first, last = quote.lines
    lines = f"{first}" if first == last else f"{first}-{last}"
    return _place(quote.context, f"{_line(quote.source)}:{lines}", words)


def render_hits(hits: Sequence[Hit], words: Messages) -> list[Run]:
    """List the passages that a search found: the beginning of each and where it stands."""
    if not hits:
        return [Run(words.text("telegram_search_nothing"))]
    runs: list[Run] = []
    for number, hit in enumerate(hits, 1):
        text = hit.passage.text
        excerpt = text if len(text) <= _LONGEST_EXCERPT else text[:_LONGEST_EXCERPT].rstrip() + "…"
        runs += [Run("\n\n" if runs else ""), Run(clean(excerpt), quoting=Quoting.EXPANDABLE), Run(f"\n{number}. ")]
        runs += _place(hit.passage.context, _line(hit.source), words)
    return runs


def render_sources(documents: Sequence[DocumentInfo], words: Messages) -> list[Run]:
    """List documents of an archive."""
    if not documents:
        return [Run(words.text("no_documents"))]
    runs: list[Run] = []
    for document in documents:
        label = _joined([_titled(document.title, words), document.publication, words.date(document.date)])
        runs += [Run(f"{label}\n" if label else ""), *render_source(document), Run("\n\n")]
    return runs


def render_source(document: DocumentInfo) -> list[Run]:
    """Name a document's file."""
    # As code the client leaves the name alone; "notice.md" would else become a link to a stranger's site.
    return [Run(_line(document.source), code=True)]


def _refusal(answer: Answer, words: Messages) -> list[Run]:
    lines = [words.text("not_found")]
    for missing in answer.missing:
        asked, key = _line(missing.asked)[:_LONGEST_ECHO], f"missing_{missing.kind.value}"
        if missing.available:
            available = words.listing([_line(value) for value in missing.available])
            lines.append(words.text(f"{key}_instead", asked=asked, available=available))
        else:
            lines.append(words.text(key, asked=asked))
    runs = [Run("\n".join(lines))]
    if answer.near_misses:
        near = [_unmarked(quote) for quote in answer.near_misses]
        runs += [Run("\n\n" + words.text("near_misses") + "\n"), *render_quotes(near, words)]
    return runs


def _unmarked(near_miss: Quote) -> Quote:
    """Take the highlights off: bold words would look like the answer that there is not."""
    return replace(near_miss, highlights=())


def _heading(answer: Answer, words: Messages) -> list[Run]:
    if answer.total:
        return [Run(words.text("collection_total", count=answer.total, shown=len(answer.quotes)) + "\n", bold=True)]
    if answer.arrangement is Arrangement.RANKED:
        return []
    return [Run(words.text(answer.arrangement.value) + "\n", bold=True)]


def _summary(answer: Answer, words: Messages) -> list[Run]:
    """Lay out what a language model made of the quotes, each sentence with the numbers of those it rests on."""
    if answer.summary is None or not answer.summary.sentences:
        return []
    runs = [Run(words.text("summary"), italic=True)]
    for text, numbers in answer.summary.sentences:
        runs.append(Run(f"\n{clean(text)} " + "".join(f"[{number}]" for number in numbers)))
    if answer.summary.dropped:
        runs.append(Run("\n" + words.text("summary_dropped", count=answer.summary.dropped), italic=True))
    return [*runs, Run("\n\n")]


def _place(context: Context, reference: str, words: Messages) -> list[Run]:
    label = _label(context, words)
    return [Run(f"{label}\n" if label else ""), Run(reference, code=True)]


def _label(context: Context, words: Messages) -> str:
    page = words.text("page", page=context.page) if context.page else ""
    headline = _titled(context.article or context.title, words)
    return _joined([headline, context.publication, words.date(context.date), page])


def _titled(title: str, words: Messages) -> str:
    line = _line(title)
    if len(line) > _LONGEST_LABEL:
        line = line[:_LONGEST_LABEL].rstrip() + "…"
    return words.text("title", title=line) if line else ""


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(filter(None, map(_line, parts)))


def _line(text: str) -> str:
    return " ".join(clean(text).split())
