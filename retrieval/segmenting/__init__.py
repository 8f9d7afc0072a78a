"""A document's text to passages: page furniture, articles, columns, sentences, and where each stands."""

from retrieval.segmenting.outlines import outline
from retrieval.segmenting.passages import segment

__all__ = ["outline", "segment"]
