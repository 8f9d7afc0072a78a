"""Examples' rows as tensors."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from retrieval.answering.asking import QUESTION
from retrieval.answering.marks import ASKED
from retrieval.answering.text_units import FIXED
from training.meanings import Meanings
from training.reading import Example, Picker, Row

__all__ = ["Batches"]

# How many units are taken for unknown.
_UNKNOWN = 0.1
# In how many rows no word's meaning is known, and how many words' are not in the others.
_MEANINGLESS, _LACKING = 0.06, 0.1


class Batches:
    """Makes tensors of examples' rows."""

    def __init__(self, numbers: dict[str, int], meanings: Meanings, picker: Picker) -> None:
        """Use ``numbers`` for the units' names; names that have none are unknown."""
        self.numbers = numbers
        self.meanings = meanings
        self.picker = picker

    def make(self, some: Sequence[Example]) -> tuple[tuple[Tensor, ...], Tensor]:
        """Give the network's input for some examples, and which runs answer, bool ``(batch, units, units)``."""
        rows = [self.picker.row(example) for example in some]
        longest, asked = max(len(row.names) for row in rows), max(len(row.asked.names) for row in rows)
        ids, sentence = torch.zeros(len(rows), longest, dtype=torch.long), torch.full((len(rows), longest), -1)
        marks = torch.zeros(len(rows), longest, len(FIXED) + len(ASKED))
        names, facts = torch.zeros(len(rows), asked, dtype=torch.long), torch.zeros(len(rows), len(QUESTION))
        own, sought = torch.zeros(len(rows), longest, dtype=torch.long), torch.zeros_like(names)
        gold = torch.zeros(len(rows), longest, longest, dtype=torch.bool)
        for number, row in enumerate(rows):
            size = len(row.names)
            ids[number, :size] = torch.tensor(self._ids(row))
            names[number, : len(row.asked.names)] = torch.tensor([self.numbers.get(n, 1) for n in row.asked.names])
            marks[number, :size] = torch.from_numpy(row.marks)
            sentence[number, :size] = torch.from_numpy(row.sentence.astype(np.int64))
            facts[number] = torch.from_numpy(row.asked.facts)
            if self.picker.random.random() >= _MEANINGLESS:
                own[number, :size] = self.meanings.ids(self._known(row.words))
                sought[number, : len(row.asked.words)] = self.meanings.ids(row.asked.words)
            for first, last in row.gold:
                gold[number, first, last] = True
        vectors = self.meanings.vectors
        return (ids, marks, sentence, names, facts, vectors[own], vectors[sought]), gold

    def _known(self, words: Sequence[str]) -> list[str]:
        random = self.picker.random
        lacking = {word for word in dict.fromkeys(words) if random.random() < _LACKING}
        return ["" if word in lacking else word for word in words]

    def _ids(self, row: Row) -> list[int]:
        random = self.picker.random
        return [1 if random.random() < _UNKNOWN else self.numbers.get(name, 1) for name in row.names]
