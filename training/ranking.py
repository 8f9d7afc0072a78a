"""Train the ranking: ``python -m training.ranking --reading FILE.json … --questions FILE.jsonl …``.

Reading sets in SQuAD's layout give the weights of the features that any text has; each of their questions is also
asked as if it came in another language. The questions over an archive of newspaper pages (only those whose ``split``
is ``tune``) give those of place, year and page furniture. Listwise: the loss is the negative log-likelihood of the
sentences that answer among all sentences of the candidates (Cao et al. 2007, "Learning to rank: from pairwise approach
to listwise approach"). L-BFGS over a convex loss: the same data give the same weights.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from retrieval import Passage
from retrieval.answering.conversation import understand
from retrieval.answering.quoting import squeezed
from retrieval.evaluation.questions import ArchiveQuestion
from retrieval.evaluation.squad import load_squad
from retrieval.search import Query, analyse, text_at
from retrieval.search.features import FEATURES
from retrieval.search.ranking import Ranker
from retrieval.views import View
from training.pages import PageSet, add_page_options, archive_of, read_page_sets

_OUTPUT = Path(__file__).resolve().parent.parent / "retrieval"
_SEED = 20261122
_HELD_OUT = 0.1
_ZERO = Ranker(np.zeros(len(FEATURES), np.float32), np.zeros(len(FEATURES), np.float32))

_Answers = Callable[[Passage, int], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A question's candidate sentences: features ``(n, len(FEATURES))``, which answer, and each one's passage."""

    features: NDArray[np.float32]
    answers: NDArray[np.bool_]
    passages: NDArray[np.int64]
    known_share: float
    foreign: bool


def example(view: View, query: Query, answers: _Answers) -> Example | None:
    """Look up a question; None when no candidate answers it."""
    found = view.searcher.find(query, view.snapshot, ranker=_ZERO)
    rows = [
        (candidate.features[number], answers(candidate.passage, number), candidate.passage.id)
        for candidate in found.candidates
        for number in range(len(candidate.sentences))
    ]
    labels = np.array([row[1] for row in rows], bool)
    if not labels.any():
        return None
    return Example(
        np.stack([row[0] for row in rows]),
        labels,
        np.array([row[2] for row in rows], np.int64),
        0.0 if query.foreign else found.terms.known_share,
        query.foreign,
    )


def reading_examples(
    file: Path, limit: int, cache: Path | None = None, asked_in: Path | None = None, *, variants: bool = True
) -> Iterator[Example]:
    """Ask a reading set's questions over the archive of its paragraphs, in its words and as if in foreign ones.

    :param asked_in: a file of the same paragraphs in another language, whose questions are asked.
    :param variants: whether each question is asked as a foreign one too, by meaning alone and through a dictionary.
    """
    paragraphs = load_squad(file)
    numbers = [starts.starts for paragraph in paragraphs for starts in paragraph.questions]
    asking = load_squad(asked_in) if asked_in is not None else paragraphs
    texts = [(number, question) for number, paragraph in enumerate(asking) for question in paragraph.questions]
    # Where the answer stands, the corpus's own language tells.
    questions = [
        (number, replace(question, starts=starts)) for (number, question), starts in zip(texts, numbers, strict=True)
    ]
    random.Random(_SEED).shuffle(questions)
    with archive_of({f"{number:05d}": paragraph.text for number, paragraph in enumerate(paragraphs)}, cache) as view:
        for number, question in questions[:limit]:
            source, starts = f"{number:05d}.txt", question.starts

            def answers(passage: Passage, row: int, source: str = source, starts: Sequence[int] = starts) -> bool:
                pieces = passage.sentences[row]
                return view.snapshot.source(passage.document_id) == source and any(
                    piece.start <= start < piece.end for start in starts for piece in pieces
                )

            query = analyse(question.text)
            foreign = replace(query, words=(), bigrams=(), phrases=(), foreign=True)
            for asked in (query, foreign, replace(foreign, glossed=True)) if variants else (query,):
                found = example(view, asked, answers)
                if found is not None:
                    yield found


def page_examples(pages: PageSet, cache: Path | None = None) -> Iterator[Example]:
    """Ask the questions that an archive of newspaper pages answers."""
    with archive_of(pages.texts, cache) as view:
        for question in pages.questions:
            if not question.answerable:
                continue

            def answers(passage: Passage, row: int, question: ArchiveQuestion = question) -> bool:
                name = view.snapshot.source(passage.document_id)
                if not name.startswith(question.sources):
                    return False
                sentence, whole = squeezed(text_at(passage, passage.sentences[row])), squeezed(passage.text)
                return any(
                    squeezed(quote) in sentence
                    or (len(sentence) >= 10 and sentence in squeezed(quote))
                    or (squeezed(quote) in whole and any(squeezed(answer) in sentence for answer in question.answers))
                    for quote in question.quotes
                )

            found = example(view, analyse(understand(question.question, question.history).text), answers)
            if found is not None:
                yield found


def fit(groups: Sequence[tuple[Sequence[Example], float]], penalty: float) -> Ranker:
    """Fit both weight vectors.

    :param groups: examples and how much each group counts altogether.
    :param penalty: how much the squared weights count.
    """
    size = len(FEATURES)
    flat = [(e, weight / len(examples)) for examples, weight in groups for e in examples]
    rows = np.concatenate([np.hstack((e.known_share * e.features, (1 - e.known_share) * e.features)) for e, _ in flat])
    answers = np.concatenate([e.answers for e, _ in flat])
    lengths = np.array([len(e.answers) for e, _ in flat])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    counts = np.array([weight for _, weight in flat])

    def soften(scores: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give each question's log-sum-exp and each sentence's share of it."""
        highest = np.maximum.reduceat(scores, starts)
        grown = np.exp(scores - np.repeat(highest, lengths))
        sums = np.add.reduceat(grown, starts)
        return highest + np.log(sums), grown / np.repeat(sums, lengths)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = rows @ weights
        every, share = soften(scores)
        right, right_share = soften(np.where(answers, scores, -1e9))
        apart = weights[:size] - weights[size:]
        # A feature means about the same in both models, unless the data say otherwise.
        total = float(counts @ (every - right)) + penalty * float(weights @ weights + apart @ apart)
        gradient = (np.repeat(counts, lengths) * (share - right_share)) @ rows
        return total, gradient + 2 * penalty * (weights + np.concatenate((apart, -apart)))

    weights = minimize(loss, np.zeros(2 * size), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return Ranker(weights[:size].astype(np.float32), weights[size:].astype(np.float32))


def recall_at_1(ranker: Ranker, examples: Sequence[Example]) -> tuple[float, float]:
    """Give how often the best sentence answers, and how often it stands in a passage that does."""
    right = passages = 0
    for e in examples:
        best = int(np.argmax(ranker.scores(e.features, e.known_share)))
        right += bool(e.answers[best])
        passages += bool(np.isin(e.passages[best], e.passages[e.answers]))
    return right / max(len(examples), 1), passages / max(len(examples), 1)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reading", type=Path, nargs="+", required=True, help="reading sets in SQuAD's layout")
    parser.add_argument("--limit", type=int, default=1200, help="questions taken of each reading set")
    add_page_options(parser)
    parser.add_argument("--pages-weight", type=float, default=0.5, help="what the pages count beside all reading sets")
    parser.add_argument("--penalty", type=float, default=5e-4)
    parser.add_argument("--cache", type=Path, help="folder for the unpacked encoder and dictionary")
    parser.add_argument("--output", type=Path, default=_OUTPUT)
    options = parser.parse_args()
    kept: list[Example] = []
    held: list[Example] = []
    for file in options.reading:
        for number, found in enumerate(reading_examples(file, options.limit, options.cache)):
            (held if number % round(1 / _HELD_OUT) == 0 else kept).append(found)
    sets = read_page_sets(options.questions, options.sources)
    pages = [found for pages in sets for found in page_examples(pages, options.cache)]
    ranker = fit([(kept, 1.0), (pages, options.pages_weight)], options.penalty)
    for name, examples in (
        ("held-out reading, own words", [e for e in held if not e.foreign]),
        ("held-out reading, foreign words", [e for e in held if e.foreign]),
        ("pages, tune split (fitted)", pages),
    ):
        sentence, passage = recall_at_1(ranker, examples)
        print(f"{name:34s} {len(examples):5d} questions  sentence {sentence:.3f}  passage {passage:.3f}")  # noqa: T201
    trained_on = [*(file.name for file in options.reading), *(f"{file} (tune)" for file in options.questions)]
    _write(
        options.output / "search" / "ranker.json",
        {
            "trained_on": trained_on,
            "features": list(FEATURES),
            "native": _rounded(ranker.native),
            "foreign": _rounded(ranker.foreign),
        },
    )


def _rounded(weights: NDArray[np.float32]) -> list[float]:
    return [round(float(weight), 4) for weight in weights]


def _write(file: Path, values: dict[str, Any]) -> None:
    file.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _main()
