from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.text_units import has_meaning, unit_names, unit_words
from retrieval.language.questions import content_text
from retrieval.language.scripts import has_han
from retrieval.language.tokens import words
from retrieval.search.expectation import AnswerKind
from retrieval.search.question_terms import QuestionTerms

__all__ = ["QUESTION", "AskedText", "asked_text", "content_words", "foreign_asked", "spaced_asked"]

QUESTION = (*(kind.value for kind in AnswerKind), "unit", "known", "spoken")
"""What the question is as a whole."""

_MOST_WORDS = 16
_MOST_UNITS = 64
# So many of a question's words find no translation.
_LOST = 0.3
# So many translations are the usual one, and so many of the words without any are names.
_USUAL, _NAMED = 0.7, 0.5
# A word of letters, among the names of units.
_WORD = "<latin>"
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
    """A question as the pointer reads it: its units, and what it is as a whole, float32 ``(len(QUESTION),)``.

    ``names`` are those of the units, ``words`` the word that each is of, empty where it is none that has a meaning.
    """

    names: tuple[str, ...]
    words: tuple[str, ...]
    facts: NDArray[np.float32]


def asked_text(terms: QuestionTerms) -> AskedText:
    """Write a question in the archive's language: as it is, or by the archive's words for those that it lacks.

    The words that it lacks follow as words of letters, of which only the meaning is known.
    """
    query = terms.query
    spoken = has_han(terms.folded) and query.language.startswith("zh") and not query.foreign
    if spoken:
        names, words = unit_names(terms.folded), unit_words(terms.folded)
    else:
        known = [term for term, _ in (*terms.words.characters, *terms.words.whole)][:_MOST_WORDS]
        known = [] if query.foreign else known
        near = [members.characters[0][0] for members, _ in terms.groups if members.characters][:_MOST_WORDS]
        lacking = [word for word in query.meanings if word not in known][:_MOST_WORDS]
        names, words = _written([*known, *near], query.expected, lacking)
    facts = [float(query.expected is kind) for kind in AnswerKind]
    facts += [float(terms.unit is not None), terms.known_share, float(spoken)]
    names, words = (names or ("<other>",))[:_MOST_UNITS], (words or ("",))[:_MOST_UNITS]
    return AskedText(names, words, np.array(facts, np.float32))


def foreign_asked(
    question: str, asked: AskedText, random: Random, translations: Mapping[str, Sequence[str]]
) -> AskedText:
    """Write a Chinese question as one in another language would be: most of its words, in any order. For training.

    :param translations: of Chinese words, the usual ones first.
    """
    content = content_words(question)
    kept = [word for word in content if random.random() > _LOST]
    random.shuffle(kept)
    facts = asked.facts.copy()
    facts[QUESTION.index("known")], facts[QUESTION.index("spoken")] = 0.4 * random.random(), 0.0
    lacking = []
    for word in content:
        senses = translations.get(word, ())
        if senses:
            lacking.append(senses[0] if random.random() < _USUAL else random.choice(senses))
        elif random.random() < _NAMED:
            lacking.append("")
    names, words = _written(kept, _kind(asked), lacking)
    return AskedText(names, words, facts)


def spaced_asked(question: str, asked: AskedText) -> AskedText:
    """Write a Chinese question as one of a text of letters would be: the meaning of its words, and what it asks for."""
    facts = asked.facts.copy()
    facts[QUESTION.index("spoken")] = 0.0
    content = content_words(question)
    ask = unit_names(_ASKS[_kind(asked)])
    return AskedText((*(_WORD for _ in content), *ask), (*content, *("" for _ in ask)), facts)


def _written(known: Sequence[str], kind: AnswerKind, lacking: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write a question by words of the archive, how Chinese asks for such an answer, and words that are only meant."""
    names: list[str] = []
    words: list[str] = []
    for term in known:
        units = unit_names(term)
        names += units
        words += [term if has_meaning(term) else ""] * len(units)
    ask = unit_names(_ASKS[kind])
    return (*names, *ask, *(_WORD for _ in lacking)), (*words, *("" for _ in ask), *lacking)


def content_words(question: str) -> list[str]:
    """Give the words of a question that have a meaning of their own."""
    return [word for word in dict.fromkeys(words(content_text(question))) if len(word) > 1][:_MOST_WORDS]


def _kind(asked: AskedText) -> AnswerKind:
    return next(kind for number, kind in enumerate(AnswerKind) if asked.facts[number])
