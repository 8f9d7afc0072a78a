"""Questions over folders of pages, as the models are fitted to them: only those whose ``split`` is ``tune``."""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from retrieval import Archive
from retrieval.evaluation.questions import ArchiveQuestion, load_questions
from retrieval.views import View

__all__ = ["PageSet", "add_page_options", "archive_of", "read_page_sets"]

_PAGES = frozenset((".txt", ".md"))


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
