"""Train the ranking: ``python -m training.ranking --reading FILE.json … --questions FILE.jsonl …``. Needs torch.

Reading sets in SQuAD's layout give the weights of the features that any text has; each of their questions is also
asked as if it came in another language, and some as translators put them (:mod:`training.translations`). The
questions over archives of pages (only those whose ``split`` is ``tune``) give those of place, year and page furniture.
Listwise: the loss is the negative log-likelihood of the sentences that answer among all sentences of the candidates
(Cao et al. 2007, "Learning to rank: from pairwise approach to listwise approach"). What is written is the mean of some
networks that began differently, which is one network of all their units. One thread and fixed seeds: the same machine
gives the same weights.
"""

import argparse
import random
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from retrieval.search.features import FEATURES
from retrieval.search.ranking import Ranker, inputs_of
from training.candidates import RankingExample, page_examples, reading_examples
from training.pages import add_page_options, read_page_sets, translated_set

__all__ = ["fit"]

_OUTPUT = Path(__file__).resolve().parent.parent / "retrieval" / "search" / "ranker.npz"
_HELD_OUT = 0.1
_NETWORKS, _UNITS, _DROPPED = 4, 32, 0.15
_ROUNDS, _BATCH, _RATE, _DECAY = 8, 64, 5e-3, 1e-2
# Shortfalls beyond so many standard deviations of a feature make no difference; a feature varies by so much at least.
_FAR, _LEAST = 6.0, 1e-2
_NEVER = -1e9


class _Network(nn.Module):
    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.direct = nn.Linear(inputs, 1, bias=False)
        self.seen, self.dropout = nn.Dropout(_DROPPED / 4), nn.Dropout(_DROPPED)
        self.hidden = nn.Linear(inputs, _UNITS)
        self.output = nn.Linear(_UNITS, 1, bias=False)

    def forward(self, rows: Tensor) -> Tensor:
        units = self.dropout(torch.relu(self.hidden(self.seen(rows))))
        scores: Tensor = (self.output(units) + self.direct(rows))[:, 0]
        return scores


def fit(groups: Sequence[tuple[Sequence[RankingExample], float]], networks: int = _NETWORKS) -> Ranker:
    """Fit the ranking.

    :param groups: examples and how much each group counts altogether.
    :param networks: how many networks it is the mean of.
    """
    sample = np.concatenate([example.features[::5] for examples, _ in groups for example in examples])
    mean, spread = sample.mean(axis=0), sample.std(axis=0) + _LEAST
    usual = sum(weight for _, weight in groups) / sum(len(examples) for examples, _ in groups)
    limits = _FAR * spread.astype(np.float64)
    # Inputs are centred and scaled while training; the weights written are those of the inputs as they are.
    centre = np.concatenate((mean, np.zeros(len(FEATURES)), np.full(1, 0.5)))
    scale = np.concatenate((1 / spread, 1 / spread, np.full(1, 2.0)))
    items = [
        (_scaled(example, limits, centre, scale), example.answers, weight / len(examples) / usual)
        for examples, weight in groups
        for example in examples
    ]
    found = [_trained(items, seed) for seed in range(networks)]
    hidden = np.concatenate([network.hidden.weight.detach().double().numpy().T for network in found], axis=1)
    biases = np.concatenate([network.hidden.bias.detach().double().numpy() for network in found])
    return Ranker(
        limits=limits,
        hidden=hidden * scale[:, None],
        hidden_bias=biases - (centre * scale) @ hidden,
        output=np.concatenate([network.output.weight.detach().double().numpy()[0] for network in found]) / networks,
        direct=np.mean([network.direct.weight.detach().double().numpy()[0] for network in found], axis=0) * scale,
    )


def _scaled(
    example: RankingExample, limits: NDArray[np.float64], centre: NDArray[np.float64], scale: NDArray[np.float64]
) -> NDArray[np.float16]:
    inputs = inputs_of(example.features, example.features.max(axis=0), limits, example.known_share)
    return ((inputs - centre) * scale).astype(np.float16)


def _trained(items: Sequence[tuple[NDArray[np.float16], NDArray[np.bool_], float]], seed: int) -> _Network:
    torch.manual_seed(seed)
    order, choose = list(range(len(items))), random.Random(seed)
    network = _Network(items[0][0].shape[1])
    optimiser = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=_DECAY)
    batch = min(_BATCH, len(items))
    steps = len(items) // batch * _ROUNDS
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps + 1)
    for _ in range(_ROUNDS):
        choose.shuffle(order)
        for start in range(0, len(order) - batch + 1, batch):
            some = [items[number] for number in order[start : start + batch]]
            scores = network(torch.from_numpy(np.concatenate([rows for rows, *_ in some])).float())
            right = torch.from_numpy(np.concatenate([answers for _, answers, _ in some]))
            lists = torch.repeat_interleave(torch.arange(batch), torch.tensor([len(rows) for rows, *_ in some]))
            lost = _softened(scores, lists, batch) - _softened(scores.masked_fill(~right, _NEVER), lists, batch)
            loss = (torch.tensor([weight for *_, weight in some], dtype=torch.float32) * lost).mean()
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return network.eval()


def _softened(scores: Tensor, lists: Tensor, count: int) -> Tensor:
    """Give each list's log-sum-exp."""
    highest = torch.full((count,), _NEVER).scatter_reduce(0, lists, scores.detach(), "amax")
    sums = torch.zeros(count).index_add(0, lists, (scores - highest[lists]).exp())
    return highest + sums.log()


def recall_at_1(ranker: Ranker, examples: Sequence[RankingExample]) -> tuple[float, float]:
    """Give how often the best sentence answers, and how often it stands in a passage that does."""
    right = passages = 0
    for e in examples:
        best = int(np.argmax(ranker.scores((e.features,), e.known_share)[0]))
        right += bool(e.answers[best])
        passages += bool(np.isin(e.passages[best], e.passages[e.answers]))
    return right / max(len(examples), 1), passages / max(len(examples), 1)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reading", type=Path, nargs="+", required=True, help="reading sets in SQuAD's layout")
    parser.add_argument("--limit", type=int, default=1000, help="questions taken of each reading set")
    parser.add_argument("--translated", type=int, default=3000, help="translated questions taken of each reading set")
    add_page_options(parser)
    parser.add_argument("--pages-weight", type=float, default=0.5, help="what the pages count beside all reading sets")
    parser.add_argument("--cache", type=Path, help="folder for the unpacked encoder and dictionary")
    parser.add_argument("--output", type=Path, default=_OUTPUT)
    options = parser.parse_args()
    torch.set_num_threads(1)
    kept: list[RankingExample] = []
    held: list[RankingExample] = []
    for file in options.reading:
        asked = reading_examples(file, options.limit, options.cache)
        translated = page_examples(translated_set(file, options.translated), options.cache)
        for number, found in enumerate(chain(asked, translated)):
            (held if number % round(1 / _HELD_OUT) == 0 else kept).append(found)
    sets = read_page_sets(options.questions, options.sources)
    pages = [found for pages in sets for found in page_examples(pages, options.cache)]
    ranker = fit([(kept, 1.0), (pages, options.pages_weight)])
    for name, examples in (
        ("held-out reading, own words", [e for e in held if not e.foreign]),
        ("held-out reading, foreign words", [e for e in held if e.foreign]),
        ("pages, tune split (fitted)", pages),
    ):
        sentence, passage = recall_at_1(ranker, examples)
        print(f"{name:34s} {len(examples):5d} questions  sentence {sentence:.3f}  passage {passage:.3f}")  # noqa: T201
    trained_on = [*(file.name for file in options.reading), *(f"{file} (tune)" for file in options.questions)]
    save(ranker, trained_on, options.output)


def save(ranker: Ranker, trained_on: Sequence[str], file: Path) -> None:
    """Write the ranking as :func:`retrieval.search.ranking.load_ranker` reads it."""
    np.savez_compressed(
        file,
        allow_pickle=False,
        features=np.array(" ".join(FEATURES)),
        trained_on=np.array("\n".join(trained_on)),
        limits=ranker.limits.astype(np.float32),
        hidden=ranker.hidden.astype(np.float32),
        hidden_bias=ranker.hidden_bias.astype(np.float32),
        output=ranker.output.astype(np.float32),
        direct=ranker.direct.astype(np.float32),
    )


if __name__ == "__main__":
    _main()
