from collections import Counter
from pathlib import Path

import pytest

from retrieval.answering.quoting import squeezed
from retrieval.evaluation.questions import load_questions

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "tests" / "retrieval" / "segmenting" / "pages"
FILES = {
    "tests/quality/questions.jsonl": [ROOT / "seeds"],
    "tests/quality/pages.jsonl": [PAGES],
    "tests/quality/in_full.jsonl": [ROOT / "seeds", PAGES],
    "training/invented/questions.jsonl": [ROOT / "training" / "invented"],
    "training/counties/questions.jsonl": [ROOT / "training" / "counties"],
    "training/set_aside/questions.jsonl": [ROOT / "training" / "set_aside"],
    "training/set_aside/conversations.jsonl": [ROOT / "training" / "set_aside"],
}


@pytest.mark.parametrize("name", FILES)
def test_every_answer_stands_in_its_text(name: str) -> None:
    texts = {
        file.stem: squeezed(file.read_text(encoding="utf-8"))
        for folder in FILES[name]
        for file in folder.iterdir()
        if file.suffix in (".txt", ".md")
    }
    for question in load_questions(ROOT / name):
        found = [text for stem, text in texts.items() if question.answerable and stem.startswith(question.sources)]
        assert bool(found) == question.answerable, question.id
        for quote in question.quotes:
            assert any(squeezed(quote) in text for text in found), (question.id, quote)
        for answer in question.answers:
            assert any(squeezed(answer) in squeezed(quote) for quote in question.quotes), (question.id, answer)


def test_every_follow_up_is_also_asked_in_full() -> None:
    folder = ROOT / "tests" / "quality"
    asked = [question for name in ("questions", "pages") for question in load_questions(folder / f"{name}.jsonl")]
    told = {f"{question.id}-full": question for question in asked if question.history}
    in_full = {question.id: question for question in load_questions(folder / "in_full.jsonl")}
    assert in_full.keys() == told.keys()
    for name, question in in_full.items():
        assert not question.history
        assert (question.quotes, question.answers) == (told[name].quotes, told[name].answers)
        assert (question.sources, question.split) == (told[name].sources, told[name].split)


def test_no_text_is_both_fitted_to_and_reported() -> None:
    splits = {
        (source, question.split)
        for question in load_questions(ROOT / "tests" / "quality" / "pages.jsonl")
        for source in question.sources
        if source
    }
    assert not [source for source, count in Counter(source for source, _ in splits).items() if count > 1]
    learned = {file.stem for folder in ("invented", "counties") for file in (ROOT / "training" / folder).glob("*.txt")}
    assert learned.isdisjoint(file.stem for file in (ROOT / "training" / "set_aside").glob("*.txt"))
