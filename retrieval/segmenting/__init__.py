"""A document's text to passages: page furniture, articles, columns, sentences, and where each stands."""

from retrieval.segmenting.passages import segment

__all__ = ["segment"]
