"""The pointer's network as it is trained: :class:`retrieval.answering.pointer.Pointer` over batches, in torch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from retrieval.answering.asking import QUESTION
from retrieval.answering.marks import ASKED
from retrieval.answering.pointer import ALIKE, HEADS
from retrieval.answering.text_units import FIXED
from training.reading import LONGEST

__all__ = ["Network", "in_band", "load", "save"]

_WIDTH, _EMBEDDING, _PAIR = 64, 32, 8
_REACHES = (1, 3, 9)
_DROPPED = 0.3
_NOTHING = -1e4


class Network(nn.Module):
    """The network, its parts named as in the file that :func:`save` writes."""

    def __init__(self, units: int, dimension: int) -> None:
        """Make one for so many embeddings, of which number 0 pads, and vectors of words of this length."""
        super().__init__()
        d = _WIDTH
        self.meaning = nn.Linear(dimension, d, bias=False)
        nn.init.normal_(self.meaning.weight, 0, d**-0.5)
        self.meaning_question = nn.Linear(d, d, bias=False)
        self.meaning_text = nn.Linear(d, d, bias=False)
        self.near = nn.Linear(3, d, bias=False)
        self.sharpness = nn.Parameter(torch.tensor(6.0))
        self.embedding = nn.Embedding(units, _EMBEDDING, padding_idx=0)
        nn.init.normal_(self.embedding.weight, 0, 0.3)
        self.question = nn.Linear(_EMBEDDING, d)
        self.question_convolution = nn.Conv1d(d, d, 3, padding=1)
        self.weigh = nn.Linear(d, 1)
        self.whole = nn.Linear(d + len(QUESTION), d)
        self.text = nn.Linear(_EMBEDDING + len(FIXED) + len(ASKED), d)
        self.text_question = nn.Linear(d, d, bias=False)
        self.key = nn.Linear(d, d, bias=False)
        self.mix = nn.Linear(3 * d, d)
        self.key_again = nn.Linear(d, d, bias=False)
        self.mix_again = nn.Linear(3 * d, d)
        self.convolutions = nn.ModuleList(nn.Conv1d(d, d, 3, padding=k, dilation=k) for k in _REACHES)
        self.convolution_questions = nn.ModuleList(nn.Linear(d, d, bias=False) for _ in _REACHES)
        self.self_query = nn.Linear(d, d, bias=False)
        self.self_key = nn.Linear(d, d, bias=False)
        self.self_value = nn.Linear(d, d)
        self.self_mix = nn.Linear(2 * d, d)
        self.self_distance = nn.Parameter(torch.zeros(HEADS))
        self.gist_weigh = nn.Linear(d, 1)
        self.gist_mix = nn.Linear(3 * d, d)
        self.edges = nn.Linear(d, 2)
        self.left = nn.Linear(d, _PAIR, bias=False)
        self.right = nn.Linear(d, _PAIR, bias=False)
        self.length = nn.Parameter(torch.zeros(LONGEST))
        self.length_question = nn.Linear(d, 8)
        self.null = nn.Linear(d, 1)
        at, steps = torch.linspace(0, 5, 8), torch.log2(torch.arange(1, LONGEST + 1).float())
        self.register_buffer("length_basis", torch.exp(-(((steps[None] - at[:, None]) * 1.2) ** 2)))
        self.dropout = nn.Dropout(_DROPPED)
        self.meaning_dropout = nn.Dropout(_DROPPED)

    def forward(
        self, ids: Tensor, marks: Tensor, sentence: Tensor, asked: Tensor, facts: Tensor, own: Tensor, sought: Tensor
    ) -> Tensor:
        """Score every run ``(batch, first, length - 1)`` against there being no answer; over a sentence's end -10000.

        :param own: the vectors of the text's words, ``(batch, units, dimension)``.
        :param sought: those of the question's.
        """
        there, inside = asked > 0, ids > 0
        meant = self.meaning_question(self.meaning_dropout(self.meaning(sought)))
        q = functional.relu(self.question(self.dropout(self.embedding(asked))) + meant)
        q = q + functional.relu(_across(self.question_convolution, q * there[..., None]))
        share = self.weigh(q)[..., 0].masked_fill(~there, _NOTHING).softmax(-1)
        whole = functional.relu(self.whole(torch.cat([(share[..., None] * q).sum(1), facts], -1)))
        h = self.text(torch.cat([self.dropout(self.embedding(ids)), marks], -1)) + self.text_question(whole)[:, None]
        cosines = own @ sought.transpose(1, 2)
        nearest = cosines.amax(-1)
        near = torch.stack([nearest, 4 * (cosines * share[:, None]).amax(-1), nearest.clamp(min=ALIKE) - ALIKE], -1)
        h = functional.relu(h + self.meaning_text(self.meaning_dropout(self.meaning(own))) + self.near(near))
        drawn = (self.sharpness * cosines).masked_fill(~there[:, None], _NOTHING)
        h = self.dropout(h + _look(h, q, drawn, self.key, self.mix)) * inside[..., None]
        for number, (convolve, asks) in enumerate(zip(self.convolutions, self.convolution_questions, strict=True)):
            h = (h + functional.relu(_across(convolve, h) + asks(whole)[:, None])) * inside[..., None]
            if number == 0:
                h = (h + _look(h, q, drawn, self.key_again, self.mix_again)) * inside[..., None]
        h = (h + functional.relu(self.self_mix(torch.cat([h, self._told_by_others(h, inside)], -1)))) * inside[
            ..., None
        ]
        return self._scores(self.dropout(h), whole, inside, sentence)

    def _told_by_others(self, h: Tensor, inside: Tensor) -> Tensor:
        """Give what each unit learns from all the others of its text, which count less the further away they are."""
        batch, n, d = h.shape
        query, key, value = (
            part(h).view(batch, n, HEADS, d // HEADS).transpose(1, 2)
            for part in (self.self_query, self.self_key, self.self_value)
        )
        place = torch.arange(n)
        distance = (place[:, None] - place[None]).abs().float().log1p()
        drawn = query @ key.transpose(2, 3) / (d // HEADS) ** 0.5 - self.self_distance[:, None, None] * distance
        told = drawn.masked_fill(~inside[:, None, None, :], _NOTHING).softmax(-1) @ value
        joined: Tensor = told.transpose(1, 2).reshape(batch, n, d)
        return joined

    def _scores(self, h: Tensor, whole: Tensor, inside: Tensor, sentence: Tensor) -> Tensor:
        weights = self.gist_weigh(h)[..., 0].masked_fill(~inside, _NOTHING).softmax(-1)
        gist = (weights[..., None] * h).sum(1)
        judged = whole + functional.relu(self.gist_mix(torch.cat([whole, gist, whole * gist], -1)))
        starts, ends = self.edges(h).unbind(-1)
        right = functional.pad(self.right(h), (0, 0, 0, LONGEST - 1)).unfold(1, LONGEST, 1)
        scores = starts[:, :, None] + _ahead(ends, 0) + torch.einsum("bnp,bnpl->bnl", self.left(h), right) / 4
        lengths = self.length + self.length_question(whole) @ self.length_basis
        scores = scores + lengths[:, None] - self.null(judged)[:, :, None]
        allowed = (_ahead(sentence, -2) == sentence[:, :, None]) & _ahead(inside, 0) & inside[:, :, None]
        masked: Tensor = scores.masked_fill(~allowed, _NOTHING)
        return masked


def in_band(runs: Tensor) -> Tensor:
    """Turn ``(batch, first, last)`` into ``(batch, first, length - 1)``, as the network scores runs."""
    units = runs.shape[1]
    first = torch.arange(units)[:, None].expand(units, LONGEST)
    return functional.pad(runs, (0, LONGEST))[:, first, first + torch.arange(LONGEST)]


def save(network: Network, names: Sequence[str], file: Path) -> None:
    """Write the network as :func:`retrieval.answering.pointer.load_pointer` reads it."""
    found: dict[str, NDArray[np.float32]] = {"reaches": np.array(_REACHES, np.float32)}
    for name, value in network.state_dict().items():
        stored, is_convolution = _stored(name)
        array = value.numpy()
        if is_convolution:
            array = np.concatenate([array[:, :, k].T for k in range(3)])
        elif name.endswith(".weight") and name != "embedding.weight":
            array = array.T
        found[stored] = array
    np.savez_compressed(
        file,
        allow_pickle=False,
        marks=np.array([*FIXED, *ASKED, *QUESTION]),
        names=np.array("\n".join(names)),
        **{name: array.astype(np.float16) for name, array in found.items()},
    )


def load(file: Path) -> tuple[Network, list[str]]:
    """Read what :func:`save` wrote, and the names of its embeddings."""
    with np.load(file, allow_pickle=False) as arrays:
        names = str(arrays["names"]).split("\n")
        network = Network(len(names), len(arrays["meaning"]))
        state = {}
        for name in network.state_dict():
            stored, is_convolution = _stored(name)
            array = arrays[stored].astype(np.float32)
            if is_convolution:
                array = np.stack([part.T for part in np.split(array, 3)], axis=2)
            elif name.endswith(".weight") and name != "embedding.weight":
                array = array.T
            state[name] = torch.from_numpy(np.ascontiguousarray(array))
    network.load_state_dict(state)
    return network, names


def _stored(name: str) -> tuple[str, bool]:
    """Give the name in the file of a part of the network, and whether it is a convolution's weights."""
    part, _, kind = name.rpartition(".")
    is_convolution = kind == "weight" and (part.startswith("convolutions.") or part == "question_convolution")
    if part.startswith("convolution_questions."):
        part = f"convolution{part.rpartition('.')[2]}_question"
    part = part.replace("convolutions.", "convolution")
    if not part:
        return kind, False
    return f"{part}_bias" if kind == "bias" else part, is_convolution


def _look(h: Tensor, q: Tensor, drawn: Tensor, key: nn.Module, mix: nn.Module) -> Tensor:
    """Let each unit of a text look at the question's, at those most that it is drawn to."""
    told = (key(h) @ q.transpose(1, 2) / 7 + drawn).softmax(-1) @ q
    seen: Tensor = functional.relu(mix(torch.cat([h, told, h * told], -1)))
    return seen


def _across(convolution: nn.Module, rows: Tensor) -> Tensor:
    moved: Tensor = convolution(rows.transpose(1, 2))
    return moved.transpose(1, 2)


def _ahead(rows: Tensor, beyond: int) -> Tensor:
    """Give beside each unit's number those of the units from it on: ``(batch, units, LONGEST)``."""
    return functional.pad(rows, (0, LONGEST - 1), value=beyond).unfold(1, LONGEST, 1)
