"""What each part of the search adds: ``python -m training.ablation --reading FILE … --test CORPUS[+QUESTIONS] …``.

The ranking is fitted anew without each group of features, on the reading sets alone, and measured on a tenth of them
that is held out, on test sets (never fitted to) and on the tune half of the questions over an archive of pages. The
candidates stay those of all channels, so that a channel's figure is what it adds to the ranking.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from retrieval.evaluation.questions import load_questions
from retrieval.search.features import FEATURES
from training.ranking import Example, fit, page_examples, reading_examples, recall_at_1

__all__ = ["GROUPS", "main"]

GROUPS: Mapping[str, tuple[str, ...]] = {
    "words": ("words", "sentence_words", "around_words", "passage_words"),
    "bigrams, stems": ("bigrams", "sentence_bigrams", "passage_bigrams"),
    "context": ("context", "article_best"),
    "translations, nearest words": ("neighbours", "sentence_neighbours"),
    "related words": ("sentence_related", "passage_related"),
    "dense": ("dense", "dense_passage", "sentence_dense", "around_dense"),
    "names by sound": ("names",),
    "phrases": ("sentence_phrases", "passage_phrases"),
    "kind of answer, unit": ("kind_present", "kind_absent", "unit_present"),
    "place, year": ("place_is", "place_said", "place_differs", "year_agrees", "year_differs"),
    "kind of block, length, position": ("heading", "caption", "furniture", "furniture_asked", "length", "first"),
}
"""The features that are left out together."""

_HELD_OUT = 10


def _without(examples: Iterable[Example], names: Sequence[str]) -> list[Example]:
    kept = np.array([name not in names for name in FEATURES], np.float32)
    return [replace(example, features=example.features * kept) for example in examples]


def _reading(files: Sequence[Path], limit: int, cache: Path | None) -> Iterator[tuple[str, Example]]:
    for file in files:
        for example in reading_examples(file, limit, cache):
            yield ("as if in another language" if example.foreign else "own words"), example


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m training.ablation", description=__doc__)
    parser.add_argument("--reading", type=Path, nargs="+", required=True, help="reading sets in SQuAD's layout")
    parser.add_argument("--limit", type=int, default=500, help="questions taken of each reading and test set")
    parser.add_argument(
        "--test", nargs="*", default=[], help="sets to measure on: CORPUS.json or CORPUS.json+QUESTIONS.json"
    )
    parser.add_argument("--questions", type=Path, help="question file over --sources, JSON lines")
    parser.add_argument("--sources", type=Path, help="folder of the newspaper pages")
    parser.add_argument("--penalty", type=float, default=5e-4)
    parser.add_argument("--cache", type=Path, help="folder for the unpacked encoder and dictionary")
    options = parser.parse_args(arguments)
    kept: list[Example] = []
    measured: dict[str, list[Example]] = {}
    for number, (name, example) in enumerate(_reading(options.reading, options.limit, options.cache)):
        if number // 3 % _HELD_OUT == 0:
            measured.setdefault(f"held out, {name}", []).append(example)
        else:
            kept.append(example)
    for test in options.test:
        corpus, _, asked = test.partition("+")
        found = reading_examples(
            Path(corpus), options.limit, options.cache, Path(asked) if asked else None, variants=False
        )
        measured[f"{Path(corpus).stem} / {Path(asked or corpus).stem}"] = list(found)
    pages: list[Example] = []
    if options.questions and options.sources:
        questions = [question for question in load_questions(options.questions, split="tune") if question.answerable]
        for language in sorted({question.lang for question in questions}):
            some = [question for question in questions if question.lang == language]
            examples = list(page_examples(some, options.sources, options.cache))
            measured[f"pages, {language}"] = examples
            pages += examples
    groups: dict[str, tuple[str, ...]] = {"(nothing)": (), **GROUPS}
    sys.stdout.write("| without | " + " | ".join(f"{name} ({len(of)})" for name, of in measured.items()) + " |\n")
    sys.stdout.write("| --- |" + " --- |" * len(measured) + "\n")
    for group, names in groups.items():
        parts = [(_without(kept, names), 1.0)]
        if pages:
            parts.append((_without(pages, names), 0.5))
        ranker = fit(parts, options.penalty)
        figures = [f"{recall_at_1(ranker, _without(of, names))[1]:.3f}" for of in measured.values()]
        sys.stdout.write(f"| {group} | " + " | ".join(figures) + " |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
