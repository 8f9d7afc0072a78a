"""The passages found to an answer: which words to quote, which of them answer, and whether any do."""

from retrieval.answering.answerer import Answerer
from retrieval.answering.provenance import MAX_QUOTE
from retrieval.answering.surroundings import around

__all__ = ["MAX_QUOTE", "Answerer", "around"]
