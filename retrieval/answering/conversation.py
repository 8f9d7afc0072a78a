import re
from collections.abc import Sequence

from retrieval.language.questions import content_text
from retrieval.search import MAX_QUESTION_CHARACTERS
from retrieval.types import Turn

__all__ = ["complete"]

# Words by which a question leans on the one before it.
_LEANS = re.compile(
    r"^(?:那么?|那(?:他|她|它|里|边|个|次)?|还有|其中|他们?|她们?|它们?|这|后来|结果|and\b|what about|how about|which of them|they|he|she|it\b|"
    r"а |и |il |elle |et |y |und |er |sie |では|じゃあ|それ|그럼|그)|(?:呢|ne)\s*[？?]?$|of them\b|\bthem\b|\bthose\b|из них|davon|d'entre eux",
    re.IGNORECASE,
)
_SHORT = 8


def complete(question: str, history: Sequence[Turn]) -> str:
    """Complete a follow-up question from the conversation: it is searched together with the one before it.

    A question that stands for itself comes back as it is.
    """
    if not history:
        return question
    content = "".join(content_text(question).split())
    if _LEANS.search(question.strip()) or len(content) < _SHORT:
        # A story asked before must not make this question too long.
        room = max(MAX_QUESTION_CHARACTERS - len(question) - 1, 0)
        return f"{history[-1].question[:room]} {question}"
    return question
