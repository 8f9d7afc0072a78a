"""A pointer as training has it, before it is saved for numpy."""

import numpy as np
import torch
from torch import Tensor

from retrieval.answering.text_units import FIXED
from training.meanings import Meanings
from training.network import Network
from training.reading import Example

__all__ = ["run_scores"]


def run_scores(network: Network, meanings: Meanings, numbers: dict[str, int], example: Example) -> np.ndarray:
    """Give what the network says of each run of words of an example's paragraph, by its beginning and its length."""
    own, asked = example.own, example.asked
    marks = np.concatenate((own.units.fixed, own.marks), axis=1)
    assert marks.shape[1] > len(FIXED)
    network.eval()
    with torch.no_grad():
        scores: np.ndarray = network(
            _ids(numbers, own.units.names),
            torch.from_numpy(marks)[None],
            torch.from_numpy(own.units.sentence.astype(np.int64))[None],
            _ids(numbers, asked.names),
            torch.from_numpy(asked.facts)[None],
            meanings.vectors[meanings.ids(own.units.words)][None],
            meanings.vectors[meanings.ids(asked.words)][None],
        )[0].numpy()
    return scores


def _ids(numbers: dict[str, int], names: tuple[str, ...]) -> Tensor:
    ids: Tensor = torch.tensor([[numbers.get(name, 1) for name in names]])
    return ids
