import json
import subprocess
from pathlib import Path

from tests.bot.cli.conftest import Shell

QUESTION = "炎陵县调解成功率是多少？"


def test_the_first_use_builds_the_archive_and_a_second_process_does_not_disturb_it(fresh_shell: Shell) -> None:
    processes = [
        subprocess.Popen(
            fresh_shell.command("ask", QUESTION, "--json"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=fresh_shell.home,
            env=fresh_shell.environ(LANG=language),
        )
        for language in ("en_US.UTF-8", "zh_CN.UTF-8")
    ]
    (first, english), (second, chinese) = (process.communicate(timeout=120) for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    quotes = json.loads(first)["quotes"]
    assert json.loads(second)["quotes"] == quotes
    assert english.decode("utf-8").startswith("First use: building an archive of the files in ")
    assert "The archive is ready: 2 documents, " in english.decode("utf-8")
    assert chinese == b"" or chinese.decode("utf-8").startswith("第一次使用：")
    assert [path.name for path in (fresh_shell.folder / ".wenju").iterdir()] == ["archive"]

    third = fresh_shell.run("ask", QUESTION, "--json")
    assert (third.code, third.err) == (0, "")
    assert json.loads(third.out)["quotes"] == quotes


def test_sources_that_hold_nothing_are_named(fresh_shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = fresh_shell.run("ask", QUESTION, WENJU_SOURCES=str(tmp_path / "empty"))
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[-1].startswith("error: ")
    assert not (fresh_shell.folder / ".wenju" / "archive").exists()
