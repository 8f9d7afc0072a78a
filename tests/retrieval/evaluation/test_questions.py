import json
from pathlib import Path
from typing import Any

import pytest

from retrieval.errors import EvaluationFileError
from retrieval.evaluation.questions import ArchiveQuestion, load_questions
from retrieval.types import Turn

LINE = {
    "id": "1",
    "lang": "zh",
    "kind": "fact",
    "question": "问？",
    "source": "000",
    "quotes": ["答"],
    "answers": ["答"],
}


def write(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("\n\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    return path


def refuse(path: Path) -> str:
    with pytest.raises(EvaluationFileError) as caught:
        load_questions(path)
    return str(caught.value)


def test_lines_become_questions(tmp_path: Path) -> None:
    extra = {
        "id": "2",
        "source": ["000", "001"],
        "history": [{"question": "一", "answer": "二"}, ["三", "四"], {"question": "五"}],
        "split": "report",
        "note": "unknown fields are passed over",
    }
    none = {"id": "3", "lang": "en", "kind": "unanswerable", "question": "Why?"}
    first, second, third = load_questions(write(tmp_path / "q.jsonl", LINE, LINE | extra, none))
    assert first == ArchiveQuestion("1", "zh", "fact", "问？", (), ("000",), ("答",), ("答",))
    assert second.sources == ("000", "001")
    assert second.history == (Turn("一", "二"), Turn("三", "四"), Turn("五", ""))
    assert (first.answerable, third.answerable) == (True, False)


def test_a_split_is_chosen(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", LINE | {"split": "tune"}, LINE | {"id": "2", "split": "report"})
    assert [question.id for question in load_questions(path, "report")] == ["2"]
    with pytest.raises(EvaluationFileError, match=r"no question is of the split 'test' \(splits: report, tune\)"):
        load_questions(path, "test")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": 5}, "'id' is not a text"),
        ({"question": " "}, "'question' is not a text, or is empty"),
        ({"lang": None}, "'lang' is not a text"),
        ({"quotes": []}, "'quotes' or 'source' is empty"),
        ({"source": ""}, "'quotes' or 'source' is empty"),
        ({"quotes": "答"}, "'quotes' is not a list of texts"),
        ({"answers": [""]}, "'answers' is not a list of texts"),
        ({"kind": "unanswerable"}, "the kind is 'unanswerable', but there are 'quotes'"),
        ({"history": {}}, "'history' is not a list"),
        ({"history": [["a"]]}, "this is no turn"),
        ({"history": [{"answer": "a"}]}, "this is no turn"),
        ({"id": "0"}, "the id '0' stands twice"),
    ],
)
def test_a_malformed_line_is_named_by_its_number(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    text = refuse(write(tmp_path / "q.jsonl", LINE | {"id": "0"}, LINE | change))
    assert message in text
    assert "q.jsonl, line 3" in text


def test_files_that_hold_no_questions_are_refused(tmp_path: Path) -> None:
    for name, data, message in (
        ("a", b"\n", "holds no question"),
        ("b", b"{]", "b, line 1: the line is not JSON"),
        ("c", b"[]", "c, line 1: the line is not a JSON object"),
        ("d", b"\n\xff", "byte 1 is not UTF-8"),
    ):
        (tmp_path / name).write_bytes(data)
        assert message in refuse(tmp_path / name)
    assert "cannot be read" in refuse(tmp_path / "missing")
