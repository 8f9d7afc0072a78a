import json
from pathlib import Path

import pytest

from retrieval import AnswerStatus, Archive
from retrieval.errors import EvaluationFileError
from retrieval.evaluation import evaluate_answers
from tests.retrieval.evaluation.samples import SAMPLES


@pytest.fixture(scope="module")
def archive_path(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("answers")
    texts = folder / "texts"
    texts.mkdir()
    for number, sample in enumerate(SAMPLES):
        (texts / f"{number:02d}_zh.txt").write_text(sample.zh + "\n", encoding="utf-8")
    with Archive.open(folder / "archive", create=True, cache=encoder_cache) as archive:
        archive.sync([texts])
    return folder / "archive"


def write_questions(path: Path) -> Path:
    lines = [
        {
            "id": f"zh-{number}",
            "lang": "zh",
            "kind": "fact",
            "question": sample.zh_question,
            "source": f"{number:02d}",
            "quotes": [sample.zh],
            "answers": [sample.zh],
            "split": "tune" if number < 3 else "report",
        }
        for number, sample in enumerate(SAMPLES)
    ]
    lines.append({"id": "none", "lang": "en", "kind": "unanswerable", "question": "Who won the chess title in Riga?"})
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_an_archive_is_measured_by_language_and_kind(archive_path: Path, tmp_path: Path, encoder_cache: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    with Archive.open(archive_path, cache=encoder_cache) as archive:
        figures = evaluate_answers(
            archive,
            write_questions(tmp_path / "q.jsonl"),
            progress=lambda done, total, label: seen.append((done, total, label)),
        )
    result = figures.to_dict()
    assert sorted(result) == ["by_kind", "by_lang", "overall"]
    assert list(result["by_lang"]) == ["en", "zh"]
    assert list(result["by_kind"]) == ["fact", "unanswerable"]
    assert result["overall"]["questions"] == 13
    assert result["overall"]["misquotes"] == 0
    assert result["overall"]["longest_quote_characters"] <= 400
    assert result["by_lang"]["zh"]["quote@3"] >= 0.75
    assert result["by_lang"]["zh"]["refused"] is None
    assert result["by_kind"]["unanswerable"]["quote@1"] is None
    assert seen[0] == (1, 13, "zh-0")
    assert seen[-1] == (13, 13, "none")


def test_figures_follow_from_the_outcomes(archive_path: Path, tmp_path: Path, encoder_cache: Path) -> None:
    path = write_questions(tmp_path / "q.jsonl")
    with Archive.open(archive_path, cache=encoder_cache) as archive:
        figures = evaluate_answers(archive, path, split="report")
        again = evaluate_answers(archive, path, split="report")
    assert figures == again
    assert [outcome.id for outcome in figures.outcomes] == [f"zh-{number}" for number in range(3, 12)]
    first = sum(outcome.quote_rank == 1 for outcome in figures.outcomes)
    refused = sum(outcome.status is AnswerStatus.NOT_FOUND for outcome in figures.outcomes)
    assert figures.overall.quote_at_1 == first / 9
    assert figures.overall.false_refusals == refused / 9
    assert json.loads(json.dumps(figures.outcomes[0].to_dict()))["id"] == "zh-3"


def test_a_question_that_cannot_be_asked_is_named(archive_path: Path, tmp_path: Path, encoder_cache: Path) -> None:
    path = tmp_path / "q.jsonl"
    line = {"id": "long", "lang": "zh", "kind": "unanswerable", "question": "长" * 20_000}
    path.write_text(json.dumps(line), encoding="utf-8")
    with (
        Archive.open(archive_path, cache=encoder_cache) as archive,
        pytest.raises(EvaluationFileError, match="question long cannot be asked"),
    ):
        evaluate_answers(archive, path)
