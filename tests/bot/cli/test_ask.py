import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Shell

QUESTION = "炎陵县调解成功率是多少？"
SOURCE = "003_1741ed30133a9311.txt"
NOT_IN_THE_ARCHIVE = "如何用酵母烤披萨？"


def test_the_quote_stands_in_the_named_file_at_the_named_line(shell: Shell) -> None:
    done = shell.run("ask", QUESTION)
    assert (done.code, done.err) == (0, "")
    quote, arrow, about, place = done.out.split("\n\n")[0].splitlines()
    assert "调解成功率99%" in quote
    assert arrow.startswith("→ ")
    assert "99%" in arrow
    assert about.startswith("《")
    assert "株洲日报" in about
    assert place == f"{SOURCE}:35"
    lines = (shell.folder / "seeds" / SOURCE).read_text("utf-8").splitlines()
    assert quote in lines[35 - 1]
    assert "其他出处" in done.out


def test_json_is_the_answer(shell: Shell) -> None:
    done = shell.run("ask", QUESTION, "--json", "--top", "1")
    assert (done.code, done.err) == (0, "")
    answer = json.loads(done.out)
    assert {"status", "question", "language", "quotes", "near_misses", "missing", "timings_ms"} <= answer.keys()
    assert (answer["status"], answer["question"], answer["language"]) == ("answered", QUESTION, "zh")
    (quote,) = answer["quotes"]
    text = (shell.folder / "seeds" / SOURCE).read_bytes().decode("utf-8")
    assert "".join(text[start:end] for start, end in quote["spans"]) == quote["text"]


def test_words_without_quotes_are_joined(shell: Shell) -> None:
    done = shell.run(
        "ask", "炎陵县", "--json", "调解成功率是多少？", LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )
    assert done.code == 0
    assert json.loads(done.out)["question"] == "炎陵县 调解成功率是多少？"


def test_not_found_says_so_and_ends_with_3(shell: Shell) -> None:
    done = shell.run("ask", NOT_IN_THE_ARCHIVE)
    assert (done.code, done.err) == (3, "")
    assert done.out.startswith("档案里没有找到这个问题的答案。\n")


def test_each_line_of_standard_input_is_a_question(shell: Shell) -> None:
    given = f"\ufeff{QUESTION}\r\n\n   \n{NOT_IN_THE_ARCHIVE}".encode()
    done = shell.run("ask", "-", "--json", given=given)
    assert (done.code, done.err) == (3, "")
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [(answer["question"], answer["status"]) for answer in answers] == [
        (QUESTION, "answered"),
        (NOT_IN_THE_ARCHIVE, "not_found"),
    ]


def test_a_line_that_cannot_be_asked_does_not_stop_the_others(shell: Shell) -> None:
    done = shell.run("ask", "-", "--json", given=b"\xb2\xa9\xcb\xd5\n" + f"{'问' * 10_001}\n{QUESTION}\n".encode())
    assert done.code == 1
    first, second, third = (json.loads(line) for line in done.out.splitlines())
    assert (first["status"], second["status"], third["status"]) == ("error", "error", "answered")
    assert "not UTF-8" in first["error"]
    assert [line[:14] for line in done.err.splitlines()] == ["error: line 1:", "error: line 2:"]


def test_several_questions_are_told_apart(shell: Shell) -> None:
    done = shell.run("ask", "-", given=f"{QUESTION}\n{NOT_IN_THE_ARCHIVE}\n".encode())
    assert done.code == 3
    assert f"问：{QUESTION}\n" in done.out
    assert f"\n\n问：{NOT_IN_THE_ARCHIVE}\n" in done.out


def test_no_question_at_all_is_answered_with_nothing(shell: Shell) -> None:
    done = shell.run("ask", "-")
    assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize("question", ["", " ", "？！", "问" * 10_001])
def test_a_question_that_cannot_be_asked_is_one_line(shell: Shell, question: str) -> None:
    done = shell.run("ask", question)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: ")
    assert done.err.count("\n") == 1


def test_a_named_archive_that_is_missing_is_not_made_up(shell: Shell, tmp_path: Path) -> None:
    done = shell.run("ask", QUESTION, "--archive", str(tmp_path / "none"))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: ")
    assert "wenju sync" in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "none").exists()


def test_wrong_settings_are_one_line(shell: Shell) -> None:
    done = shell.run("ask", QUESTION, WENJU_TOP="many")
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: WENJU_TOP is 'many': set it to a whole number from 1 to 10\n"


@pytest.mark.parametrize("words", [[], ["--top", "0", "x"], ["--unknown", "x"]])
def test_wrong_usage_ends_with_2(shell: Shell, words: list[str]) -> None:
    done = shell.run("ask", *words)
    assert (done.code, done.out) == (2, "")
    assert "Usage: ask" in done.err


def test_color_when_it_is_asked_for(shell: Shell) -> None:
    colored = shell.run("ask", QUESTION, FORCE_COLOR="1").out
    assert "\x1b[1;4m" in colored
    assert "→" not in colored


def test_the_words_that_answer_are_seen_on_a_terminal(shell: Shell) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        shell.command("ask", QUESTION), stdout=theirs, cwd=shell.home, env=shell.environ(TERM="xterm")
    ) as process:
        os.close(theirs)
        seen = b""
        try:
            while piece := os.read(ours, 65536):
                seen += piece
        except OSError:  # how Linux tells that the other side is closed
            pass
        os.close(ours)
        assert process.wait(timeout=60) == 0
    assert b"\x1b[1;4m" in seen


def test_a_reader_who_leaves_early_hears_no_complaint(shell: Shell) -> None:
    with subprocess.Popen(
        shell.command("ask", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=shell.home,
        env=shell.environ(),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        process.stdin.write(f"{QUESTION}\n".encode())
        process.stdin.close()
        assert process.wait(timeout=60) == 141
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_an_interrupt_ends_with_130_and_a_line(shell: Shell) -> None:
    with subprocess.Popen(
        shell.command("ask", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=shell.home,
        env=shell.environ(),
        preexec_fn=shell.heed_interrupts,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(f"{QUESTION}\n".encode())
        process.stdin.flush()
        assert process.stdout.readline().decode("utf-8") == f"问：{QUESTION}\n"  # answers come one by one
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr.read() == b"interrupted; nothing that was finished is lost\n"


def test_nothing_heavy_is_imported_on_the_way(shell: Shell) -> None:
    heavy = {"torch", "fastapi", "telegram", "pydantic", "rich", "sentence_transformers"}
    code = (
        "import sys; import bot.cli.ask as cli\n"
        "try: cli.ask(['炎陵县调解成功率'])\nexcept SystemExit as end: assert end.code == 0\n"
        f"print('heavy:', *{heavy} & set(sys.modules))"
    )
    command = [shell.command("ask")[0], "-c", code]
    done = subprocess.run(command, capture_output=True, cwd=shell.home, env=shell.environ(), timeout=60, check=True)
    assert done.stdout.decode("utf-8").splitlines()[-1] == "heavy:"
