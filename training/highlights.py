"""Train the pointer, which marks the words that answer: ``python -m training.highlights --reading FILE.json …``.

Needs torch. The reading sets have SQuAD's layout; every question is a softmax over all runs of units of a stretch of
text and one more, that the stretch does not answer (after Rajpurkar et al. 2018, "Know What You Don't Know",
https://arxiv.org/abs/1806.03822): a run's score is its logit against that. How questions and texts are turned is in
:mod:`training.reading`. One thread and fixed seeds: the same machine gives the same weights.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from retrieval.answering.asking import QUESTION
from retrieval.answering.marks import ASKED
from retrieval.answering.pointer import ALIKE
from retrieval.answering.text_units import FIXED
from retrieval.encoding import load_encoder
from training.dictionaries import read_cedict
from training.meanings import Meanings, words_of
from training.pages import add_page_options, read_page_sets
from training.reading import LONGEST, Example, Picker, Row, examples, held_out, read_sets
from training.searched import searched_examples

__all__ = ["Batches", "Network", "save", "train"]

_OUTPUT = Path(__file__).resolve().parent.parent / "retrieval" / "answering" / "pointer.npz"
_SEED = 3
_BATCH = 24
_WIDTH, _EMBEDDING, _PAIR = 48, 32, 8
_REACHES = (1, 3)
_RAREST = 3
# How many units are taken for unknown.
_UNKNOWN = 0.1
# In how many rows no word's meaning is known, and how many words' are not in the others.
_MEANINGLESS, _LACKING = 0.06, 0.1
_RATE = 4e-3
# How often a question over the pages is read in a round; there are few of them.
_TIMES = 3


class Network(nn.Module):
    """The network of :class:`retrieval.answering.pointer.Pointer`, over batches."""

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
        self.convolutions = nn.ModuleList(nn.Conv1d(d, d, 3, padding=k, dilation=k) for k in _REACHES)
        self.convolution_questions = nn.ModuleList(nn.Linear(d, d, bias=False) for _ in _REACHES)
        self.edges = nn.Linear(d, 2)
        self.left = nn.Linear(d, _PAIR, bias=False)
        self.right = nn.Linear(d, _PAIR, bias=False)
        self.length = nn.Parameter(torch.zeros(LONGEST))
        self.length_question = nn.Linear(d, 8)
        self.null = nn.Linear(d, 1)
        at, steps = torch.linspace(0, 5, 8), torch.log2(torch.arange(1, LONGEST + 1).float())
        self.register_buffer("length_basis", torch.exp(-(((steps[None] - at[:, None]) * 1.2) ** 2)))
        self.dropout = nn.Dropout(0.3)
        self.meaning_dropout = nn.Dropout(0.3)

    def forward(
        self, ids: Tensor, marks: Tensor, sentence: Tensor, asked: Tensor, facts: Tensor, own: Tensor, sought: Tensor
    ) -> Tensor:
        """Score every run ``(batch, first, last)`` against there being no answer; over a sentence's end -10000.

        :param own: the vectors of the text's words, ``(batch, units, dimension)``.
        :param sought: those of the question's.
        """
        there, inside = asked > 0, ids > 0
        meant = self.meaning_question(self.meaning_dropout(self.meaning(sought)))
        q = functional.relu(self.question(self.dropout(self.embedding(asked))) + meant)
        q = q + functional.relu(_across(self.question_convolution, q * there[..., None]))
        share = self.weigh(q)[..., 0].masked_fill(~there, -1e4).softmax(-1)
        whole = functional.relu(self.whole(torch.cat([(share[..., None] * q).sum(1), facts], -1)))
        h = self.text(torch.cat([self.dropout(self.embedding(ids)), marks], -1)) + self.text_question(whole)[:, None]
        cosines = own @ sought.transpose(1, 2)
        nearest = cosines.amax(-1)
        near = torch.stack([nearest, 4 * (cosines * share[:, None]).amax(-1), nearest.clamp(min=ALIKE) - ALIKE], -1)
        h = functional.relu(h + self.meaning_text(self.meaning_dropout(self.meaning(own))) + self.near(near))
        attention = self.key(h) @ q.transpose(1, 2) / 7 + self.sharpness * cosines
        told = attention.masked_fill(~there[:, None], -1e4).softmax(-1) @ q
        h = self.dropout(h + functional.relu(self.mix(torch.cat([h, told, h * told], -1)))) * inside[..., None]
        for convolution, question in zip(self.convolutions, self.convolution_questions, strict=True):
            h = (h + functional.relu(_across(convolution, h) + question(whole)[:, None])) * inside[..., None]
        h = self.dropout(h)
        starts, ends = self.edges(h).unbind(-1)
        scores = starts[:, :, None] + ends[:, None, :] + self.left(h) @ self.right(h).transpose(1, 2) / 4
        place = torch.arange(ids.shape[1])
        extra = place[None, :] - place[:, None]
        lengths = self.length + self.length_question(whole) @ self.length_basis
        scores = scores + lengths[:, extra.clamp(0, LONGEST - 1)] - self.null(whole)[:, :, None]
        allowed = ((extra >= 0) & (extra < LONGEST))[None] & (sentence[:, None, :] == sentence[:, :, None])
        masked: Tensor = scores.masked_fill(~(allowed & inside[:, None, :] & inside[:, :, None]), -1e4)
        return masked


def _across(convolution: nn.Module, rows: Tensor) -> Tensor:
    moved: Tensor = convolution(rows.transpose(1, 2))
    return moved.transpose(1, 2)


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


def train(network: Network, some: list[Example], batches: Batches, rounds: int) -> None:
    """Train the network for some rounds over the examples."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=0.01)
    steps = rounds * (len(some) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps + 1, pct_start=0.15)
    network.train()
    for number in range(rounds):
        batches.picker.random.shuffle(some)
        losses = []
        for start in range(0, len(some) - _BATCH + 1, _BATCH):
            inputs, gold = batches.make(some[start : start + _BATCH])
            scores, right = network(*inputs).flatten(1), gold.flatten(1)
            # Of a stretch that does not answer, "no answer" is right, whose score is 0.
            answered = scores.masked_fill(~right, -1e4).logsumexp(1)
            right_score = torch.where(right.any(1), answered, torch.zeros_like(answered))
            loss = (functional.pad(scores, (0, 1)).logsumexp(1) - right_score).mean()
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"round {number + 1}: loss {np.mean(losses):.3f}", flush=True)  # noqa: T201


def save(network: Network, names: Sequence[str], file: Path) -> None:
    """Write the network as :func:`retrieval.answering.pointer.load_pointer` reads it."""
    found: dict[str, NDArray[np.float32]] = {"reaches": np.array(_REACHES, np.float32)}
    for name, value in network.state_dict().items():
        array = value.numpy()
        part, _, kind = name.rpartition(".")
        convolution = part.startswith("convolutions.")
        part = part.replace("convolutions.", "convolution")
        if part.startswith("convolution_questions."):
            part = f"convolution{part.rpartition('.')[2]}_question"
        if not part:
            found[kind] = array
        elif kind == "bias":
            found[f"{part}_bias"] = array
        elif convolution or part == "question_convolution":
            found[part] = np.concatenate([array[:, :, k].T for k in range(3)])
        else:
            found[part] = array if part == "embedding" else array.T
    np.savez_compressed(
        file,
        allow_pickle=False,
        marks=np.array([*FIXED, *ASKED, *QUESTION]),
        names=np.array("\n".join(names)),
        **{name: array.astype(np.float16) for name, array in found.items()},
    )


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reading", type=Path, nargs="+", required=True, help="reading sets in SQuAD's layout")
    add_page_options(parser)
    parser.add_argument("--limit", type=int, help="questions of the reading sets to train on, all by default")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--cache", type=Path, help="folder for the unpacked encoder")
    parser.add_argument("--output", type=Path, default=_OUTPUT)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(_SEED)
    questions = read_sets(options.reading)
    held = set(held_out(questions))
    some = examples([question for question in questions if question not in held][: options.limit])
    for pages in read_page_sets(options.questions, options.sources):
        some += _TIMES * list(searched_examples(pages, options.cache))
    counts = Counter(name for text in {id(e.own.units): e.own.units for e in some}.values() for name in text.names)
    common = [name for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if count >= _RAREST]
    names = ["<pad>", "<other>", *(name for name in common if name != "<other>")]
    numbers = {name: number for number, name in enumerate(names)}
    translations = {
        word: tuple(sense.removeprefix("to ") for sense in senses) for word, senses in read_cedict().items()
    }
    encoder = load_encoder(cache=options.cache)
    meanings = Meanings(words_of(some, translations), encoder)
    network = Network(len(names), encoder.dimension)
    train(network, some, Batches(numbers, meanings, Picker(_SEED, translations)), options.rounds)
    save(network, names, options.output)


if __name__ == "__main__":
    _main()
