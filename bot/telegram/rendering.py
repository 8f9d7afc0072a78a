from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.telegram.text import Quoting, Run, clean
from bot.wording import Messages
from retrieval.types import Answer, AnswerStatus, Context, DocumentInfo, Quote

__all__ = ["MAX_SOURCES", "render_answer", "render_sources"]

MAX_SOURCES = 50
"""The most documents that a list of sources names."""

_EXPANDABLE_FROM = 300  # characters: more than a telephone shows at a glance
_LONGEST_LABEL = 200  # characters of a headline; OCR now and then takes a whole paragraph for one


def render_answer(answer: Answer, words: Messages) -> list[Run]:
    """Lay an answer out: each quote as a block quotation, letter for letter, and the place where it stands below it.

    Without an answer it says so, and shows the near misses as what they are. The language of ``words`` is the
    reader's; the quotes stay in theirs.
    """
    if answer.status is AnswerStatus.ANSWERED:
        return _quotes(answer.quotes, words)
    runs = [Run(words.text("not_found"))]
    if answer.near_misses:
        runs += [Run("\n\n" + words.text("near_misses") + "\n"), *_quotes(map(_unmarked, answer.near_misses), words)]
    return runs


def render_sources(documents: Sequence[DocumentInfo], words: Messages) -> list[Run]:
    """List the documents of an archive, the first :data:`MAX_SOURCES` of them by name."""
    if not documents:
        return [Run(words.text("no_documents"))]
    runs: list[Run] = []
    for document in documents[:MAX_SOURCES]:
        label = _joined([_titled(document.title, words), document.publication, words.date(document.date)])
        runs += [Run(f"{label}\n" if label else ""), Run(_line(document.source), code=True), Run("\n\n")]
    if len(documents) > MAX_SOURCES:
        runs.append(Run(words.text("telegram_more_sources", count=len(documents) - MAX_SOURCES)))
    return runs


def _unmarked(near_miss: Quote) -> Quote:
    """Take the highlights off: bold words would look like the answer that there is not."""
    return replace(near_miss, highlights=())


def _quotes(quotes: Iterable[Quote], words: Messages) -> list[Run]:
    runs: list[Run] = []
    for quote in quotes:
        runs += [Run("\n\n" if runs else ""), *_quotation(quote), Run("\n"), *_place(quote, words)]
    return runs


def _quotation(quote: Quote) -> list[Run]:
    quoting = Quoting.EXPANDABLE if len(quote.text) > _EXPANDABLE_FROM else Quoting.OPEN
    return [Run(clean(segment.text), bold=segment.highlighted, quoting=quoting) for segment in quote.segments()]


def _place(quote: Quote, words: Messages) -> list[Run]:
    label = _label(quote.context, words)
    return [
        Run(f"{label}\n" if label else ""),
        # As code the client leaves the name alone; "notice.md" would else become a link to a stranger's site.
        Run(_line(quote.source), code=True),
        Run(" · " + words.lines(*quote.lines)),
    ]


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
