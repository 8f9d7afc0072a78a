import re
from collections.abc import Sequence

from retrieval.answering.fields import field_value
from retrieval.search.expectation import AnswerKind, find_answers
from retrieval.search.features import QuestionTerms

__all__ = ["fitted"]

_MEASURED = frozenset((AnswerKind.NUMBER, AnswerKind.DATE))
_NAMED = frozenset((AnswerKind.PERSON, AnswerKind.DATE, AnswerKind.NUMBER, AnswerKind.PLACE))


def fitted(
    terms: QuestionTerms,
    folded: str,
    sentence: tuple[int, int],
    found: tuple[int, int],
    names: Sequence[str] = (),
) -> tuple[int, int]:
    """Fit the words that the pointer found to what is asked: a label's value, a whole number, date or name.

    Where they touch a number with its unit or a date, that one is taken with them; where they hold none and their
    sentence has some, the nearest.

    :param folded: the passage's text, folded; all offsets are into it.
    :param names: of people whom the passage names, folded.
    """
    kind = terms.query.expected
    start, end = sentence
    if kind in _NAMED and (value := field_value(terms.folded, folded[start:end])):
        return start + value[0], start + value[1]
    if kind is AnswerKind.PERSON:
        return _whole_name(folded, found, names)
    if kind not in _MEASURED:
        return found
    spans = [(start + a, start + b) for a, b in find_answers(kind, folded[start:end])]
    spans = [span for span in spans if folded[slice(*span)].strip() not in terms.folded]
    if terms.unit is not None:
        spans = [whole for span in spans if (whole := _with_unit(terms.unit, folded, span, end))] or spans
    touching = [span for span in spans if span[0] < found[1] and found[0] < span[1]]
    if touching:
        # Of several the first: 99.3%，比前年提高两个百分点 has answered before it compares.
        last = touching[0][1] if len(touching) > 1 else max(found[1], touching[0][1])
        return min(found[0], touching[0][0]), last
    if not spans:
        return found
    return min(spans, key=lambda span: (max(span[0] - found[1], found[0] - span[1]), span[0]))


def _with_unit(unit: re.Pattern[str], folded: str, span: tuple[int, int], end: int) -> tuple[int, int] | None:
    """Give a number with the unit that counts what is asked, None where it has another: "forty-one families"."""
    found = unit.search(folded, span[0], end)
    if found is None or found.start() >= span[1]:
        return None
    return min(span[0], found.start()), max(span[1], found.end())


def _whole_name(folded: str, found: tuple[int, int], names: Sequence[str]) -> tuple[int, int]:
    """Take the whole of a name of which the pointer found a part."""
    for name in names:
        at = folded.find(name)
        while at >= 0:
            if at < found[1] and found[0] < at + len(name):
                return min(at, found[0]), max(at + len(name), found[1])
            at = folded.find(name, at + 1)
    return found
