import json
from pathlib import Path

import pytest

from retrieval.errors import EvaluationFileError
from retrieval.evaluation import evaluate_reading
from retrieval.evaluation.reading import ReadingFigures

TEXTS = (
    ("石桥镇的老茶馆建于1936年。现由陈桂香一家经营。", "石桥镇的老茶馆建于哪一年？", "1936年"),
    ("青龙山的护林员刘大川扑灭过六场山火。他守了二十七年。", "护林员刘大川扑灭过几场山火？", "六场"),
)


def write(path: Path, *, answers: bool = True) -> Path:
    paragraphs = [
        {
            "context": text,
            "qas": [
                {
                    "id": question,
                    "question": question,
                    "answers": [{"text": answer, "answer_start": text.index(answer)}] if answers else [],
                }
            ],
        }
        for text, question, answer in TEXTS
    ]
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    return path


def test_quotes_and_highlights_of_reading_sets_are_measured(tmp_path: Path, encoder_cache: Path) -> None:
    figures = evaluate_reading([write(tmp_path / "a.json")], cache=encoder_cache)
    assert isinstance(figures, ReadingFigures)
    assert (figures.questions, figures.documents) == (2, 2)
    assert figures.quote_at_1 == 1.0 - figures.false_refusals
    assert 0.5 < figures.highlight_f1 <= 1.0
    assert figures.longest_quote_characters <= 400
    assert set(figures.to_dict()) >= {"quote@1", "highlight_f1", "mean_quote_characters"}


def test_files_without_answers_are_refused(tmp_path: Path, encoder_cache: Path) -> None:
    with pytest.raises(EvaluationFileError, match="no question has an answer"):
        evaluate_reading([write(tmp_path / "a.json", answers=False)], cache=encoder_cache)
