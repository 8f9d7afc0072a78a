from pathlib import Path

import pytest

from retrieval.errors import EvaluationFileError
from retrieval.evaluation import RetrievalFigures, evaluate_retrieval
from tests.retrieval.evaluation.samples import SAMPLES, write_squad

ZH = [(sample.zh, sample.zh_question) for sample in SAMPLES]
EN = [(sample.en, sample.en_question) for sample in SAMPLES]


def test_questions_find_their_paragraphs_and_equal_paragraphs_are_one_document(
    tmp_path: Path, encoder_cache: Path
) -> None:
    labels: list[str] = []

    def note(done: int, total: int, label: str) -> None:
        assert done <= total
        labels.append(label)

    figures = evaluate_retrieval(write_squad(tmp_path / "zh.json", [*ZH, ZH[0]]), cache=encoder_cache, progress=note)
    assert figures.questions == 13
    assert figures.recall_at_1 >= 0.9
    assert figures.recall_at_10 >= figures.recall_at_5 >= figures.recall_at_1
    assert figures.seconds > 0
    assert labels[-13:] == [f"q{number}" for number in range(13)]


def test_questions_of_another_file_are_matched_by_position(tmp_path: Path, encoder_cache: Path) -> None:
    corpus = write_squad(tmp_path / "zh.json", ZH)
    # The first half stands with its own paragraphs, the second half with its neighbours'.
    asked = write_squad(tmp_path / "en.json", EN[:6] + ZH[7:] + ZH[6:7])
    figures = evaluate_retrieval(corpus, asked, cache=encoder_cache)
    assert 0.3 <= figures.recall_at_1 <= 0.5


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path, encoder_cache: Path) -> None:
    corpus = write_squad(tmp_path / "zh.json", ZH)
    with pytest.raises(EvaluationFileError, match=r"11 paragraphs, but .*zh\.json has 12"):
        evaluate_retrieval(corpus, write_squad(tmp_path / "en.json", EN[1:]), cache=encoder_cache)


def test_a_file_without_questions_is_refused(tmp_path: Path, encoder_cache: Path) -> None:
    path = tmp_path / "none.json"
    path.write_text('{"data": [{"paragraphs": [{"context": "甲", "qas": []}]}]}', encoding="utf-8")
    with pytest.raises(EvaluationFileError, match="holds no question"):
        evaluate_retrieval(path, cache=encoder_cache)


def test_a_paragraph_that_the_archive_refuses_is_named(tmp_path: Path, encoder_cache: Path) -> None:
    with pytest.raises(EvaluationFileError, match=r"paragraph 00000\.txt was refused: .*null"):
        evaluate_retrieval(write_squad(tmp_path / "null.json", [("a\0b", "a?")]), cache=encoder_cache)


def test_figures_have_the_public_names() -> None:
    assert RetrievalFigures(0.1, 0.2, 0.3, 0.4, 0.5, 6, 7.00049).to_dict() == {
        "recall@1": 0.1,
        "recall@5": 0.2,
        "recall@10": 0.3,
        "mrr@10": 0.4,
        "ndcg@10": 0.5,
        "questions": 6,
        "seconds": 7.0,
    }
