import json
from pathlib import Path
from typing import Any

import pytest

from retrieval.errors import EvaluationFileError
from retrieval.evaluation.squad import SquadParagraph, SquadQuestion, load_squad


def load(path: Path, content: Any) -> tuple[SquadParagraph, ...]:
    path.write_text(json.dumps(content), encoding="utf-8")
    return load_squad(path)


def refuse(path: Path, content: Any) -> str:
    with pytest.raises(EvaluationFileError) as caught:
        load(path, content)
    return str(caught.value)


def test_paragraphs_come_in_file_order_with_their_questions(tmp_path: Path) -> None:
    paragraphs = [
        {"context": "甲", "qas": [{"id": "1", "question": "甲？", "answers": []}]},
        {"context": "乙", "qas": []},
    ]
    data = {"data": [{"paragraphs": paragraphs}, {"paragraphs": [{"context": "丙", "qas": [{"question": "丙？"}]}]}]}
    assert load(tmp_path / "q.json", data) == (
        SquadParagraph("甲", (SquadQuestion("1", "甲？"),)),
        SquadParagraph("乙", ()),
        SquadParagraph("丙", (SquadQuestion("data[1].paragraphs[0].qas[0]", "丙？"),)),
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "the file has no list 'data'"),
        ({"data": {}}, "the file has no list 'data'"),
        ({"data": []}, "the file holds no paragraph"),
        ({"data": [1]}, "data[0] has no list 'paragraphs'"),
        ({"data": [{"paragraphs": [{"qas": []}]}]}, "data[0].paragraphs[0] has no text 'context'"),
        ({"data": [{"paragraphs": [{"context": " ", "qas": []}]}]}, "data[0].paragraphs[0] has no text 'context'"),
        ({"data": [{"paragraphs": [{"context": "\ud800", "qas": []}]}]}, "'context' holds half a surrogate pair"),
        ({"data": [{"paragraphs": [{"context": "a"}]}]}, "data[0].paragraphs[0] has no list 'qas'"),
        ({"data": [{"paragraphs": [{"context": "a", "qas": [{}]}]}]}, "paragraphs[0].qas[0] has no text 'question'"),
    ],
)
def test_another_layout_is_refused_with_its_place(tmp_path: Path, content: Any, message: str) -> None:
    text = refuse(tmp_path / "q.json", content)
    assert message in text
    assert "q.json" in text


def test_files_that_are_not_json_or_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"{")
    (tmp_path / "b.json").write_bytes("问".encode("gb18030"))
    for name, message in (
        ("a.json", "not JSON in UTF-8"),
        ("b.json", "not JSON in UTF-8"),
        ("c.json", "cannot be read"),
    ):
        with pytest.raises(EvaluationFileError, match=message):
            load_squad(tmp_path / name)
