from collections.abc import Mapping
from pathlib import Path

import click

from bot.cli.archives import open_archive
from bot.cli.options import archive_option, backend_options, chosen_backend, json_option
from bot.cli.progress import ProgressLine
from bot.cli.reporting import ExitCode, reporting
from bot.cli.terminal import to_json
from bot.settings import Settings

__all__ = ["evaluate"]

_FILE = click.Path(path_type=Path)

RETRIEVAL_HELP = """Measure the search. SQuAD-format files tell which paragraph answers a question.

\b
Examples:
  wenju evaluate retrieval --corpus cmrc2018.json
  wenju evaluate retrieval --corpus xquad.zh.json --questions xquad.en.json --json

The corpus's paragraphs are the documents. The questions of a second file are
matched to the paragraphs by position.
"""

ANSWERS_HELP = """Measure the answers. A file of questions tells which quotes answer them.

\b
Examples:
  wenju evaluate answers --questions questions.jsonl
  wenju evaluate answers --questions questions.jsonl --split report --json
"""


READING_HELP = """Measure quotes and highlights on reading sets, SQuAD format, as one archive.

\b
Example:
  wenju evaluate reading --corpus cmrc2018.json --corpus drcd.json --json
"""


@click.group("evaluate")
def evaluate() -> None:
    """Measure the search and the answers."""


@evaluate.command("retrieval", help=RETRIEVAL_HELP)
@click.option("--corpus", metavar="FILE", type=_FILE, required=True, help="Paragraphs and questions, SQuAD format.")
@click.option("--questions", metavar="FILE", type=_FILE, help="A second file, whose questions are asked instead.")
@backend_options
@json_option
@reporting
def retrieval(corpus: Path, questions: Path | None, backend: str | None, milvus: str | None, as_json: bool) -> ExitCode:
    """Measure the search."""
    from retrieval.evaluation import evaluate_retrieval

    settings = Settings.load()
    with ProgressLine(settings.color) as progress:
        figures = evaluate_retrieval(
            corpus,
            questions,
            encoder=settings.encoder,
            cache=settings.cache,
            progress=progress,
            backend=chosen_backend(settings, backend, milvus),
        )
    click.echo(to_json(figures.to_dict()) if as_json else "\n".join(_listed(figures.to_dict())))
    return ExitCode.DONE


@evaluate.command("answers", help=ANSWERS_HELP)
@click.option("--questions", metavar="FILE", type=_FILE, required=True, help="Questions with their quotes, JSON lines.")
@click.option("--split", metavar="NAME", help="Ask only the questions whose split is this: tune, report, ….")
@archive_option
@json_option
@reporting
def answers(questions: Path, split: str | None, archive: Path | None, as_json: bool) -> ExitCode:
    """Measure the answers."""
    from retrieval.evaluation import evaluate_answers

    settings = Settings.load()
    with open_archive(settings, archive) as opened, ProgressLine(settings.color) as progress:
        figures = evaluate_answers(opened, questions, split=split, progress=progress)
    click.echo(to_json(figures.to_dict()) if as_json else "\n".join(_listed(figures.to_dict())))
    return ExitCode.DONE


@evaluate.command("reading", help=READING_HELP)
@click.option("--corpus", metavar="FILE", type=_FILE, required=True, multiple=True, help="A reading set; repeatable.")
@click.option("--every", metavar="N", type=click.IntRange(min=1), default=1, help="Ask each N-th question only.")
@json_option
@reporting
def reading(corpus: tuple[Path, ...], every: int, as_json: bool) -> ExitCode:
    """Measure quotes and highlights."""
    from retrieval.evaluation import evaluate_reading

    settings = Settings.load()
    with ProgressLine(settings.color) as progress:
        figures = evaluate_reading(
            corpus, every=every, encoder=settings.encoder, cache=settings.cache, progress=progress
        )
    click.echo(to_json(figures.to_dict()) if as_json else "\n".join(_listed(figures.to_dict())))
    return ExitCode.DONE


def _listed(figures: Mapping[str, object], indent: str = "") -> list[str]:
    """Write figures one a line; a group of them stands under its name."""
    lines: list[str] = []
    for name, value in figures.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}{name}", *_listed(value, indent + "  ")]
        else:
            shown = f"{value:.4f}" if isinstance(value, float) else "-" if value is None else str(value)
            lines.append(f"{indent}{name:<16} {shown}")
    return lines
