import click
import pytest
from click.testing import CliRunner

from bot.cli.ask import ask
from bot.cli.main import wenju

ASK_HELP = """
Usage: ask [OPTIONS] QUESTION...
  Ask a question. The answer is a quotation from the archive, with the place
  where it stands.
  Examples:
    ask 炎陵县的调解成功率是多少？
    ask How many cases were mediated in Yanling --top 1
    ask --since 2022 --place 攸县 办了多少件案子
    ask --context trip 炎陵县的调解成功率是多少 && ask --context trip 那攸县呢
    ask --json 攸县有多少名调解员 | jq -r '.quotes[0].text'
    ask --json - < questions.txt > answers.jsonl
  With '-' each line of standard input is a question; blank lines are skipped.
  With --json each question gives one JSON object on a line of its own; a
  question that cannot be asked gives {"status": "error", "question", "error"}.
  With --context the question and its answer join a conversation that is kept
  beside the archive (WENJU_STATE_URL), and questions may follow up on others.
  With --explain the best passages come with what put them there: how the
  question was understood, and each feature's value and points.
  Exit codes:
    0    answered
    1    error; of several questions, at least one could not be asked
    2    wrong usage
    3    not found in the archive; of several questions, at least one
    130  interrupted
  The first use builds the archive of the project's own documents, once.
Options:
  -a, --archive DIR  The archive's folder; without it WENJU_ARCHIVE, or the
                     project's own.
  -n, --top N        How many quotes at the most; without it WENJU_TOP, or 3.
                     [1<=x<=10]
  --since DATE       Only issues of this day, month or year, and later ones.
  --until DATE       Only issues of this day, month or year, and earlier ones.
  --place NAME       Only what is about this place.
  --source NAME      Only this file or folder, or names that begin so.
  --kind KIND        Only blocks of this kind: shoulder, headline, subheadline,
                     heading, byline, imprint, card, caption, note, pull-quote,
                     paragraph.
  --context ID       Go on with the conversation of this name, and begin it when
                     there is none: for follow-up questions.
  --explain          Show why the search ranks as it does.
  --json             Write JSON, exact to the character.
  --version          Show the version and exit.
  -h, --help         Show this message and exit.
"""


def _help(command: click.Command, *words: str) -> str:
    result = CliRunner().invoke(command, [*words, "--help"], terminal_width=80)
    assert result.exit_code == 0
    return result.output


def test_what_ask_says_of_itself() -> None:
    written = [line for line in _help(ask).splitlines() if line]
    assert written == ASK_HELP.strip().splitlines()


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (["ask"], ["--archive", "--top", "--json", "--version"]),
        (["sync"], ["--archive", "--json"]),
        (["sources"], ["--archive", "--blocks", "--json"]),
        (["watch"], ["--archive"]),
        (["doctor"], ["--repair", "--archive", "--json"]),
        (["backup"], ["--archive", "--json"]),
        (["compact"], ["--archive"]),
        (["drop"], ["--archive", "--yes"]),
        (["serve"], ["--host", "--port", "--archive"]),
        (["telegram"], ["--archive"]),
        (["train"], ["--archive", "--output", "--epochs"]),
        (["evaluate", "retrieval"], ["--corpus", "--questions", "--json"]),
        (["evaluate", "answers"], ["--questions", "--split", "--archive", "--json"]),
    ],
)
def test_every_command_shows_an_example_and_its_options(words: list[str], options: list[str]) -> None:
    written = _help(wenju, *words)
    assert f"\n    wenju {' '.join(words)}" in written or words == ["telegram"]
    assert "Example" in written
    assert [option for option in options if option not in written] == []
    assert max(len(line) for line in written.splitlines()) <= 84


def test_the_commands_with_one_line_each() -> None:
    commands = _help(wenju).partition("Commands:")[2].strip().splitlines()
    assert [line.split(maxsplit=1)[0] for line in commands] == [
        "ask",
        "sync",
        "watch",
        "sources",
        "doctor",
        "backup",
        "compact",
        "drop",
        "serve",
        "telegram",
        "evaluate",
        "train",
        "keys",
    ]
    assert [line for line in commands if line.endswith("...")] == []


def test_version() -> None:
    for app in (ask, wenju):
        result = CliRunner().invoke(app, ["--version"])
        assert result.exit_code == 0
        assert result.output.startswith("wenju")
