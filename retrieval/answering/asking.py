from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.text_units import unit_names
from retrieval.language.questions import content_text
from retrieval.language.scripts import has_han
from retrieval.language.tokens import words
from retrieval.search.expectation import AnswerKind
from retrieval.search.features import QuestionTerms

__all__ = ["QUESTION", "AskedText", "asked_text", "foreign_asked", "spaced_asked"]

QUESTION = (*(kind.value for kind in AnswerKind), "unit", "known", "spoken")
"""What the question is as a whole."""

_MOST_WORDS = 16
_MOST_UNITS = 64
# So many of a question's words find no translation.
_LOST = 0.3
# How a Chinese question asks for each kind, for questions in other languages.
_ASKS = {
    AnswerKind.NUMBER: "多少",
    AnswerKind.DATE: "什么时候",
    AnswerKind.PERSON: "谁",
    AnswerKind.PLACE: "哪里",
    AnswerKind.REASON: "为什么",
    AnswerKind.LIST: "哪些",
    AnswerKind.OTHER: "什么",
}


@dataclass(frozen=True, slots=True, eq=False)
class AskedText:
    """A question as the pointer reads it: its units' names and what it is as a whole, float32 ``(len(QUESTION),)``."""

    names: tuple[str, ...]
    facts: NDArray[np.float32]


def asked_text(terms: QuestionTerms) -> AskedText:
    """Write a question in the archive's language: as it is, or by the archive's words for those that it lacks."""
    query = terms.query
    spoken = has_han(terms.folded) and query.language.startswith("zh") and not query.foreign
    if spoken:
        text = terms.folded
    else:
        known = [term for term, _ in (*terms.words.characters, *terms.words.whole)][:_MOST_WORDS]
        near = [members.characters[0][0] for members, _ in terms.groups if members.characters][:_MOST_WORDS]
        text = " ".join((*([] if query.foreign else known), *near, _ASKS[query.expected]))
    facts = [float(query.expected is kind) for kind in AnswerKind]
    facts += [float(terms.unit is not None), terms.known_share, float(spoken)]
    names = unit_names(text)[:_MOST_UNITS]
    return AskedText(names or ("<other>",), np.array(facts, np.float32))


def foreign_asked(question: str, asked: AskedText, random: Random) -> AskedText:
    """Write a Chinese question as one in another language would be: most of its words, in any order. For training."""
    content = _content(question)
    kept = [word for word in content if random.random() > _LOST]
    random.shuffle(kept)
    facts = asked.facts.copy()
    facts[QUESTION.index("known")], facts[QUESTION.index("spoken")] = 0.4 * random.random(), 0.0
    names = unit_names(" ".join((*kept, _ASKS[_kind(asked)])))
    return AskedText(names, facts)


def spaced_asked(question: str, asked: AskedText) -> AskedText:
    """Write a Chinese question as one of a text of letters would be: so many words, and what kind it asks for."""
    facts = asked.facts.copy()
    facts[QUESTION.index("spoken")] = 0.0
    return AskedText((*("<latin>" for _ in _content(question)), *unit_names(_ASKS[_kind(asked)])), facts)


def _content(question: str) -> list[str]:
    return [word for word in dict.fromkeys(words(content_text(question))) if len(word) > 1][:_MOST_WORDS]


def _kind(asked: AskedText) -> AnswerKind:
    return next(kind for number, kind in enumerate(AnswerKind) if asked.facts[number])
