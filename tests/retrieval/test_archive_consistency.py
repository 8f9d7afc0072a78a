import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from retrieval import Answer, Archive
from tests.retrieval.samples import COURT, LIBRARY, RIVER, assert_stands, given_quotes, write_files

ROOT = Path(__file__).parents[2]
QUESTIONS = (
    "炎陵县的调解成功率是多少？",
    "How many books does the library lend?",
    "渌江多长",
    "Сколько дел?",
    "去年 调解",
)
# Passages that say the same, whose scores are equal.
TIES = "".join(f"{name}县的调解成功率是99%。\n\n" for name in "甲乙丙丁戊己庚辛壬癸")

BUILD_AND_ASK = """
import json, sys
from retrieval import Archive
path, files, cache, *questions = sys.argv[1:]
with Archive.open(path, create=True, cache=cache) as archive:
    archive.sync([files])
    for question in questions:
        answer = archive.ask(question, top=8).to_dict()
        del answer["timings_ms"]
        hits = [hit.to_dict() for hit in archive.search(question, top=50)]
        print(json.dumps([answer, hits], sort_keys=True))
"""


def test_answers_are_the_same_in_every_process_and_build(tmp_path: Path, encoder_cache: Path) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY, "c.txt": TIES, "d.txt": TIES})
    outputs = []
    for seed in ("1", "2"):
        # Builds from nothing, and at last the first one's archive in another process.
        for folder in {"1": ("1",), "2": ("2", "1")}[seed]:
            done = subprocess.run(
                [sys.executable, "-c", BUILD_AND_ASK, tmp_path / folder, files, encoder_cache, *QUESTIONS],
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                check=True,
            )
            outputs.append(done.stdout)
    assert len(outputs[0].splitlines()) == len(QUESTIONS)
    assert outputs == [outputs[0]] * 3
    best = json.loads(outputs[0].splitlines()[0])[0]
    assert best["quotes"] or best["near_misses"]


def test_asking_while_another_thread_synchronises_always_gives_quotes_that_stand(
    tmp_path: Path, archive: Archive
) -> None:
    versions = [
        {"a.txt": COURT, "b.txt": LIBRARY},
        {"a.txt": f"新的一页。\n\n{COURT}", "c.txt": RIVER},
        {"a.txt": RIVER, "b.txt": f"{COURT}{LIBRARY}"},
    ]
    files = write_files(tmp_path / "files", versions[0])
    archive.sync([files])
    done = threading.Event()
    answers: list[Answer] = []
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            while not done.is_set():
                answers.extend(archive.ask(question, top=3) for question in QUESTIONS[:2])
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    generations = [archive.info().generation]
    for round_ in range(6):
        archive.sync([write_files(files, versions[(round_ + 1) % 3])])
        generations.append(archive.info().generation)
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert generations == list(range(1, 8))
    assert len(answers) > 4
    for answer in answers:
        assert given_quotes(answer)
        assert any(_all_stand(answer, version) for version in versions), answer


def _all_stand(answer: Answer, version: dict[str, str]) -> bool:
    """Tell whether an answer is from one state of the files."""
    try:
        for quote in given_quotes(answer):
            assert_stands(quote, version[quote.source])
    except (AssertionError, KeyError):
        return False
    return True


def test_archive_that_another_process_changes_is_read_anew(
    tmp_path: Path, archive: Archive, encoder_cache: Path
) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT})
    archive.sync([files])
    archive.ask(QUESTIONS[0])
    with Archive.open(tmp_path / "archive", cache=encoder_cache) as other:
        other.sync([write_files(files, {"b.txt": RIVER})])
    answer = archive.ask(QUESTIONS[0])
    assert {quote.source for quote in given_quotes(answer)} == {"b.txt"}
    assert archive.info().generation == 2


def test_archive_folder_that_is_replaced_is_read_anew(tmp_path: Path, archive: Archive, encoder_cache: Path) -> None:
    archive.sync([write_files(tmp_path / "files", {"a.txt": COURT})])
    archive.ask(QUESTIONS[0])
    with Archive.open(tmp_path / "other", create=True, cache=encoder_cache) as other:
        other.sync([write_files(tmp_path / "files", {"b.txt": RIVER})])
    (tmp_path / "archive").rename(tmp_path / "gone")
    (tmp_path / "other").rename(tmp_path / "archive")
    assert {quote.source for quote in given_quotes(archive.ask(QUESTIONS[0]))} == {"b.txt"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_asking_twice_gives_equal_answers(seeds_archive: Archive, question: str) -> None:
    assert seeds_archive.ask(question, top=5) == seeds_archive.ask(question, top=5)
