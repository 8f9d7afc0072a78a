"""Questions over folders of pages, as the models are fitted to them: only those whose ``split`` is ``tune``."""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from retrieval import Archive
from retrieval.evaluation.questions import ArchiveQuestion, load_questions
from retrieval.views import View
from training.questions import read_questions
from training.reading import is_held_out
from training.translations import TRANSLATED, read_translations

__all__ = ["PageSet", "add_page_options", "archive_of", "read_page_sets", "translated_set"]

_PAGES = frozenset((".txt", ".md"))
_SEED = 20261123


@dataclass(frozen=True, slots=True)
class PageSet:
    """Pages by their names, and questions that are asked of an archive of all of them."""

    texts: Mapping[str, str]
    questions: tuple[ArchiveQuestion, ...]


def add_page_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of which :func:`read_page_sets` reads the values."""
    parser.add_argument("--questions", type=Path, nargs="+", required=True, help="question files, one for each folder")
    parser.add_argument("--sources", type=Path, nargs="+", required=True, help="folders of pages, in the same order")


def read_page_sets(questions: Sequence[Path], sources: Sequence[Path]) -> list[PageSet]:
    """Read each file of questions with the pages of the folder beside it.

    :raises ValueError: if there are not as many files as folders.
    """
    return [
        PageSet(
            {
                file.stem: file.read_bytes().decode()
                for file in sorted(folder.iterdir())
                if file.suffix in _PAGES and file.stem != "README"
            },
            load_questions(file_of_questions, split="tune"),
        )
        for file_of_questions, folder in zip(questions, sources, strict=True)
    ]


def translated_set(reading: Path, limit: int, folder: Path = TRANSLATED) -> PageSet:
    """Ask a reading set's questions in other languages: of its paragraphs, as translated, so many at the most.

    No question is of a paragraph that is held out.
    """
    questions, translations = read_questions([reading]), read_translations(folder)
    asked = [
        ArchiveQuestion(
            f"{question.id}-{translation.language}",
            translation.language,
            "translated",
            translation.question,
            sources=(f"{question.number:05d}",),
            quotes=(question.sentence,),
            answers=question.answers,
        )
        for question in questions
        if not is_held_out(question.number)
        for translation in translations.get(question.id, ())
    ]
    Random(_SEED).shuffle(asked)
    return PageSet({f"{question.number:05d}": question.paragraph for question in questions}, tuple(asked[:limit]))


@contextmanager
def archive_of(texts: Mapping[str, str], cache: Path | None) -> Iterator[View]:
    """Make an archive of some texts for a while: each is a file of its name and ``.txt``."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "texts"
        files.mkdir()
        for name, text in texts.items():
            (files / f"{name}.txt").write_bytes(text.encode())
        with Archive.open(Path(folder) / "archive", create=True, cache=cache) as archive:
            archive.sync([files])
            with archive.reading() as view:
                yield view
