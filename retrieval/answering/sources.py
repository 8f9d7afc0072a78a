import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from retrieval.answering.elements import Element, ElementKind, find_elements
from retrieval.answering.selection import Selection
from retrieval.language.folding import fold
from retrieval.language.tokens import bigrams
from retrieval.search import Candidate, Query
from retrieval.search.expectation import AnswerKind, find_answers

__all__ = ["Side", "compared_sides", "continues", "find_disagreement", "is_about"]

_COMPARES = re.compile(
    r"比|相比|对比|哪[个一]?.{0,12}[多少高低大小好快早晚强]|谁.{0,14}[多少高低大小好快早晚强]|[更较]|差多少|差几|相差|赶得上|赶上|超过|一样|相同|同一"
    r"|还是|vs|\bthan\b|compare|\bmore\b|\bless\b|\bfewer\b|\bbetter\b|\bhigher\b|\blower\b|difference|versus|\bboth\b|same"
    r"|より|どちら|比べ|同じ|보다|비교|어느|\bмень?ше\b|больше|сравн|выше|ниже|mehr|weniger|vergl|höher|unterschied|\bplus\b|\bmoins\b|compar"
    r"|différence|\bmás\b|\bmenos\b|mayor|diferencia"
    # Of each on its own is asked side by side too.
    r"|各(?:自|是|有|为|占)|分别|\beach\b|respectively|それぞれ|각각|соответственно|jeweils|chacun|respectiv|cada un",
)
_JOINS = (
    r"(?:\s*(?:和|与|跟|同|比|及|、|还是|以及|,|，|and|or|than|vs\.?|versus|with|to|und|oder|als|et|ou|que|y|o|и|или|чем"
    r"|と|より|와|과|보다)\s*)"
)
# Who or which has more is told by how much each has.
_WHICH = re.compile(r"(?:谁|哪[一]?[个边里儿家]?[县区市镇乡村省年]?|哪者)")
_MORE = re.compile(r"(?:[更较]|比较)?[多少高低大小](?:一[些点]|[些点])?(?=[呢吗啊呀了]?[?？。!！]?$)")
_WORDS = re.compile(r"[\w' -]*[\w']")
_WORD_ENDS = re.compile(r"\W|$")
# Bigrams, without figures, that two sentences must share to tell of one thing.
_SAME_SUBJECT = 0.7
_FIGURE = re.compile(r"\d[\d.,]*|[一二三四五六七八九十百千万]+")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things that a question compares: its name, and the question about it alone."""

    element: Element
    question: str


def compared_sides(query: Query) -> tuple[Side, ...]:
    """Give the sides of a question that compares two or more places, years, days, bodies or persons, in its order."""
    folded = fold(query.text)
    if _COMPARES.search(folded) is None:
        return ()
    elements = find_elements(query.text)
    for kind in (ElementKind.PLACE, ElementKind.DATE, ElementKind.YEAR, ElementKind.PERSON, ElementKind.BODY):
        named = {fold(e.text): e for e in reversed(elements) if e.kind is kind}
        sides = sorted(named.values(), key=lambda element: element.start)
        if len(sides) > 1:
            either = "还是" in folded
            return tuple(Side(side, _amount(_alone(query.text, side, sides), either=either)) for side in sides)
    return ()


def _alone(text: str, side: Element, sides: Sequence[Element]) -> str:
    """Take the other sides out of a question, each with the word that joins it and with what is said of both again."""
    own = text[side.end :]
    for other in sorted(sides, key=lambda element: -element.start):
        if other is side:
            continue
        before, after = text[: other.start], text[other.end :]
        after = after[len(_said_again(own, after)) :]
        shortened = re.sub(f"{_JOINS}$", "", before, flags=re.IGNORECASE)
        if shortened == before:
            after = re.sub(f"^{_JOINS}", "", after, flags=re.IGNORECASE)
        text = shortened + after
    return text


def _said_again(one: str, other: str) -> str:
    """Give the words that follow both of two names: 法院 of 攸县法院和炎陵法院."""
    common = "".join(a for a, b in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    shared = _WORDS.match(common)
    words = shared.group() if shared else ""
    # Half a word of letters is none.
    return words if not words[-1:].isascii() or _WORD_ENDS.match(other, len(words)) else ""


def _amount(text: str, *, either: bool) -> str:
    """Ask how much instead of who or which has more, where Chinese says so in a word.

    :param either: whether the question is A多还是B多, which asks it without a word for which.
    """
    if _WHICH.search(text) is None and not either:
        return text
    amount, found = _MORE.subn("多少", text.rstrip(), count=1)
    return re.sub("[，,]的", "的", _WHICH.sub("", amount, count=1)) if found else text


def is_about(candidate: Candidate, side: Side) -> bool:
    """Tell whether a passage is about one side of a comparison: it names it, or its article does."""
    context = candidate.passage.context
    told = fold("\n".join((candidate.passage.text, context.place, context.article, context.date, context.period)))
    name = fold(side.element.text)
    return name in told or (len(name) > 2 and name[:-1] in told)


def continues(selections: Sequence[Selection]) -> bool:
    """Tell whether a list goes on over passages: neighbours of one article that all answer nearly as well."""
    if len(selections) < 2:
        return False
    first = selections[0].candidate
    near = [s.candidate for s in selections[1:] if s.candidate.score >= first.score - 0.5]
    return bool(near) and all(
        (c.passage.document_id, c.passage.context.article) == (first.passage.document_id, first.passage.context.article)
        for c in near
    )


def find_disagreement(query: Query, selections: Sequence[Selection]) -> tuple[Selection, Selection] | None:
    """Find two quotes that give different figures for the same thing: same words, place and period, another number.

    :param selections: the quotes to give, best first; one of the two is the first.
    """
    if query.expected is not AnswerKind.NUMBER or len(selections) < 2:
        return None
    first = selections[0]
    for other in selections[1:]:
        if _same_setting(first, other) and _same_subject(first.text, other.text) and _figures_differ(first, other):
            return first, other
    return None


def _same_setting(one: Selection, other: Selection) -> bool:
    left, right = one.candidate.passage, other.candidate.passage
    elsewhere = (left.document_id, left.context.article) != (right.document_id, right.context.article)
    return elsewhere and (left.context.place, left.context.period) == (right.context.place, right.context.period)


def _same_subject(one: str, other: str) -> bool:
    left, right = (frozenset(bigrams(_FIGURE.sub(" ", fold(text)))) for text in (one, other))
    smaller = min(len(left), len(right))
    return smaller > 0 and len(left & right) / smaller >= _SAME_SUBJECT


def _figures_differ(one: Selection, other: Selection) -> bool:
    """Tell whether one text has a figure that the other has in no form, and both have as many."""
    figures = [
        [fold(s.text[start:end]).replace(",", "") for start, end in find_answers(AnswerKind.NUMBER, s.text)]
        for s in (one, other)
    ]
    return len(figures[0]) == len(figures[1]) > 0 and set(figures[0]) != set(figures[1])
