"""What the search says of training questions, and that the encoder learns it."""

import json
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from tests.extras import needs
from training.glossing import Glosser
from training.questions import Question
from training.teaching import WIDTH, Lesson, glossed, lessons, read_lessons

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

pytestmark = needs("datasets", "sentence_transformers")

_COUNTIES = ("炎陵县", "浏阳市", "高淳区", "临安区", "蒲江县", "周至县")


def _questions() -> list[Question]:
    found = []
    for number, county in enumerate(_COUNTIES):
        amount = f"{number + 3}000吨"
        sentence = f"去年{county}的水果产量达到{amount}。"
        text = f"{county}的风景很美。{sentence}人们都很高兴。"
        found.append(Question(f"{county}去年的水果产量是多少？", (amount,), text, number, sentence))
    return found


@pytest.fixture(scope="module")
def taught(encoder_cache: Path) -> list[Lesson]:
    questions = _questions()
    return list(lessons(questions, questions, encoder_cache))


def test_the_sentence_that_answers_comes_first_and_none_is_worth_more(taught: list[Lesson]) -> None:
    assert [lesson.question for lesson in taught] == [question.text for question in _questions()]
    for lesson, question in zip(taught, _questions(), strict=True):
        assert lesson.sentences[0] == question.sentence
        assert len(set(lesson.sentences)) == len(lesson.scores) == WIDTH
        assert lesson.scores[0] == max(lesson.scores)
        assert all(question.answers[0] not in sentence for sentence in lesson.sentences[1:])


def test_a_glossed_question_keeps_its_sentences_and_scores(taught: list[Lesson]) -> None:
    glosser = Glosser({"水果": ("fruit",), "产量": ("output",)}, {})
    other = glossed(taught[0], glosser, ["en"], Random(3))
    assert {"fruit", "output"} <= set(other.question.split())
    assert (other.sentences, other.scores) == (taught[0].sentences, taught[0].scores)


def test_training_on_lessons_brings_the_encoder_nearer_to_the_search(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    from retrieval.encoding.torch_module import UniversalModule
    from training.train import Settings, train

    questions = _questions()
    sentences = [question.sentence for question in questions]
    taught = [
        Lesson(one.text, tuple((sentences[n:] + sentences[:n])[:WIDTH]), (20.0, 9.0, 8.0, 7.0))
        for n, one in enumerate(questions)
    ]
    file = tmp_path / "lessons.jsonl"
    rows = [{"question": one.question, "sentences": one.sentences, "scores": one.scores} for one in taught]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")
    read = read_lessons(file)
    assert read == taught
    before = _divergence(SentenceTransformer(modules=[UniversalModule()], device="cpu"), taught)
    model = train({}, tmp_path / "model", Settings(epochs=6, batch=6, learning_rate=3e-4), lessons=read)
    assert _divergence(model, taught) < 0.9 * before


def _divergence(model: "SentenceTransformer", taught: list[Lesson]) -> float:
    total = 0.0
    for lesson in taught:
        cosines = model.encode(list(lesson.sentences)) @ model.encode(lesson.question)
        student, teacher = _log_share(20.0 * cosines), _log_share(np.array(lesson.scores))
        total += float((np.exp(teacher) * (teacher - student)).sum())
    return total


def _log_share(scores: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    return np.asarray(scores - scores.max() - np.log(np.exp(scores - scores.max()).sum()), np.float64)
