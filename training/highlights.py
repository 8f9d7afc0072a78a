"""Train the pointer, which marks the words that answer: ``python -m training.highlights --reading FILE.json …``.

Needs torch. The reading sets have SQuAD's layout; every question is a softmax over all runs of units of a stretch of
text and one more, that the stretch does not answer (after Rajpurkar et al. 2018, "Know What You Don't Know",
https://arxiv.org/abs/1806.03822): a run's score is its logit against that. How questions and texts are turned is in
:mod:`training.reading`. One thread and fixed seeds: the same machine gives the same weights.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from retrieval.encoding import load_encoder
from training.batches import Batches
from training.dictionaries import read_cedict
from training.meanings import Meanings, words_of
from training.network import Network, in_band, save
from training.pages import add_page_options, read_page_sets, translated_set
from training.reading import Example, Picker, examples, held_out, read_sets
from training.searched import searched_examples
from training.teachers import Teachers

__all__ = ["train"]

_OUTPUT = Path(__file__).resolve().parent.parent / "retrieval" / "answering" / "pointer.npz"
_SEED = 3
_BATCH = 24
_RAREST = 3
_RATE = 4e-3
# How often a question over the pages is read in a round; there are fewer of them.
_TIMES = 2
# The share of the teachers' word in the loss.
_TAUGHT = 0.5


def train(
    network: Network, some: list[Example], batches: Batches, rounds: int, teachers: Teachers | None = None
) -> None:
    """Train the network for some rounds over the examples.

    :param teachers: what they say counts as much as what is right.
    """
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=0.01)
    steps = rounds * (len(some) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps + 1, pct_start=0.15)
    network.train()
    for number in range(rounds):
        batches.picker.random.shuffle(some)
        losses = []
        for start in range(0, len(some) - _BATCH + 1, _BATCH):
            inputs, gold = batches.make(some[start : start + _BATCH])
            scores, right = network(*inputs).flatten(1), in_band(gold).flatten(1)
            # Of a stretch that does not answer, "no answer" is right, whose score is 0.
            answered = scores.masked_fill(~right, -1e4).logsumexp(1)
            right_score = torch.where(right.any(1), answered, torch.zeros_like(answered))
            everything = functional.pad(scores, (0, 1))
            loss = (everything.logsumexp(1) - right_score).mean()
            if teachers is not None:
                told = functional.cross_entropy(everything, teachers.shares(inputs))
                loss = (1 - _TAUGHT) * loss + _TAUGHT * told
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"round {number + 1}: loss {np.mean(losses):.3f}", flush=True)  # noqa: T201


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reading", type=Path, nargs="+", required=True, help="reading sets in SQuAD's layout")
    add_page_options(parser)
    parser.add_argument("--limit", type=int, help="questions of the reading sets to train on, all by default")
    parser.add_argument("--translated", type=int, default=0, help="translated questions taken of each reading set")
    parser.add_argument("--teachers", type=Path, nargs="*", default=[], help="pointers trained before, to learn from")
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
    for file in options.reading if options.translated else ():
        some += searched_examples(translated_set(file, options.translated), options.cache)
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
    teachers = Teachers(options.teachers, names) if options.teachers else None
    train(network, some, Batches(numbers, meanings, Picker(_SEED, translations)), options.rounds, teachers)
    save(network, names, options.output)


if __name__ == "__main__":
    _main()
