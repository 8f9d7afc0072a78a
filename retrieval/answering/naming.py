import re
from collections.abc import Sequence

from retrieval.answering.elements import Element, ElementKind
from retrieval.answering.tables import ENDS, follow_up_tables
from retrieval.answering.topics import ASKING
from retrieval.language.folding import fold
from retrieval.language.questions import content_text

__all__ = ["LOCATIVE", "named_thing", "phrase_start"]

# The longest thing, in characters, that a question may only name.
_THING = 10
_NO_THING = frozenset(("v", "p", "d", "r", "c", "ul"))
LOCATIVE = re.compile(
    r"(?:à|en|dans|in|im|aus|de|of|в|во|на|para|del|du)\s+(?:le |la |l'|el |der |dem |the )?$", re.IGNORECASE
)
"""The preposition that the words before a place end with."""


def named_thing(question: str, elements: Sequence[Element], tongue: str, *, led: bool) -> str | None:
    """Give what a question that only names something names, 攸县呢 or And in Liling; None for one that asks more.

    :param question: the question without the words that lead on to it.
    :param elements: what it names.
    :param led: whether there were such words: And …, 那….
    """
    stripped = question.strip(ENDS)
    tail = follow_up_tables().patterns.get("tail", {}).get(tongue, "")
    named = re.sub(f"{tail}$", "", fold(stripped)) if tail else fold(stripped)
    marked = led or named != fold(stripped)
    inner = next((e for e in elements if e.kind is not ElementKind.PERSON), None)
    if inner is not None and _is_all(inner, stripped, tongue):
        return inner.text if tongue in ("zh", "ja", "ko") else stripped[phrase_start(question, inner) :].strip()
    # 天气怎么样 begins anew, 天气呢 may go on.
    goes_on = led or tongue != "zh" or fold(stripped).endswith("呢")
    if marked and goes_on and not ASKING.search(named) and _is_thing(named, tongue):
        return stripped[: len(named)]
    person = next((e for e in elements if e.kind is ElementKind.PERSON), None)
    if person is not None and marked and fold(person.text) == fold(stripped[: len(named)]):
        return person.text
    return None


def phrase_start(question: str, element: Element) -> int:
    """Give where the phrase of an element begins: with its preposition."""
    before = LOCATIVE.search(question[: element.start])
    return before.start() if before else element.start


def _is_thing(named: str, tongue: str) -> bool:
    if tongue != "zh":
        return tongue in ("ja", "ko") and 1 <= len(named) <= _THING
    import rjieba

    return 1 <= len(named) <= _THING and not any(tag in _NO_THING for _, tag in rjieba.tag(named))


def _is_all(element: Element, stripped: str, tongue: str) -> bool:
    """Tell whether a question has no content but this element."""
    if tongue in ("zh", "ja"):
        left = ASKING.sub("", fold(stripped).replace(fold(element.text), "", 1))
        return not re.sub(r"[\W到了在的是呢又也年はでにの]", "", left)
    left = content_text(stripped.replace(element.text, " ", 1))
    if left.strip() == fold(stripped.replace(element.text, " ", 1)).strip():
        # Nothing but words that ask comes back whole.
        left = " ".join(word for word in left.split() if len(word) > 5 and tongue != "ko")
    return not re.sub(r"[\W_]|은요|는요|은|는", "", left)
