"""Measures retrieval and answers on question files, through the archive's own door."""

from retrieval.evaluation.answers import AnswerFigures, evaluate_answers
from retrieval.evaluation.judging import Outcome
from retrieval.evaluation.reading import ReadingFigures, evaluate_reading
from retrieval.evaluation.retrieval import RetrievalFigures, evaluate_retrieval

__all__ = [
    "AnswerFigures",
    "Outcome",
    "ReadingFigures",
    "RetrievalFigures",
    "evaluate_answers",
    "evaluate_reading",
    "evaluate_retrieval",
]
