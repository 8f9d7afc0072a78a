import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.archive import Archive
from retrieval.errors import EvaluationFileError, QuestionError
from retrieval.evaluation.judging import Outcome, judge
from retrieval.evaluation.questions import load_questions
from retrieval.types import AnswerStatus, Document, ProgressCallback

__all__ = ["AnswerFigures", "Group", "GroupFigures", "evaluate_answers", "summarise"]

_QUOTES = 3


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The figures of a group of questions; None where the group has no question to which a figure applies.

    Of the answerable questions: ``quote_at_1`` and ``quote_at_3`` are the shares with a right quote among the first
    one or three, ``answer_at_1`` and ``answer_f1`` say how far the first quote's highlight holds a right answer, and
    ``false_refusals`` is the share that was not answered. ``refused`` is that share of the unanswerable ones.
    """

    questions: int
    quote_at_1: float | None
    quote_at_3: float | None
    answer_at_1: float | None
    answer_f1: float | None
    refused: float | None
    false_refusals: float | None
    misquotes: int
    mean_quote_characters: float | None
    longest_quote_characters: int

    def to_dict(self) -> dict[str, float | int | None]:
        """Give the figures under the names that the public interface lays down."""
        return {
            "questions": self.questions,
            "quote@1": self.quote_at_1,
            "quote@3": self.quote_at_3,
            "answer@1": self.answer_at_1,
            "answer_f1": self.answer_f1,
            "refused": self.refused,
            "false_refusals": self.false_refusals,
            "misquotes": self.misquotes,
            "mean_quote_characters": self.mean_quote_characters,
            "longest_quote_characters": self.longest_quote_characters,
        }


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of the questions that share a language or a kind."""

    name: str
    figures: GroupFigures


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """How well an archive answers: overall, by language and by kind, groups sorted by name, and each outcome."""

    overall: GroupFigures
    by_lang: tuple[Group, ...]
    by_kind: tuple[Group, ...]
    outcomes: tuple[Outcome, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the figures as the public interface lays them down, without the outcomes."""
        return {
            "overall": self.overall.to_dict(),
            "by_lang": {group.name: group.figures.to_dict() for group in self.by_lang},
            "by_kind": {group.name: group.figures.to_dict() for group in self.by_kind},
        }


def evaluate_answers(
    archive: Archive,
    questions: str | os.PathLike[str],
    *,
    split: str | None = None,
    progress: ProgressCallback | None = None,
) -> AnswerFigures:
    """Ask an archive the questions of a file and compare its quotes with the right ones.

    :param archive: the archive that the questions are about.
    :param questions: a file as ``load_questions`` reads it.
    :param split: ask only the questions of this split.
    :param progress: told about each question asked.
    :return: the figures and the outcome of each question, in file order.
    :raises EvaluationFileError: if the file has another layout, or a question cannot be asked.
    """
    asked = load_questions(questions, split)
    documents: dict[str, Document] = {}

    def document(document_id: str) -> Document:
        if document_id not in documents:
            documents[document_id] = archive.document(document_id)
        return documents[document_id]

    outcomes = []
    for done, question in enumerate(asked, start=1):
        try:
            answer = archive.ask(question.question, question.history, top=_QUOTES)
        except QuestionError as error:
            raise EvaluationFileError(f"{questions}: question {question.id} cannot be asked: {error}") from error
        outcomes.append(judge(question, answer, document))
        if progress is not None:
            progress(done, len(asked), question.id)
    return AnswerFigures(
        overall=summarise(outcomes),
        by_lang=_groups(outcomes, lambda outcome: outcome.lang),
        by_kind=_groups(outcomes, lambda outcome: outcome.kind),
        outcomes=tuple(outcomes),
    )


def summarise(outcomes: Sequence[Outcome]) -> GroupFigures:
    """Reduce the outcomes of a group of questions to its figures."""
    answerable = [outcome for outcome in outcomes if outcome.answerable]
    unanswerable = [outcome for outcome in outcomes if not outcome.answerable]
    lengths = [length for outcome in outcomes for length in outcome.quote_lengths]
    return GroupFigures(
        questions=len(outcomes),
        quote_at_1=_mean([float(outcome.quote_rank == 1) for outcome in answerable]),
        quote_at_3=_mean(
            [float(outcome.quote_rank is not None and outcome.quote_rank <= _QUOTES) for outcome in answerable]
        ),
        answer_at_1=_mean([float(outcome.answered) for outcome in answerable if outcome.answered is not None]),
        answer_f1=_mean([outcome.answer_f1 for outcome in answerable if outcome.answer_f1 is not None]),
        refused=_refused(unanswerable),
        false_refusals=_refused(answerable),
        misquotes=sum(outcome.misquotes for outcome in outcomes),
        mean_quote_characters=_mean(lengths),
        longest_quote_characters=max(lengths, default=0),
    )


def _refused(outcomes: Sequence[Outcome]) -> float | None:
    return _mean([float(outcome.status is AnswerStatus.NOT_FOUND) for outcome in outcomes])


def _groups(outcomes: Sequence[Outcome], name: Callable[[Outcome], str]) -> tuple[Group, ...]:
    names = sorted({name(outcome) for outcome in outcomes})
    return tuple(Group(key, summarise([outcome for outcome in outcomes if name(outcome) == key])) for key in names)


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None
