import unicodedata
from dataclasses import dataclass

from retrieval.errors import QuestionError
from retrieval.index import WeightedTerm
from retrieval.language.cantonese import in_standard_words
from retrieval.language.identification import identify
from retrieval.language.questions import content_text
from retrieval.language.tokens import bigrams, meaningful_words, phrases, words
from retrieval.search.expectation import AnswerKind, Furniture, asked_furniture, expected_kind

__all__ = ["MAX_QUESTION_CHARACTERS", "Query", "analyse"]

MAX_QUESTION_CHARACTERS = 10_000
# A term that a long, story-like question repeats is about as telling as one said twice.
_MAX_REPEATS = 2
# Words whose meaning is looked up; each costs about a millisecond.
_MAX_MEANINGS = 40
# A story's phrases beyond these cost more time than they tell.
_MAX_PHRASES = 60


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the search understands it.

    ``text`` is the question without control characters, ``words`` and ``bigrams`` are the terms of its content words,
    ``phrases`` are runs of its characters or pairs of its words, ``meanings`` those words whose meaning can be looked
    up, ``expected`` is the kind of answer that it asks for, ``furniture`` the part of the page that it asks about, if
    any. A ``foreign`` query is searched as if the archive had none of its words, and a ``glossed`` one of these as if
    they came through a dictionary, which is how the ranking learns what to make of other languages.
    """

    text: str
    language: str
    words: tuple[WeightedTerm, ...]
    bigrams: tuple[WeightedTerm, ...]
    phrases: tuple[str, ...]
    meanings: tuple[str, ...]
    expected: AnswerKind
    furniture: Furniture
    foreign: bool = False
    glossed: bool = False


def analyse(question: str) -> Query:
    """Understand a question.

    :raises QuestionError: if it is empty, longer than ``MAX_QUESTION_CHARACTERS``, or has no letter or digit.
    """
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            f"the question has {len(question)} characters, more than the {MAX_QUESTION_CHARACTERS} allowed; shorten it"
        )
    text = _readable(question)
    if not text:
        raise QuestionError("the question is empty; ask in words, such as: ask 炎陵县的调解成功率是多少？")
    if not any(character.isalnum() for character in text):
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        raise QuestionError(f"the question {shown!r} has no letter or digit; ask in words")
    asked = in_standard_words(text)
    content = content_text(asked)
    return Query(
        text=text,
        language=identify(text),
        words=_weighted(words(content)),
        bigrams=_weighted(bigrams(content)),
        phrases=tuple(phrases(content)[:_MAX_PHRASES]),
        meanings=tuple(meaningful_words(content)[:_MAX_MEANINGS]),
        expected=expected_kind(asked),
        furniture=asked_furniture(asked),
    )


def _readable(question: str) -> str:
    """Drop what no reader sees, such as control characters and lone surrogates, and fold white space."""
    seen = "".join(
        " " if character.isspace() else character
        for character in question
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Cn", "Co")
    )
    return " ".join(seen.split())


def _weighted(terms: list[str]) -> tuple[WeightedTerm, ...]:
    counts: dict[str, int] = {}
    for term in terms:
        counts[term] = counts.get(term, 0) + 1
    return tuple(WeightedTerm(term, float(min(count, _MAX_REPEATS))) for term, count in counts.items())
