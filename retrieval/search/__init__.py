"""A question to the passages that may answer it: analysis, channels, candidates, ranking."""

from retrieval.search.analysis import MAX_QUESTION_CHARACTERS, Query, analyse
from retrieval.search.building import IndexBuilder
from retrieval.search.candidates import Candidate, text_at
from retrieval.search.explaining import explain
from retrieval.search.indexes import RECIPE, Indexes, encoded_texts
from retrieval.search.lexicon import Lexicon
from retrieval.search.searcher import Findings, Searcher

__all__ = [
    "MAX_QUESTION_CHARACTERS",
    "RECIPE",
    "Candidate",
    "Findings",
    "IndexBuilder",
    "Indexes",
    "Lexicon",
    "Query",
    "Searcher",
    "analyse",
    "encoded_texts",
    "explain",
    "text_at",
]
