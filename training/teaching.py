"""Asks the whole search what training questions' sentences are worth: ``python -m training.teaching --pairs DIR …``.

The encoder learns these scores, a list a question, by the Kullback-Leibler divergence between the two rankings. Source:
Lin et al. 2020, "Distilling Dense Representations for Ranking using Tightly-Coupled Teachers",
https://arxiv.org/abs/2010.11386.
"""

import argparse
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from retrieval.language.folding import to_simplified
from retrieval.search import Query, analyse
from retrieval.search.candidates import Candidate
from training.dictionaries import Dictionary
from training.glossing import Glosser, inverted
from training.pages import archive_of
from training.prepare import GLOSSES, QUESTION_FILES, read_dictionaries
from training.questions import Question, read_questions

__all__ = ["WIDTH", "Lesson", "lessons", "main", "read_lessons"]

WIDTH = 4
"""How many sentences a list has: the one that answers, and the best of as many other passages."""

_GLOSSED = 0.5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question, :data:`WIDTH` sentences (first the one that answers it), and the search's score of each."""

    question: str
    sentences: tuple[str, ...]
    scores: tuple[float, ...]


def lessons(questions: Sequence[Question], asked: Sequence[Question], cache: Path | None = None) -> Iterator[Lesson]:
    """Ask the questions ``asked`` over an archive of the paragraphs of ``questions``.

    A question is passed over when the search does not find its sentence among its candidates.

    :param cache: a folder for the unpacked encoder and dictionary.
    """
    paragraphs = {_name(question): question.paragraph for question in questions}
    with archive_of(paragraphs, cache) as view:
        for question in asked:
            query: Query = analyse(question.text)
            found = view.searcher.find(query, view.snapshot)
            file = f"{_name(question)}.txt"
            own = [one for one in found.candidates if view.snapshot.source(one.passage.document_id) == file]
            others = [one for one in found.candidates if one not in own]
            if (lesson := _lesson(question, own, others)) is not None:
                yield lesson


def _name(question: Question) -> str:
    return f"{question.number:05d}"


def _lesson(question: Question, own: Iterable[Candidate], others: Iterable[Candidate]) -> Lesson | None:
    scores = [
        float(score)
        for one in own
        for sentence, score in zip(one.sentences, one.scores, strict=True)
        if sentence in question.sentence or question.sentence in sentence
    ]
    best = {one.sentences[one.best]: one.score for one in sorted(others, key=lambda one: -one.score)}
    best.pop(question.sentence, None)
    wrong = list(best.items())[: WIDTH - 1]
    if not scores or len(wrong) < WIDTH - 1:
        return None
    # Where the search errs, the question's own answer is known: no other sentence is worth more.
    right = max(*scores, *(score for _, score in wrong))
    return Lesson(
        question.text, (question.sentence, *(text for text, _ in wrong)), (right, *(score for _, score in wrong))
    )


def glossed(lesson: Lesson, glosser: Glosser, languages: Sequence[str], random: Random) -> Lesson:
    """Give a lesson whose question is written word by word in another language; what its sentences are worth stays."""
    share = random.choice((0.5, 1.0, 1.0))
    question = glosser.gloss(to_simplified(lesson.question), random.choice(languages), share, random)
    return Lesson(question, lesson.sentences, lesson.scores)


def read_lessons(file: Path) -> list[Lesson]:
    """Read the lessons of a file that the command wrote."""
    with file.open(encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return [Lesson(one["question"], tuple(one["sentences"]), tuple(one["scores"])) for one in found]


def _glosser(dictionaries: dict[str, Dictionary]) -> tuple[Glosser, list[str]]:
    others = {language: inverted(found) for language, found in dictionaries.items() if language != "zh"}
    return Glosser(dictionaries["zh"], others), [code for code in GLOSSES if code == "en" or code in others]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m training.teaching", description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the question files")
    parser.add_argument("--packages", type=Path, required=True, help="folder that training/fetch made")
    parser.add_argument("--output", type=Path, required=True, help="file for the lessons, JSON lines")
    parser.add_argument("--limit", type=int, help="so many questions at most")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--cache", type=Path, help="folder for the unpacked encoder and dictionary")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    random = Random(options.seed)
    questions = read_questions([options.benchmarks / name for name in QUESTION_FILES])
    asked = random.sample(questions, min(options.limit or len(questions), len(questions)))
    glosser, languages = _glosser(read_dictionaries(options.packages))
    written = 0
    with options.output.open("w", encoding="utf-8") as lines:
        for lesson in lessons(questions, asked, options.cache):
            given = glossed(lesson, glosser, languages, random) if random.random() < _GLOSSED else lesson
            lines.write(json.dumps(asdict(given), ensure_ascii=False) + "\n")
            written += 1
    _log.info("%d lessons of %d questions", written, len(asked))


if __name__ == "__main__":
    main()
