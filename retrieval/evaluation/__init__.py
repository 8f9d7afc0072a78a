"""Measures retrieval and answers on question files, through the archive's own door."""

from retrieval.evaluation.answers import AnswerFigures, evaluate_answers
from retrieval.evaluation.judging import Outcome
from retrieval.evaluation.retrieval import RetrievalFigures, evaluate_retrieval

__all__ = ["AnswerFigures", "Outcome", "RetrievalFigures", "evaluate_answers", "evaluate_retrieval"]
