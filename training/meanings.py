from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from retrieval.answering.asking import content_words
from retrieval.encoding import Encoder
from training.reading import Example

__all__ = ["Meanings", "words_of"]

_BATCH = 4096


class Meanings:
    """The vectors of all words that are read, float32 ``(words + 1, dimension)``; row 0 is of words that have none."""

    def __init__(self, words: Iterable[str], encoder: Encoder) -> None:
        """Encode some words."""
        self.names = [word for word in sorted(set(words)) if word]
        self.numbers = {word: number for number, word in enumerate(self.names, 1)}
        parts = [
            encoder.encode_passages(self.names[start : start + _BATCH]) for start in range(0, len(self.names), _BATCH)
        ]
        nothing = np.zeros((1, encoder.dimension), np.float32)
        self.vectors = torch.from_numpy(np.concatenate([nothing, *parts]))

    def ids(self, words: Sequence[str]) -> Tensor:
        """Give the rows of some words."""
        return torch.tensor([self.numbers.get(word, 0) for word in words], dtype=torch.long)


def words_of(some: Iterable[Example], translations: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Give all words of the texts and questions, and the translations of the questions' words."""
    for example in some:
        for text in filter(None, (example.own, example.near)):
            yield from text.units.words
        asked = {*example.asked.words, *content_words(example.question.text)}
        yield from asked
        for word in asked:
            yield from translations.get(word, ())
