"""What each part of the search adds.

    python -m training.ablation CORPUS[+QUESTIONS]… [--questions FILE --sources DIR]

The ranking stays as it comes with the package; one part of the search at a time is switched off, a way of searching in
the choice of candidates and in the ranking, a group of features in the ranking alone. Given is how many questions in a
hundred no longer find the right passage first (a minus), or do so only then (a plus). CORPUS and QUESTIONS are files in
SQuAD's layout with the same paragraphs, FILE the questions over the newspaper pages in DIR, of which those of the tune
half are asked.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from retrieval import Archive, Passage
from retrieval.answering.conversation import understand
from retrieval.answering.quoting import squeezed
from retrieval.evaluation.questions import ArchiveQuestion, load_questions
from retrieval.evaluation.squad import load_squad
from retrieval.search import Query, analyse
from retrieval.search.channels import CHANNELS
from retrieval.search.ranking import load_ranker
from retrieval.views import View

__all__ = ["PARTS", "Part", "main"]

_SEED = 20261122


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the search: features of the ranking and, if it is one, the way of searching that they come from."""

    features: tuple[str, ...]
    channel: str = ""


PARTS: Mapping[str, Part] = {
    "words": Part(("words", "sentence_words", "around_words", "passage_words"), "words"),
    "bigrams, stems": Part(("bigrams", "sentence_bigrams", "passage_bigrams"), "bigrams"),
    "context": Part(("context",), "context"),
    "translations, nearest words": Part(("neighbours", "sentence_neighbours"), "neighbours"),
    "dense": Part(("dense", "dense_passage", "sentence_dense", "around_dense"), "dense"),
    "names by sound": Part(("names",), "names"),
    "related words": Part(("sentence_related", "passage_related")),
    "phrases": Part(("sentence_phrases", "passage_phrases")),
    "kind of answer, unit": Part(("kind_present", "kind_absent", "unit_present")),
    "best of the article": Part(("article_best",)),
    "place, year": Part(("place_is", "place_said", "place_differs", "year_agrees", "year_differs")),
    "kind of block, length, position": Part(("heading", "caption", "furniture", "furniture_asked", "length", "first")),
}
"""What is switched off, one after the other."""


@dataclass(frozen=True, slots=True)
class _Case:
    query: Query
    is_right: Callable[[Passage], bool]


def _right_first(view: View, cases: Sequence[_Case]) -> dict[str, list[bool]]:
    """Tell for each part, and under "" for none, which questions find the right passage first without it."""
    full = load_ranker()
    rankers = {name: full.without(part.features) for name, part in PARTS.items()}
    right: dict[str, list[bool]] = {name: [] for name in ("", *PARTS)}
    for case in cases:
        found = view.searcher.find(case.query, view.snapshot)
        candidates, known_share = found.candidates, found.terms.known_share
        right[""].append(bool(candidates) and case.is_right(candidates[0].passage))
        for name, part in PARTS.items():
            ranker = rankers[name]
            if part.channel:
                weights = view.searcher.channel_weights * np.array([c != part.channel for c in CHANNELS], np.float32)
                searcher = replace(view.searcher, channel_weights=weights)
                first = next(iter(searcher.find(case.query, view.snapshot, ranker=ranker).candidates), None)
            else:
                scores = ranker.scores([c.features for c in candidates], known_share)
                scored = [(-float(own.max()), c.passage.id, c) for own, c in zip(scores, candidates, strict=True)]
                first = min(scored)[2] if scored else None
            right[name].append(first is not None and case.is_right(first.passage))
    return right


@contextmanager
def _archive(files: Path, cache: Path | None) -> Iterator[tuple[View, dict[str, str]]]:
    """Lend an archive of a folder's files, and the sources of its documents by their ids."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(Path(folder) / "archive", create=True, cache=cache) as archive,
    ):
        archive.sync([files])
        sources = {info.id: info.source for info in archive.documents()}
        with archive.reading() as view:
            yield view, sources


def _reading_sets(tests: Sequence[str], limit: int, cache: Path | None) -> Iterator[tuple[str, dict[str, list[bool]]]]:
    """Measure on reading sets, those of one corpus in one archive."""
    asked: dict[str, list[str]] = {}
    for test in tests:
        corpus, _, questions = test.partition("+")
        asked.setdefault(corpus, []).append(questions or corpus)
    for corpus, files in asked.items():
        with tempfile.TemporaryDirectory() as folder:
            for number, paragraph in enumerate(load_squad(corpus)):
                Path(folder, f"{number:05d}.txt").write_bytes(paragraph.text.encode())
            with _archive(Path(folder), cache) as (view, sources):
                for file in files:
                    cases = list(_reading_cases(file, sources))
                    random.Random(_SEED).shuffle(cases)
                    yield f"{Path(corpus).stem} / {Path(file).stem}", _right_first(view, cases[:limit])


def _reading_cases(file: str, sources: Mapping[str, str]) -> Iterator[_Case]:
    for number, paragraph in enumerate(load_squad(file)):
        name = f"{number:05d}.txt"

        def is_right(passage: Passage, name: str = name) -> bool:
            return sources[passage.document_id] == name

        for question in paragraph.questions:
            yield _Case(analyse(question.text), is_right)


def _page_cases(questions: Sequence[ArchiveQuestion], sources: Mapping[str, str]) -> Iterator[_Case]:
    for question in questions:

        def is_right(passage: Passage, question: ArchiveQuestion = question) -> bool:
            text = squeezed(passage.text)
            return sources[passage.document_id].startswith(question.sources) and any(
                squeezed(quote) in text or text in squeezed(quote) for quote in question.quotes
            )

        yield _Case(analyse(understand(question.question, question.history).text), is_right)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m training.ablation", description=__doc__)
    parser.add_argument("tests", nargs="*", metavar="CORPUS[+QUESTIONS]", help="reading sets in SQuAD's layout")
    parser.add_argument("--limit", type=int, default=300, help="questions taken of each reading set")
    parser.add_argument("--questions", type=Path, help="question file over --sources, JSON lines")
    parser.add_argument("--sources", type=Path, help="folder of the newspaper pages")
    parser.add_argument("--cache", type=Path, help="folder for the unpacked encoder and dictionary")
    options = parser.parse_args(arguments)
    measured = dict(_reading_sets(options.tests, options.limit, options.cache))
    if options.questions and options.sources:
        asked = [question for question in load_questions(options.questions, split="tune") if question.answerable]
        with _archive(options.sources, options.cache) as (view, sources):
            for name, is_taken in (("zh", True), ("other languages", False)):
                some = [question for question in asked if (question.lang == "zh") is is_taken]
                measured[f"pages, {name}"] = _right_first(view, list(_page_cases(some, sources)))
    sys.stdout.write("| without | " + " | ".join(measured) + " |\n| --- |" + " --- |" * len(measured) + "\n")
    whole = [f"{np.mean(right['']):.3f} ({len(right[''])})" for right in measured.values()]
    sys.stdout.write("| (nothing) | " + " | ".join(whole) + " |\n")
    for name in PARTS:
        changes = [100 * (np.mean(right[name]) - np.mean(right[""])) for right in measured.values()]
        sys.stdout.write(
            f"| {name} | " + " | ".join(f"{change:+.1f}" if change else "0" for change in changes) + " |\n"
        )


if __name__ == "__main__":
    main()
