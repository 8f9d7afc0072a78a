import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval import Archive
from retrieval.index import WriteLock
from tests.bot.cli.conftest import Finished, Shell
from tests.retrieval.samples import sources

STORY = "市图书馆报\n\n市图书馆星期一闭馆。读者证办理费用为二十元。\n"
SECONDS = 90


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "one.txt").write_text(STORY, "utf-8")
    return tmp_path / "papers"


def test_dry_run_tells_each_file_and_changes_nothing(shell: Shell, papers: Path, tmp_path: Path) -> None:
    archive = str(tmp_path / "archive")
    missing = shell.run("wenju", "sync", "papers", "--dry-run", "--archive", archive)
    assert (missing.code, "There is no archive" in missing.err) == (1, True)
    assert shell.run("wenju", "sync", "papers", "--archive", archive).code == 0
    (papers / "one.txt").rename(papers / "two.txt")
    (papers / "new.txt").write_text("新的一天。\n", "utf-8")
    done = shell.run("wenju", "sync", "papers", "--dry-run", "--archive", archive)
    assert done.code == 0
    assert done.err.splitlines() == [
        "+ new.txt",
        "> one.txt -> two.txt",
        "1 added, 0 changed, 1 renamed, 0 removed, 0 unchanged, 0 failed.",
        "This was a dry run: nothing was changed.",
    ]
    listed = json.loads(shell.run("wenju", "sources", "--json", "--archive", archive).out)
    assert [document["source"] for document in listed] == ["one.txt"]


def test_emptied_folder_needs_a_word(shell: Shell, papers: Path, tmp_path: Path) -> None:
    archive = str(tmp_path / "archive")
    assert shell.run("wenju", "sync", "papers", "--archive", archive).code == 0
    (papers / "one.txt").unlink()
    refused = shell.run("wenju", "sync", "papers", "--archive", archive)
    assert (refused.code, "--allow-empty" in refused.err) == (1, True)
    assert shell.run("wenju", "sync", "papers", "--allow-empty", "--archive", archive).code == 0


@pytest.mark.parametrize("words", [["sync"], ["sync", "--reencode", "papers"], ["sync", "a", "--rebuild", "--dry-run"]])
def test_wrong_usage_of_sync(shell: Shell, words: list[str]) -> None:
    assert shell.run("wenju", *words).code == 2


def test_doctor_finds_and_repairs_and_backup_can_be_asked(shell: Shell, seeds_archive_path: Path) -> None:
    archive, copy = shell.home / "mine", shell.home / "copy"
    shutil.copytree(seeds_archive_path, archive)
    sound = shell.run("wenju", "doctor", "--json", "--archive", str(archive))
    assert (sound.code, json.loads(sound.out)["findings"]) == (0, [])
    (vectors,) = archive.glob("derived/*/segment-00000/vectors.bin")
    vectors.write_bytes(b"short")
    broken = shell.run("wenju", "doctor", "--archive", str(archive))
    assert (broken.code, broken.err.startswith("not repaired: indexes: ")) == (1, True)
    repaired = shell.run("wenju", "doctor", "--repair", "--archive", str(archive))
    assert (repaired.code, "\nThe archive is sound: 5 documents, " in repaired.err) == (0, True)
    made = shell.run("wenju", "backup", str(copy), "--archive", str(archive))
    assert (made.code, made.err.startswith("A checked copy of 5 documents, ")) == (0, True)
    assert shell.run("ask", "炎陵县的调解成功率是多少？", "--archive", str(copy)).code == 0
    assert shell.run("wenju", "backup", str(copy), "--archive", str(archive)).code == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_watch_follows_the_files_waits_for_the_lock_and_ends_with_130(
    shell: Shell, papers: Path, tmp_path: Path, encoder_cache: Path
) -> None:
    path = tmp_path / "archive"
    with (
        subprocess.Popen(
            shell.command("wenju", "watch", str(papers), "--archive", str(path)),
            env=shell.environ(),
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=shell.heed_interrupts,
        ) as child,
        Archive.open(path, create=True, cache=encoder_cache) as archive,
    ):
        try:
            _wait(lambda: sources(archive) == ["one.txt"])
            (papers / "two.txt").write_text(STORY, "utf-8")
            _wait(lambda: sources(archive) == ["one.txt", "two.txt"])
            with WriteLock(path, patience=SECONDS):
                (papers / "one.txt").unlink()
                time.sleep(3)
                assert sources(archive) == ["one.txt", "two.txt"]
            _wait(lambda: sources(archive) == ["two.txt"])
            # As when its disk is taken away, and comes back with another file.
            papers.rename(tmp_path / "away")
            time.sleep(3)
            assert sources(archive) == ["two.txt"]
            (tmp_path / "away" / "three.txt").write_text("第三篇文章。\n", "utf-8")
            (tmp_path / "away").rename(papers)
            _wait(lambda: sources(archive) == ["three.txt", "two.txt"])
        finally:
            child.send_signal(signal.SIGINT)
            _, err = child.communicate(timeout=SECONDS)
    assert child.returncode == 130
    lines = err.splitlines()
    assert lines[0] == f"Watching {papers}; the archive is {path}. Ctrl-C ends it."
    assert any("is writing to the archive" in line and line.endswith("Trying again in 5 s.") for line in lines)
    assert lines[-1] == "interrupted; nothing that was finished is lost"


def _wait(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_archive_in_a_database_is_asked_from_any_folder_until_it_is_dropped(
    shell: Shell, papers: Path, database: str
) -> None:
    def run(*words: str) -> Finished:
        return shell.run(*words, WENJU_ARCHIVE_URL=database, WENJU_ARCHIVE=str(papers.with_name("mine")))

    question = "办读者证要多少钱？"
    missing = run("ask", question)
    assert (missing.code, "There is no archive in postgresql://wenju:***@127.0.0.1" in missing.err) == (1, True)
    assert run("wenju", "sync", "papers").code == 0
    answered = run("ask", question, "--archive", "another")
    assert (answered.code, "读者证办理费用为二十元。" in answered.out) == (0, True)
    compacted = run("wenju", "compact")
    assert (compacted.code, compacted.err) == (0, "The database was written anew, without what was removed.\n")
    assert run("wenju", "drop").code == 2
    assert shell.run("wenju", "drop", "--yes").code == 2
    dropped = run("wenju", "drop", "--yes")
    assert (dropped.code, dropped.err) == (0, "The archive was removed from its database.\n")
    assert run("ask", question, "--archive", "another").code == 1
