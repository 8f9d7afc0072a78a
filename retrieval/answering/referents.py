import re
from collections.abc import Sequence

from retrieval.answering.elements import ElementKind, find_elements
from retrieval.answering.tables import follow_up_tables
from retrieval.language.folding import fold
from retrieval.language.scripts import HAN

__all__ = ["with_referent"]

# Of an answer, no more than this is looked over for whom it names.
_LOOKED_OVER = 400
# Pronouns of one person; one of several is told by joining the questions.
_SINGULAR = re.compile("[他她彼佢]|彼女|此人|[这那](?:个?人|位)|he|she|him|hers?|his")


def with_referent(question: str, tongue: str, texts: Sequence[str]) -> str | None:
    """Put the person whom a conversation is about in the place of he or she; None where either is wanting.

    :param texts: the question before and the answers, the nearest first.
    """
    tables, folded = follow_up_tables(), fold(question)
    pronouns = tables.patterns["pronoun"].get(tongue)
    found = list(re.finditer(pronouns, folded, re.IGNORECASE)) if pronouns else []
    singular = [match for match in found if _SINGULAR.fullmatch(match.group())]
    person = _person(question, tongue, texts) if singular else None
    if person is None:
        return None
    completed = question
    for match in reversed(singular):
        following = folded[match.end() :].lstrip()
        owns = match.group() in ("his", "hers") or (match.group() == "her" and re.match(r"[a-z]", following))
        put = f"{person}'s" if owns else person
        completed = completed[: match.start()] + put + completed[match.end() :]
    return completed


def _person(question: str, tongue: str, texts: Sequence[str]) -> str | None:
    """Give whom the conversation is about: named in one of the texts, or else described."""
    for text in texts:
        named = [e.text for e in find_elements(text[:_LOOKED_OVER]) if e.kind is ElementKind.PERSON]
        if named and named[0] not in question:
            return named[0]
    described = (_described(text[:_LOOKED_OVER], question, tongue) for text in texts)
    return next((person for person in described if person is not None), None)


def _described(text: str, question: str, tongue: str) -> str | None:
    heads = "|".join(sorted(follow_up_tables().people.get(tongue, ()), key=lambda head: (-len(head), head)))
    if not heads:
        return None
    if tongue == "zh":
        pattern = rf"(?:[那这]个)?((?:[{HAN}]{{2,4}}的)?(?:{heads}))"
        found = [m for m in re.finditer(pattern, fold(text)) if m.group(1) not in fold(question)]
    else:
        found = list(re.finditer(rf"\b((?:the|an?) (?:[a-z-]+ ){{0,3}}(?:{heads}))\b", text, re.IGNORECASE))
    if not found:
        return None
    start, end = found[0].span(1)
    # 醴陵市法院的院长 is not cut in the name of a place.
    within = [e.start for e in find_elements(text) if e.start < start < e.end]
    return text[min(within, default=start) : end]
