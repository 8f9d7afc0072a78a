"""A question to the passages that may answer it: analysis, channels, candidates, ranking."""

from retrieval.search.analysis import MAX_QUESTION_CHARACTERS, Query, analyse
from retrieval.search.backends import IndexBackend, LocalBackend
from retrieval.search.candidates import Candidate, text_at
from retrieval.search.explaining import explain
from retrieval.search.indexes import encoded_texts
from retrieval.search.lexicon import Lexicon
from retrieval.search.protocol import SearchIndexes
from retrieval.search.searcher import Findings, Searcher
from retrieval.search.word_vectors import WordRows, WordVectors

__all__ = [
    "MAX_QUESTION_CHARACTERS",
    "Candidate",
    "Findings",
    "IndexBackend",
    "Lexicon",
    "LocalBackend",
    "Query",
    "SearchIndexes",
    "Searcher",
    "WordRows",
    "WordVectors",
    "analyse",
    "encoded_texts",
    "explain",
    "text_at",
]
