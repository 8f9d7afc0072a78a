"""Train the pointer, which marks the words that answer: ``python -m training.highlights --reading FILE.json …``.

Needs torch. The reading sets have SQuAD's layout; every question is a softmax over all runs of units of a stretch of
its paragraph around the answer. A quarter of the questions are asked as if in another language: their
content words in any order, matched as translations are. Part of the paragraphs is held out for ``training.answers``.
One thread and fixed seeds: the same machine gives the same weights.
"""

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from retrieval.answering.asking import QUESTION, AskedText, asked_text, foreign_asked
from retrieval.answering.marks import ASKED, FIXED, TextUnits, foreign_marks, marks_of
from retrieval.evaluation.squad import load_squad
from retrieval.index import LexicalIndex
from retrieval.language.tokens import bigrams, words
from retrieval.search import analyse
from retrieval.search.features import QuestionTerms
from retrieval.segmenting.sentences import split_sentences

__all__ = ["ReadingQuestion", "held_out", "read_sets"]

_OUTPUT = Path(__file__).resolve().parent.parent / "retrieval" / "answering" / "pointer.npz"
_SEED = 3
_BATCH = 24
_WIDTH, _EMBEDDING, _RUN, _PAIR = 48, 32, 40, 8
_REACHES = (1, 3)
_RAREST = 3
# Units around the answer; how many questions are asked as foreign ones, how many units are taken for unknown.
_WINDOW, _FOREIGN, _UNKNOWN = 110, 0.25, 0.1
_RATE = 4e-3
# Of the first so many paragraphs of a set every third is not trained on.
_HELD, _EVERY = 300, 3


@dataclass(frozen=True, slots=True)
class ReadingQuestion:
    """A question, its answers, where they begin, and its paragraph: its number in the reading set, and its text."""

    text: str
    answers: tuple[str, ...]
    starts: tuple[int, ...]
    number: int
    paragraph: str


@dataclass(frozen=True, slots=True, eq=False)
class _Example:
    question: ReadingQuestion
    asked: AskedText
    units: TextUnits
    marks: NDArray[np.float32]
    gold: tuple[tuple[int, int], ...]


def read_sets(files: Sequence[Path]) -> list[ReadingQuestion]:
    """Read the questions of reading sets that have an answer."""
    return [
        ReadingQuestion(question.text, question.answers, question.starts, number, paragraph.text)
        for file in files
        for number, paragraph in enumerate(load_squad(file))
        for question in paragraph.questions
        if question.answers and question.starts
    ]


def held_out(questions: Sequence[ReadingQuestion]) -> list[ReadingQuestion]:
    """Give the questions that are not trained on: those of every third of the first 300 paragraphs of each set."""
    return [question for question in questions if question.number < _HELD and question.number % _EVERY == 0]


class Network(nn.Module):
    """The network of :class:`retrieval.answering.pointer.Pointer`, over batches."""

    def __init__(self, units: int) -> None:
        """Make one for so many embeddings; number 0 pads."""
        super().__init__()
        d = _WIDTH
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
        self.length = nn.Parameter(torch.zeros(_RUN))
        self.length_question = nn.Linear(d, 8)
        at, steps = torch.linspace(0, 5, 8), torch.log2(torch.arange(1, _RUN + 1).float())
        self.register_buffer("length_basis", torch.exp(-(((steps[None] - at[:, None]) * 1.2) ** 2)))
        self.dropout = nn.Dropout(0.25)

    def forward(self, ids: Tensor, marks: Tensor, sentence: Tensor, asked: Tensor, facts: Tensor) -> Tensor:
        """Score every run ``(batch, first, last)``; those over a sentence's end have -10000."""
        there, inside = asked > 0, ids > 0
        q = functional.relu(self.question(self.dropout(self.embedding(asked))))
        q = q + functional.relu(_across(self.question_convolution, q * there[..., None]))
        share = self.weigh(q)[..., 0].masked_fill(~there, -1e4).softmax(-1)
        whole = functional.relu(self.whole(torch.cat([(share[..., None] * q).sum(1), facts], -1)))
        h = self.text(torch.cat([self.dropout(self.embedding(ids)), marks], -1)) + self.text_question(whole)[:, None]
        h = functional.relu(h)
        told = (self.key(h) @ q.transpose(1, 2) / 7).masked_fill(~there[:, None], -1e4).softmax(-1) @ q
        h = self.dropout(h + functional.relu(self.mix(torch.cat([h, told, h * told], -1)))) * inside[..., None]
        for convolution, question in zip(self.convolutions, self.convolution_questions, strict=True):
            h = (h + functional.relu(_across(convolution, h) + question(whole)[:, None])) * inside[..., None]
        h = self.dropout(h)
        starts, ends = self.edges(h).unbind(-1)
        scores = starts[:, :, None] + ends[:, None, :] + self.left(h) @ self.right(h).transpose(1, 2) / 4
        place = torch.arange(ids.shape[1])
        extra = place[None, :] - place[:, None]
        lengths = self.length + self.length_question(whole) @ self.length_basis
        scores = scores + lengths[:, extra.clamp(0, _RUN - 1)]
        allowed = ((extra >= 0) & (extra < _RUN))[None] & (sentence[:, None, :] == sentence[:, :, None])
        masked: Tensor = scores.masked_fill(~(allowed & inside[:, None, :] & inside[:, :, None]), -1e4)
        return masked


def _across(convolution: nn.Module, rows: Tensor) -> Tensor:
    moved: Tensor = convolution(rows.transpose(1, 2))
    return moved.transpose(1, 2)


def examples(questions: Sequence[ReadingQuestion]) -> list[_Example]:
    """Mark the questions' paragraphs."""
    texts = dict.fromkeys(question.paragraph for question in questions)
    word_index = LexicalIndex.build((words(text) for text in texts), k1=0.9, b=0.4)
    pair_index = LexicalIndex.build((bigrams(text) for text in texts), k1=0.9, b=0.4)
    units = {text: TextUnits.of(text, [(s.start, s.end) for s in split_sentences(text)]) for text in texts}
    made = []
    for question in questions:
        terms = QuestionTerms.of(analyse(question.text), word_index, pair_index, (), (), ())
        text = units[question.paragraph]
        gold = _gold(question, text)
        if gold:
            made.append(_Example(question, asked_text(terms), text, marks_of(terms, text), gold))
    return made


def _gold(question: ReadingQuestion, text: TextUnits) -> tuple[tuple[int, int], ...]:
    found = set()
    for answer, said in zip(question.answers, question.starts, strict=False):
        start = said if question.paragraph.startswith(answer, said) else question.paragraph.find(answer)
        first = int(np.searchsorted(text.ends, start, side="right"))
        last = int(np.searchsorted(text.starts, start + len(answer))) - 1
        if start >= 0 and first <= last < first + _RUN and text.sentence[first] == text.sentence[last]:
            found.add((first, last))
    return tuple(sorted(found))


_Row = tuple[list[int], NDArray[np.float32], NDArray[np.int32], list[int], NDArray[np.float32], list[tuple[int, int]]]


class _Batches:
    """Cuts stretches of text around answers, at random but repeatably."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self.numbers = numbers
        self.random = random.Random(_SEED)

    def make(self, some: Sequence[_Example]) -> tuple[tuple[Tensor, ...], Tensor]:
        rows = [self._row(example) for example in some]
        longest, asked = max(len(row[0]) for row in rows), max(len(row[3]) for row in rows)
        ids, sentence = torch.zeros(len(rows), longest, dtype=torch.long), torch.full((len(rows), longest), -1)
        marks = torch.zeros(len(rows), longest, len(FIXED) + len(ASKED))
        names, facts = torch.zeros(len(rows), asked, dtype=torch.long), torch.zeros(len(rows), len(QUESTION))
        gold = torch.zeros(len(rows), longest, longest, dtype=torch.bool)
        for number, (unit, mark, place, name, fact, runs) in enumerate(rows):
            ids[number, : len(unit)], names[number, : len(name)] = torch.tensor(unit), torch.tensor(name)
            marks[number, : len(unit)] = torch.from_numpy(mark)
            sentence[number, : len(unit)] = torch.from_numpy(place.astype(np.int64))
            facts[number] = torch.from_numpy(fact)
            for first, last in runs:
                gold[number, first, last] = True
        return (ids, marks, sentence, names, facts), gold

    def _row(self, e: _Example) -> _Row:
        asked, marks = e.asked, e.marks
        if self.random.random() < _FOREIGN:
            asked, marks = foreign_asked(e.question.text, asked, self.random), foreign_marks(marks)
        first, last = self.random.choice(e.gold)
        low = max(0, first - self.random.randint(0, max(1, _WINDOW - (last - first) - 1)))
        low = max(0, min(low, len(e.units) - _WINDOW))
        part = slice(low, min(len(e.units), low + _WINDOW))
        unit = [1 if self.random.random() < _UNKNOWN else self._id(name) for name in e.units.names[part]]
        runs = [(a - low, b - low) for a, b in e.gold if part.start <= a and b < part.stop]
        mark = np.concatenate((e.units.fixed[part], marks[part]), axis=1)
        return unit, mark, e.units.sentence[part], [self._id(name) for name in asked.names], asked.facts, runs

    def _id(self, name: str) -> int:
        return self.numbers.get(name, 1)


def train(network: Network, some: list[_Example], batches: _Batches, rounds: int) -> None:
    """Train the network for some rounds over the examples."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=0.01)
    steps = rounds * (len(some) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps + 1, pct_start=0.15)
    network.train()
    for number in range(rounds):
        batches.random.shuffle(some)
        losses = []
        for start in range(0, len(some) - _BATCH + 1, _BATCH):
            inputs, gold = batches.make(some[start : start + _BATCH])
            scores, right = network(*inputs).flatten(1), gold.flatten(1)
            loss = (scores.logsumexp(1) - scores.masked_fill(~right, -1e4).logsumexp(1)).mean()
            optimiser.zero_grad()
            loss.backward()
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
    parser.add_argument("--limit", type=int, help="questions to train on, all by default")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, default=_OUTPUT)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(_SEED)
    questions = read_sets(options.reading)
    held = set(held_out(questions))
    some = examples([question for question in questions if question not in held][: options.limit])
    counts = Counter(name for text in {id(e.units): e.units for e in some}.values() for name in text.names)
    common = [name for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if count >= _RAREST]
    names = ["<pad>", "<other>", *(name for name in common if name != "<other>")]
    numbers = {name: number for number, name in enumerate(names)}
    network = Network(len(names))
    train(network, some, _Batches(numbers), options.rounds)
    save(network, names, options.output)


if __name__ == "__main__":
    _main()
