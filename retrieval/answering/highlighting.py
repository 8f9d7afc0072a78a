import re
from collections.abc import Sequence

from retrieval.answering.fields import credited, field_value, signed
from retrieval.language.folding import fold
from retrieval.search import Query
from retrieval.search.expectation import AnswerKind, Furniture, find_answers
from retrieval.search.units import asked_unit, has_unit
from retrieval.types import Span
from retrieval.types.spans import located

__all__ = ["highlight"]

_CLAUSE = re.compile(r"[^，,；;。！？!?\n]+")
_TRIM = " \t\n、：:—-"
# Characters around a candidate in which words of the question speak for it.
_REACH = 24


def highlight(query: Query, text: str, spans: Sequence[Span], byline: str = "") -> tuple[Span, ...]:
    """Find the words of a quote that answer most directly, as spans of the document.

    Where the question asks for a number, date, person or place, the one nearest to the question's words; else the
    clause that has most of them. Who wrote an article is told by the names in its by-line.

    :param text: the quote's text, which is that of ``spans`` joined.
    :param byline: that of the article.
    """
    folded = fold(text)
    if query.furniture is Furniture.BYLINE and (writers := signed(folded, fold(byline))):
        return located(spans, *writers)
    if query.furniture is Furniture.CREDIT and (names := credited(folded)):
        return located(spans, *names)
    if value := field_value(fold(query.text), folded):
        return located(spans, *value)
    mentions = _mentions(query, folded)
    unit = asked_unit(query.text) if query.expected is AnswerKind.NUMBER else None
    found = find_answers(query.expected, text)
    candidates = [span for span in found if not _asked(query, text[slice(*span)])]
    if unit is not None:
        # Of the numbers, those that count what the question asks for.
        candidates = [span for span in candidates if has_unit(unit, folded[slice(*span)])] or candidates
    if candidates:
        start, end = max(candidates, key=lambda span: (_nearness(span, mentions), -span[0]))
    else:
        start, end = _best_clause(text, mentions, query.expected)
    return located(spans, start, end) if start < end else ()


def _mentions(query: Query, folded: str) -> list[tuple[int, int]]:
    terms = {term.term for term in (*query.words, *query.bigrams) if len(term.term) > 1}
    return sorted(
        (match.start(), match.end()) for term in sorted(terms) for match in re.finditer(re.escape(term), folded)
    )


def _asked(query: Query, words: str) -> bool:
    """Tell whether the question itself says these words: then they are no answer to it."""
    return fold(words).strip() in fold(query.text)


def _nearness(span: tuple[int, int], mentions: Sequence[tuple[int, int]]) -> float:
    total = 0.0
    for start, end in mentions:
        before, after = span[0] - end, start - span[1]
        if after >= 0:
            # An answer mostly follows what it is the answer about: 调解成功率99%.
            total += 0.5 * max(0.0, 1 - after / _REACH)
        else:
            total += max(0.0, 1 - max(before, 0) / _REACH)
    return total


def _best_clause(text: str, mentions: Sequence[tuple[int, int]], expected: AnswerKind) -> tuple[int, int]:
    clauses = [match.span() for match in _CLAUSE.finditer(text)]
    if not clauses or expected is AnswerKind.REASON:
        return 0, len(text)

    def count(clause: tuple[int, int]) -> int:
        return sum(clause[0] <= start and end <= clause[1] for start, end in mentions)

    start, end = max(clauses, key=lambda clause: (count(clause), clause[1] - clause[0], -clause[0]))
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    return start, end
