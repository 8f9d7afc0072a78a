import json
import re
from pathlib import Path

from tests.bot.cli.conftest import Shell

STORY = "市图书馆报\n\n市图书馆星期一闭馆。读者证办理费用为二十元。\n"


def test_sync_adds_changes_and_removes(shell: Shell, tmp_path: Path) -> None:
    papers, archive = tmp_path / "papers", str(tmp_path / "archive")
    papers.mkdir()
    (papers / "one.txt").write_text(STORY, "utf-8")
    first = shell.run("wenju", "sync", "papers", "--archive", archive, "--json")
    assert first.code == 0
    assert first.err.endswith("1 added, 0 changed, 0 renamed, 0 removed, 0 unchanged, 0 failed.\n")
    assert json.loads(first.out) == {
        "added": ["one.txt"],
        "changed": [],
        "renamed": [],
        "removed": [],
        "unchanged": [],
        "failures": [],
        "warnings": [],
    }

    (papers / "one.txt").rename(papers / "two.txt")
    second = shell.run("wenju", "sync", "papers", "--archive", archive, LANG="zh_CN.UTF-8")
    assert (second.code, second.out) == (0, "")
    assert second.err.splitlines(keepends=True)[-1] == "新增 0，更新 0，改名 1，删除 0，未变 0，失败 0。\n"


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_taken(shell: Shell, tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "good.txt").write_text(STORY, "utf-8")
    (papers / "bad.txt").write_bytes(b"\x00\x01\x02\x03" * 64)
    done = shell.run("wenju", "sync", str(papers), "--archive", str(tmp_path / "archive"))
    assert (done.code, done.out) == (1, "")
    # A slow machine writes how far it is before these.
    failed, report = done.err.splitlines()[-2:]
    assert failed.startswith("error: left out bad.txt: ")
    assert report == "1 added, 0 changed, 0 renamed, 0 removed, 0 unchanged, 1 failed."


def test_what_a_terminal_would_obey_is_not_shown(shell: Shell, tmp_path: Path) -> None:
    story = STORY.replace("二十元", "二\x1b[31m十元\x1b]0;title\x07") + "\n" + "阅览室里坐满了读书的人。\n" * 200
    (tmp_path / "one.txt").write_text(story, "utf-8")
    archive = str(tmp_path / "archive")
    assert shell.run("wenju", "sync", "one.txt", "--archive", archive).code == 0
    asked = ("读者证办理费用是多少？", "--archive", archive)
    shown = shell.run("ask", *asked)
    assert shown.code == 0
    assert "读者证办理费用为二十元。" in shown.out
    assert "\x1b" not in shown.out
    exact = shell.run("ask", *asked, "--json")
    assert "\x1b" not in exact.out
    assert json.loads(exact.out)["quotes"][0]["text"] in story
    assert "\x1b[31m" in json.loads(exact.out)["quotes"][0]["text"]


def test_an_archive_is_searched_by_milvus(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(STORY, "utf-8")
    archive = ("--archive", str(tmp_path / "archive"))
    done = shell.run("wenju", "sync", "one.txt", *archive, "--backend", "milvus")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines()[-1] == "1 added, 0 changed, 0 renamed, 0 removed, 0 unchanged, 0 failed."
    asked = shell.run("ask", "读者证办理费用是多少？", *archive)
    assert (asked.code, asked.err) == (0, "")
    assert "读者证办理费用为二十元。" in asked.out
    checked = shell.run("wenju", "doctor", *archive, WENJU_BACKEND="milvus")
    assert checked.code == 0
    assert re.search(r"Milvus compares \d+ vectors with a question\.", checked.err)
    refused = shell.run("wenju", "sync", "one.txt", *archive, "--backend", "local")
    assert refused.code == 1
    assert "made with the backend milvus, not local" in refused.err
    assert "wenju sync --rebuild --backend local PATH…" in refused.err
