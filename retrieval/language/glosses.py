import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.language.cedict import Entry

__all__ = ["Gloss", "glosses"]

_MAX_WORDS = 8
_ASIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_WORD = re.compile(r"[^\W_]+(?:['.](?=[^\W_])[^\W_]+)*")
# Senses that point to another word, or describe a word instead of translating it.
_NO_TRANSLATION = re.compile(
    r"(?:(?:old|archaic|erroneous|japanese|erhua|ancient|popular)? ?variant of|surname |CL:|abbr\.? |see |used in|"
    r"also (?:written|pr|known)|same as|taiwan pr|pr\. |erhua|equivalent|radical|kangxi|one of the|name of|"
    r"classifier|particle|lit\.|cf\b)",
    re.IGNORECASE,
)
_LEADING = frozenset(
    ("a", "an", "be", "etc", "of", "oneself", "one", "one's", "sb", "so", "some", "sth", "the", "to", "very")
)
_TRAILING = frozenset(("etc", "one's", "sb", "sth"))
_BEFORE_DETAILS = "at between by during for from in near of on that under used which who with"
_PREPOSITIONS = frozenset(_BEFORE_DETAILS.split())
# "Yanling County in Zhuzhou" translates "Yanling County" nearly as well as that alone would.
_HEAD_LOSS = 2


@dataclass(frozen=True, slots=True)
class Gloss:
    """An English expression that a Chinese word means.

    ``words`` are in small letters; ``rank`` is 0 for the definition's first and grows as they get less central.
    ``head`` is the word that the others belong to; ``length`` counts the words of the whole definition.
    """

    words: tuple[str, ...]
    rank: int
    head: str
    length: int


def glosses(entry: Entry) -> Iterator[Gloss]:
    """Give the expressions that translate an entry, most central first; explanations and references are left out."""
    rank = 0
    for sense in entry.senses:
        # The gloss that a parenthesis opens with, such as "(coll.)", says nothing of the meaning.
        plain = _ASIDE.sub(" ", _ASIDE.sub(" ", sense)) if "(" in sense or "[" in sense else sense
        for part in plain.replace(",", ";").split(";"):
            words = _content(part)
            if words is None:
                continue
            before = _before_preposition(words)
            head = before[-1] if before else words[0]
            yield Gloss(words, rank, head, len(words))
            if 0 < len(before) < len(words):
                yield Gloss(before, rank + _HEAD_LOSS, head, len(words))
            rank += 1


def _content(part: str) -> tuple[str, ...] | None:
    part = part.strip()
    if not part or _NO_TRANSLATION.match(part):
        return None
    words = [word.removesuffix("'s") for word in _WORD.findall(part.lower().replace("’", "'"))]
    while words and words[0] in _LEADING:
        del words[0]
    while words and words[-1] in _TRAILING:
        del words[-1]
    return tuple(words) if 0 < len(words) <= _MAX_WORDS else None


def _before_preposition(words: tuple[str, ...]) -> tuple[str, ...]:
    for number, word in enumerate(words):
        if word in _PREPOSITIONS:
            return words[:number]
    return words
