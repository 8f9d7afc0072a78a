import re
from collections.abc import Sequence

from retrieval.answering.fields import credited, field_value, signed
from retrieval.answering.telling import people_of
from retrieval.language.folding import fold
from retrieval.search.expectation import AnswerKind, Furniture, find_answers
from retrieval.search.question_terms import QuestionTerms
from retrieval.types import Context

__all__ = ["fitted"]

_MEASURED = frozenset((AnswerKind.NUMBER, AnswerKind.DATE))
_NOWHERE = Context()
# Characters beside a number or date that are marked with it; more is no answer but a sentence.
_BESIDE = 16
# "哪五场", "哪四种", "three kinds": how many things are asked for.
_COUNTED = re.compile(
    r"哪([两二三四五六七八九十])|\b(?:what|which) (?:\w+ ){0,2}(two|three|four|five|six|seven|eight|nine|ten)\b"
)
_COUNTS = {
    word: number
    for words in ("二三四五六七八九十", ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))
    for number, word in enumerate(words, 2)
} | {"两": 2}
_QUOTED_ITEM = re.compile("[“「《][^”」》]+[”」》]")
_AND = re.compile(r"[和及与]|\b(?:and|or|und|et|y)\b")
_NAMED = frozenset((AnswerKind.PERSON, AnswerKind.DATE, AnswerKind.NUMBER, AnswerKind.PLACE))


def fitted(
    terms: QuestionTerms,
    folded: str,
    sentence: tuple[int, int],
    found: tuple[int, int],
    context: Context = _NOWHERE,
) -> tuple[int, int]:
    """Fit the words that the pointer found to what is asked: a label's value, a whole number, date or name.

    Where they touch a number with its unit or a date, that one is taken with them; where they hold none and their
    sentence has some, the nearest. Of an enumeration all is taken. No name is cut.

    :param folded: the passage's text, folded; all offsets are into it.
    :param context: the passage's, which tells whom it names and who wrote its article.
    """
    kind = terms.query.expected
    start, end = sentence
    if terms.query.furniture is Furniture.BYLINE and (writers := signed(folded[start:end], fold(context.byline))):
        return start + writers[0], start + writers[1]
    if terms.query.furniture is Furniture.CREDIT and (taker := credited(folded[start:end])):
        return start + taker[0], start + taker[1]
    names = people_of(context)
    if kind in _NAMED and (value := field_value(terms.folded, folded[start:end])):
        return start + value[0], start + value[1]
    if kind is AnswerKind.LIST and (listed := _enumeration(terms.folded, folded, sentence, found)):
        return listed
    if kind not in _MEASURED:
        return _whole_name(folded, sentence, found, names)
    spans = [(start + a, start + b) for a, b in find_answers(kind, folded[start:end])]
    spans = [span for span in spans if folded[slice(*span)].strip() not in terms.folded]
    if terms.unit is not None:
        spans = [whole for span in spans if (whole := _with_unit(terms.unit, folded, span, end))] or spans
    touching = [span for span in spans if span[0] < found[1] and found[0] < span[1]]
    if touching:
        # Of several the first: 99.3%，比前年提高两个百分点 has answered before it compares.
        last = touching[0][1] if len(touching) > 1 else max(found[1], touching[0][1])
        first = min(found[0], touching[0][0])
        return (first, last) if last - first <= touching[0][1] - touching[0][0] + _BESIDE else touching[0]
    if not spans:
        return _whole_name(folded, sentence, found, names)
    return min(spans, key=lambda span: (max(span[0] - found[1], found[0] - span[1]), span[0]))


def _enumeration(
    question: str, folded: str, sentence: tuple[int, int], found: tuple[int, int]
) -> tuple[int, int] | None:
    """Give the enumeration of as many things as are asked for, or else the one that the found words touch."""
    start, end = sentence
    spans = [(start + a, start + b) for a, b in find_answers(AnswerKind.LIST, folded[start:end])]
    asked = _COUNTED.search(question)
    if asked:
        count = _COUNTS[asked.group(1) or asked.group(2)]
        counted = [span for span in spans if count in _items(folded[slice(*span)])]
        if counted:
            return min(counted, key=lambda span: (max(span[0] - found[1], found[0] - span[1], 0), span[0]))
    return next((span for span in spans if span[0] < found[1] and found[0] < span[1]), None)


def _items(listed: str) -> tuple[int, int]:
    """Count the items of an enumeration: without and with one behind the last "and"."""
    count = max(listed.count("、") + 1, len(_QUOTED_ITEM.findall(listed)), listed.count(", ") + 1)
    return count, count + 1 if _AND.search(listed.rpartition("、")[2]) else count


def _with_unit(unit: re.Pattern[str], folded: str, span: tuple[int, int], end: int) -> tuple[int, int] | None:
    """Give a number with the unit that counts what is asked, None where it has another: "forty-one families"."""
    found = unit.search(folded, span[0], end)
    if found is None or found.start() >= span[1]:
        return None
    return min(span[0], found.start()), max(span[1], found.end())


def _whole_name(
    folded: str, sentence: tuple[int, int], found: tuple[int, int], names: Sequence[str]
) -> tuple[int, int]:
    """Take the whole of a name in the sentence of which the pointer found a part."""
    start, end = sentence
    for name in names:
        at = folded.find(name, start, end)
        while at >= 0:
            if at < found[1] and found[0] < at + len(name):
                return min(at, found[0]), max(at + len(name), found[1])
            at = folded.find(name, at + 1, end)
    return found
