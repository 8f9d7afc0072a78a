"""Pointers that were trained before, as teachers of another."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from training.network import Network, load

__all__ = ["Teachers"]


class Teachers:
    """Networks that have read the same rows; what they say is the mean of their scores.

    A student that learns what they give each run besides which run is right comes close to all of them together and
    costs what one does (Hinton et al. 2015, "Distilling the Knowledge in a Neural Network",
    https://arxiv.org/abs/1503.02531).
    """

    def __init__(self, files: Sequence[Path], names: Sequence[str]) -> None:
        """Read them from files that :func:`training.network.save` wrote.

        :param names: of the student's embeddings; those that a teacher lacks are unknown to it.
        """
        self._networks: list[tuple[Network, Tensor]] = []
        for file in files:
            network, own = load(file)
            numbers = {name: number for number, name in enumerate(own)}
            network.eval()
            self._networks.append((network, torch.tensor([numbers.get(name, 1) for name in names])))

    def shares(self, inputs: tuple[Tensor, ...]) -> Tensor:
        """Give how likely each run is, and in the end that none is: ``(batch, units * LONGEST + 1)``."""
        ids, marks, sentence, asked, *rest = inputs
        with torch.no_grad():
            scores = [network(own[ids], marks, sentence, own[asked], *rest) for network, own in self._networks]
            return functional.pad(torch.stack(scores).mean(0).flatten(1), (0, 1)).softmax(1)
