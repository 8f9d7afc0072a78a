from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.types import Passage, Span

__all__ = ["Candidate", "sentence_texts", "text_at"]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A passage that may answer, and its sentences as the ranking sees them.

    ``channels`` are the scores that the channels gave the passage, ``fused`` their weighted sum; ``features`` is
    float32 ``(sentences, len(FEATURES))``, ``scores`` float32 ``(sentences,)``: how well each sentence answers.
    """

    passage: Passage
    sentences: tuple[str, ...]
    channels: tuple[float, ...]
    fused: float
    features: NDArray[np.float32]
    scores: NDArray[np.float32]

    @property
    def best(self) -> int:
        """Give the number of the sentence that answers best, the first of equals."""
        return int(np.argmax(self.scores))

    @property
    def score(self) -> float:
        """Give the best sentence's score."""
        return float(self.scores[self.best])


def sentence_texts(passage: Passage) -> tuple[str, ...]:
    """Give the text of each of a passage's sentences."""
    if len(passage.spans) == 1:
        # Most passages are one span, and most sentences too.
        start, text = passage.spans[0].start, passage.text
        return tuple(
            [
                text[pieces[0].start - start : pieces[0].end - start] if len(pieces) == 1 else text_at(passage, pieces)
                for pieces in passage.sentences
            ]
        )
    return tuple([text_at(passage, pieces) for pieces in passage.sentences])


def text_at(passage: Passage, pieces: Sequence[Span]) -> str:
    """Give the text of spans that lie inside a passage's spans, joined."""
    text, offset = [], 0
    for span in passage.spans:
        for piece in pieces:
            if span.start <= piece.start and piece.end <= span.end:
                text.append(passage.text[offset + piece.start - span.start : offset + piece.end - span.start])
        offset += len(span)
    return "".join(text)
