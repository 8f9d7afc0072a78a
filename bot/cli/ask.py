import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.archives import open_archive
from bot.cli.explaining import render_explanation
from bot.cli.options import HELP_NAMES, archive_option, filter_options, json_option, version_option
from bot.cli.rendering import render_answer
from bot.cli.reporting import ExitCode, reporting
from bot.cli.terminal import Style, note, one_line, to_json
from bot.settings import MAX_TOP, Settings
from bot.wording import messages
from retrieval.errors import FilterError, QuestionError
from retrieval.types import AnswerStatus, Filters, Turn

if TYPE_CHECKING:
    from bot.cli.conversations import Conversing
    from retrieval.types import Answer

__all__ = ["HELP", "ask", "main"]

HELP = """Ask a question. The answer is a quotation from the archive, with the place
where it stands.

\b
Examples:
  ask 炎陵县的调解成功率是多少？
  ask How many cases were mediated in Yanling --top 1
  ask --since 2022 --place 攸县 办了多少件案子
  ask --context trip 炎陵县的调解成功率是多少 && ask --context trip 那攸县呢
  ask --json 攸县有多少名调解员 | jq -r '.quotes[0].text'
  ask --json - < questions.txt > answers.jsonl

\b
With '-' each line of standard input is a question; blank lines are skipped.
With --json each question gives one JSON object on a line of its own; a
question that cannot be asked gives {"status": "error", "question", "error"}.
With --context the question and its answer join a conversation that is kept
beside the archive (WENJU_STATE_URL), and questions may follow up on others.
With --explain the best passages come with what put them there: how the
question was understood, and each feature's value and points.

\b
Exit codes:
  0    answered
  1    error; of several questions, at least one could not be asked
  2    wrong usage
  3    not found in the archive; of several questions, at least one
  130  interrupted

The first use builds the archive of the project's own documents, once.
"""


@click.command("ask", help=HELP, context_settings=HELP_NAMES)
@click.argument("words", metavar="QUESTION...", nargs=-1, required=True)
@archive_option
@click.option(
    "--top",
    "-n",
    metavar="N",
    type=click.IntRange(1, MAX_TOP),
    help="How many quotes at the most; without it WENJU_TOP, or 3.",
)
@filter_options
@click.option(
    "--context",
    metavar="ID",
    help="Go on with the conversation of this name, and begin it when there is none: for follow-up questions.",
)
@click.option("--explain", is_flag=True, help="Show why the search ranks as it does.")
@json_option
@version_option
@reporting
def ask(
    words: tuple[str, ...],
    archive: Path | None,
    top: int | None,
    since: str,
    until: str,
    places: tuple[str, ...],
    sources: tuple[str, ...],
    kinds: tuple[str, ...],
    context: str | None,
    explain: bool,
    as_json: bool,
) -> ExitCode:
    """Answer one question, or each line of standard input."""
    try:
        filters = Filters(sources=sources, since=since, until=until, places=places, kinds=kinds)
    except FilterError as error:
        raise click.UsageError(str(error)) from error
    settings = Settings.load()
    several = words == ("-",)
    questions = _lines(sys.stdin.buffer) if several else [(0, " ".join(_as_utf8(word) for word in words))]
    style = Style.of(sys.stdout, settings.color)
    shown = settings.top if top is None else top
    codes = {ExitCode.ANSWERED}
    with open_archive(settings, archive) as opened, _conversation(settings, archive, context) as conversation:
        for line, question in questions:
            try:
                _check_readable(question)
                if explain:
                    explanation = opened.explain(question, shown, filters=filters)
                    click.echo(to_json(explanation.to_dict()) if as_json else render_explanation(explanation, style))
                    codes.add(ExitCode.ANSWERED if explanation.hits else ExitCode.NOT_FOUND)
                    continue
                answer = _summarised(opened.ask(question, conversation.history(), shown, filters=filters), settings)
                conversation.append(answer)
            except QuestionError as error:
                if not several:
                    raise
                note(f"error: line {line}: {error}")
                if as_json:
                    click.echo(to_json({"status": "error", "question": _readable(question), "error": str(error)}))
                codes.add(ExitCode.ERROR)
                continue
            text = to_json(answer.to_dict()) if as_json else _rendered(answer, style, with_question=several)
            click.echo(text, color=True)
            codes.add(ExitCode.ANSWERED if answer.status is AnswerStatus.ANSWERED else ExitCode.NOT_FOUND)
    return next(code for code in (ExitCode.ERROR, ExitCode.NOT_FOUND, ExitCode.ANSWERED) if code in codes)


class _NoConversation:
    """Each question stands by itself."""

    def history(self) -> Sequence[Turn]:
        return ()

    def append(self, answer: "Answer") -> None:
        """Keep nothing."""


@contextmanager
def _conversation(settings: Settings, archive: Path | None, context: str | None) -> Iterator["Conversing"]:
    """Lend the conversation of a name; without one each question stands by itself, and no database is opened."""
    if context is None:
        yield _NoConversation()
        return
    from bot.cli.conversations import kept_conversation  # its database takes a fifth of a second to import

    with kept_conversation(replace(settings, archive=archive or settings.archive), context) as conversation:
        yield conversation


def _check_readable(question: str) -> None:
    readable = _readable(question)
    if readable != question:
        raise QuestionError(f"the question '{one_line(readable)[:40]}' is not UTF-8 text: write it in UTF-8")


def _summarised(answer: "Answer", settings: Settings) -> "Answer":
    if settings.llm_url is None:
        return answer
    # Its modules take a tenth of a second to import.
    from bot.summary import summarise

    return summarise(answer, settings)


def _rendered(answer: "Answer", style: Style, *, with_question: bool) -> str:
    text = render_answer(answer, style)
    if not with_question:
        return text
    heading = messages(answer.language).text("question", question=one_line(answer.question))
    return f"{style.title(heading)}\n{text}\n"


def _lines(stream: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Give the questions with their line numbers; bytes that are not UTF-8 stay in them, to be refused."""
    for number, line in enumerate(stream, start=1):
        question = line.decode("utf-8", errors="surrogateescape").removeprefix("\ufeff").strip()
        if question:
            yield number, question


def _readable(question: str) -> str:
    """Show each byte that is not UTF-8 as U+FFFD."""
    return question.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")


def _as_utf8(word: str) -> str:
    """Read a word of the command line as UTF-8, whatever the locale took it for."""
    try:
        return os.fsencode(word).decode("utf-8")
    except UnicodeError:
        return word


def main() -> None:
    """Run the console script ``ask``."""
    ask(prog_name="ask")
