"""A document's text to passages: page furniture, articles, columns, sentences, and where each stands."""

from retrieval.segmenting.outlines import outline
from retrieval.segmenting.passages import iter_passages, segment

__all__ = ["iter_passages", "outline", "segment"]
