import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.answering.marks import ASKED
from retrieval.answering.text_units import FIXED
from training.reading import Example, Picker, Row, examples, held_out, read_sets

PARAGRAPHS = (
    (
        "渌江全长一百六十六公里，流经三个县。每年夏天河水最高，渡口因此关闭两个月。",
        "渌江全长多少公里？",
        "一百六十六公里",
    ),
    ("云峰山高一千二百米，山顶有一座古庙。香客从东坡上山，要走四个小时才到。", "云峰山有多高？", "一千二百米"),
    ("桃源县图书馆藏书十二万册，由馆长李明主持工作。读者多半是附近的学生。", "图书馆的馆长是谁？", "李明"),
)


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    return write_examples(tmp_path_factory.mktemp("reading"))


def write_examples(folder: Path) -> list[Example]:
    """Give an example of each paragraph."""
    data = [
        {"context": text, "qas": [{"question": q, "answers": [{"text": answer, "answer_start": text.index(answer)}]}]}
        for text, q, answer in PARAGRAPHS
    ]
    return examples(read_sets([_set(folder, data)]))


def test_every_third_paragraph_at_a_sets_beginning_is_held_out(tmp_path: Path) -> None:
    paragraphs = [
        {"context": f"第{n}段。", "qas": [{"question": "?", "answers": [{"text": "段", "answer_start": 2}]}]}
        for n in range(310)
    ]
    held = held_out(read_sets([_set(tmp_path, paragraphs)]))
    assert len(held) == 100
    assert {question.number for question in held} == set(range(0, 300, 3))


def test_a_near_paragraph_does_not_hold_the_answer(some: list[Example]) -> None:
    assert len(some) == len(PARAGRAPHS)
    for example in some:
        assert example.near is not None
        assert example.near.units is not example.own.units
        assert example.question.answers[0] not in example.near.units.folded


def test_rows_are_of_every_kind_and_their_runs_hold_the_answer(some: list[Example]) -> None:
    picker = Picker(1, {})
    rows = [picker.row(some[0]) for _ in range(200)]
    for row in rows:
        assert row.marks.shape == (len(row.names), len(FIXED) + len(ASKED))
        assert row.sentence.shape == (len(row.names),)
        assert all(0 <= first <= last < len(row.names) for first, last in row.gold)
    answered = [row for row in rows if row.gold]
    assert 100 < len(answered) < 180
    assert {_answer(row) for row in answered if "<latin>" not in row.names} == {"一百六十六公里"}
    spaced = [row for row in rows if "<latin>" in row.names]
    assert 20 < len(spaced) < 70
    assert all(not _is_han(name) for row in spaced for name in row.names)
    assert all("<latin>" in row.asked.names for row in spaced)
    assert all(len(row.words) == len(row.names) and len(row.asked.words) == len(row.asked.names) for row in rows)
    assert {"夏天", "关闭"} <= {word for row in answered for word in row.words}
    assert [row.names for row in rows] == [Picker(1, {}).row(some[0]).names, *(row.names for row in rows[1:])]


def test_a_name_in_a_text_of_letters_is_all_that_is_known_of_it(some: list[Example]) -> None:
    picker = Picker(2, {})
    rows = [row for row in (picker.row(some[2]) for _ in range(200)) if row.gold and "<latin>" in row.names]
    assert rows
    tags = [number for number, name in enumerate(FIXED) if name.startswith("tag_")]
    for row in rows:
        (first, last) = row.gold[0]
        assert row.marks[first : last + 1, FIXED.index("tag_nr")].all()
        assert np.array_equal(row.marks[:, tags].sum(axis=1), np.ones(len(row.names)))


def test_a_question_of_another_language_says_translations_of_its_words(some: list[Example]) -> None:
    picker = Picker(3, {"图书馆": ("library",), "馆长": ("curator", "head")})
    foreign = [row.asked for row in (picker.row(some[2]) for _ in range(200)) if row.asked.names[-1] == "<latin>"]
    said = {word for asked in foreign for word in asked.words if word.isascii()} - {""}
    assert said <= {"library", "curator", "head"}
    assert "library" in said


def _answer(row: Row) -> str:
    first, last = row.gold[0]
    return "".join(row.names[first : last + 1])


def _is_han(name: str) -> bool:
    return len(name) == 1 and "\u4e00" <= name <= "\u9fff"


def _set(folder: Path, paragraphs: Sequence[object]) -> Path:
    file = folder / "set.json"
    file.write_text(json.dumps({"data": [{"title": "t", "paragraphs": paragraphs}]}), encoding="utf-8")
    return file
