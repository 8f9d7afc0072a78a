import json
from pathlib import Path

import pytest

from training.pages import PageSet, read_page_sets
from training.searched import searched_examples

_TEXTS = {
    "one": "洞湖日报 2018年6月5日\n\n市长热线开通\n\n首月，热线共接来电18642个，办结17903件。局长说人员增加到40名。",
    "two": "云岭县的马家坪村海拔一千六百米，苹果又脆又甜。去年，县里投入一千二百万元，硬化公路十四公里。",
}
_ASKED = [
    ("number", "热线头一个月接了多少电话？", "one", ["热线共接来电18642个"], ["18642个"]),
    ("number", "马家坪修路花了多少钱？", "two", ["县里投入一千二百万元"], ["一千二百万元"]),
    ("unanswerable", "马家坪有多少人？", "", [], []),
]


def _write(folder: Path, split: str) -> tuple[Path, Path]:
    pages = folder / "pages"
    pages.mkdir()
    for name, text in _TEXTS.items():
        (pages / f"{name}.txt").write_text(text, encoding="utf-8")
    (pages / "one.json").write_text("{}", encoding="utf-8")
    (pages / "README.md").write_text("About these.", encoding="utf-8")
    lines = [
        json.dumps(
            {"id": str(n), "lang": "zh", "kind": kind, "question": text, "source": source, "split": split}
            | {"quotes": quotes, "answers": answers}
        )
        for n, (kind, text, source, quotes, answers) in enumerate(_ASKED)
    ]
    questions = folder / "questions.jsonl"
    questions.write_text("\n".join(lines), encoding="utf-8")
    return questions, pages


@pytest.fixture
def pages(tmp_path: Path) -> PageSet:
    questions, folder = _write(tmp_path, "tune")
    (found,) = read_page_sets([questions], [folder])
    return found


def test_only_pages_are_read(pages: PageSet) -> None:
    assert pages.texts == _TEXTS
    assert [question.question for question in pages.questions] == [text for _, text, *_ in _ASKED]


def test_each_file_of_questions_needs_its_pages(tmp_path: Path) -> None:
    questions, folder = _write(tmp_path, "tune")
    with pytest.raises(ValueError, match="shorter"):
        read_page_sets([questions, questions], [folder])


def test_the_pointer_learns_from_what_the_search_finds(pages: PageSet, encoder_cache: Path) -> None:
    made = list(searched_examples(pages, encoder_cache))
    marked = [
        [
            example.question.paragraph[example.own.units.starts[first] : example.own.units.ends[last]]
            for first, last in example.gold
        ]
        for example in made
    ]
    assert marked == [["18642个"], ["一千二百万元"], []]
    assert [example.near is not None for example in made] == [True, True, True]
    assert all(example.as_is for example in made)
