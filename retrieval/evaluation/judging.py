from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from retrieval.errors import UnknownDocumentError
from retrieval.evaluation.metrics import character_f1
from retrieval.evaluation.questions import ArchiveQuestion
from retrieval.types import Answer, AnswerStatus, Document, Quote

__all__ = ["MAX_QUOTE_CHARACTERS", "Outcome", "judge"]

MAX_QUOTE_CHARACTERS = 400
"""A longer quote counts for nothing: returning everything is no answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    ``quote_rank`` is the place, from 1, of the first right quote, None if there is none. ``answered`` says whether the
    first quote's highlight holds a right answer and ``answer_f1`` how much they share; both are None for questions
    without ``answers``. ``quote_lengths`` are the quotes' lengths in characters. ``misquotes`` counts the quotes and
    near misses that differ from their source.
    """

    id: str
    lang: str
    kind: str
    question: str
    answerable: bool
    status: AnswerStatus
    quote_rank: int | None
    answered: bool | None
    answer_f1: float | None
    quote_lengths: tuple[int, ...]
    misquotes: int

    def to_dict(self) -> dict[str, str | int | float | bool | list[int] | None]:
        """Give the outcome as JSON-ready values."""
        return {
            "id": self.id,
            "lang": self.lang,
            "kind": self.kind,
            "question": self.question,
            "answerable": self.answerable,
            "status": self.status.value,
            "quote_rank": self.quote_rank,
            "answered": self.answered,
            "answer_f1": self.answer_f1,
            "quote_lengths": list(self.quote_lengths),
            "misquotes": self.misquotes,
        }


def judge(question: ArchiveQuestion, answer: Answer, document: Callable[[str], Document]) -> Outcome:
    """Compare an answer with what a right one shows.

    :param document: gives the document with an id, or raises ``UnknownDocumentError``.
    """
    highlights = _highlights(answer.quotes[0], document) if answer.quotes else []
    return Outcome(
        id=question.id,
        lang=question.lang,
        kind=question.kind,
        question=question.question,
        answerable=question.answerable,
        status=answer.status,
        quote_rank=next((rank for rank, quote in enumerate(answer.quotes, start=1) if _holds(quote, question)), None),
        answered=any(gold.strip() in text for gold in question.answers for text in highlights)
        if question.answers
        else None,
        answer_f1=max(max((character_f1(text, gold) for text in highlights), default=0.0) for gold in question.answers)
        if question.answers
        else None,
        quote_lengths=tuple(len(quote.text) for quote in answer.quotes),
        misquotes=sum(not _is_verbatim(quote, document) for quote in (*answer.quotes, *answer.near_misses)),
    )


def _holds(quote: Quote, question: ArchiveQuestion) -> bool:
    return (
        len(quote.text) <= MAX_QUOTE_CHARACTERS
        and PurePosixPath(quote.source).name.startswith(question.sources)
        and any(gold.strip() in quote.text for gold in question.quotes)
    )


def _highlights(quote: Quote, document: Callable[[str], Document]) -> list[str]:
    """Give the text of each highlight and of all of them together; none for a quote that is too long to count."""
    if len(quote.text) > MAX_QUOTE_CHARACTERS:
        return []
    try:
        text = document(quote.document_id).text
    except UnknownDocumentError:
        return []
    parts = [text[span.start : span.end] for span in quote.highlights]
    return [*parts, "".join(parts)]


def _is_verbatim(quote: Quote, document: Callable[[str], Document]) -> bool:
    try:
        source = document(quote.document_id)
    except UnknownDocumentError:
        return False
    words = "".join(source.text[span.start : span.end] for span in quote.spans)
    return words == quote.text and source.source == quote.source
