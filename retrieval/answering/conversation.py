from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from retrieval.answering.pages import means_the_article_in_focus
from retrieval.answering.tables import ENDS, follow_up_tables, tongue_of
from retrieval.language.folding import fold
from retrieval.language.identification import identify
from retrieval.search import MAX_QUESTION_CHARACTERS, Query, analyse
from retrieval.types import Turn

__all__ = ["Request", "Understanding", "understand"]

# Turns that are looked back over; what was said before them is forgotten.
_TURNS = 12
# Characters of a turn that are read: whoever sends a whole book as an earlier question must not make this one slow.
_MOST_ASKED = 500
_MOST_ANSWERED = 4000


class Request(StrEnum):
    """What a message of a conversation wants."""

    ANSWER = "answer"
    MORE = "more"
    AROUND = "around"


@dataclass(frozen=True, slots=True)
class Understanding:
    """A message as the conversation makes it understood.

    ``text`` is the whole question to search for, ``asked`` the part of it that says what is wanted: a completed
    question also holds words of the one before it. ``is_tentative`` where the question may begin a new topic as well,
    ``is_new`` where it says that it does.
    """

    text: str
    asked: str
    request: Request = Request.ANSWER
    is_tentative: bool = False
    is_new: bool = False

    def query(self) -> Query:
        """Analyse the question, which may hold words of the one before it that do not say what is asked now."""
        whole = analyse(self.text)
        if self.asked == self.text:
            return whole
        part = analyse(self.asked)
        return replace(whole, expected=part.expected, furniture=part.furniture)

    def begins_anew(self, frequency: Callable[[str], int]) -> bool:
        """Tell whether a completed question has no own words but ones strange to an archive that has those before.

        :param frequency: in how many passages of the archive a word stands.
        """
        if self.asked == self.text:
            return False
        asked = analyse(self.asked)
        if means_the_article_in_focus(asked):
            return False
        own = {term.term for term in asked.words if len(term.term) > 1}
        others = {term.term for term in analyse(self.text).words} - own
        return bool(own) and not any(map(frequency, own)) and 2 * len([*filter(frequency, others)]) > len(others)


def understand(question: str, history: Sequence[Turn]) -> Understanding:
    """Understand a question in its conversation: a follow-up is completed from the turns before it.

    A question that stands for itself comes back as it is.
    """
    if not history:
        return Understanding(question, question)
    # Its patterns take time to compile that a single question should not pay.
    from retrieval.answering.completion import Completion, complete_question

    turns = [Turn(turn.question[:_MOST_ASKED], turn.answer[:_MOST_ANSWERED]) for turn in history[-_TURNS:]]
    base: Completion | None = None
    for number, turn in enumerate(turns):
        earlier = turns[:number]
        if turn.question.strip() and _request(turn.question) is Request.ANSWER:
            base = complete_question(turn.question.strip(), base, _answers(earlier))
    request = _request(question) if base is not None else Request.ANSWER
    if base is not None and request is not Request.ANSWER:
        return Understanding(base.text, base.asked, request)
    done = complete_question(question, base, _answers(turns))
    # A story asked before must not make this question too long.
    if len(done.text) > MAX_QUESTION_CHARACTERS:
        return Understanding(question, question)
    return Understanding(done.text, done.asked, is_tentative=done.is_tentative, is_new=done.is_new)


def _request(question: str) -> Request:
    tables, folded = follow_up_tables(), fold(question).strip(ENDS + "¿¡")
    tongue = tongue_of(folded, identify(question))
    tongues: tuple[str, ...] = ("zh", "ja") if tongue in ("zh", "ja") else ("en", "de", "fr", "es")
    if tongue in ("ko", "ru"):
        tongues = (tongue,)
    for kind in (Request.MORE, Request.AROUND):
        for spoken in tongues:
            lead = tables.match("lead", spoken, folded)
            rest = folded[lead.end() :] if lead else folded
            if tables.is_whole(kind.value, spoken, folded) or tables.is_whole(kind.value, spoken, rest):
                return kind
    return Request.ANSWER


def _answers(turns: Sequence[Turn]) -> tuple[str, ...]:
    return tuple(turn.answer for turn in turns)
