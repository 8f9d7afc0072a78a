from pathlib import Path

import numpy as np
import pytest

from retrieval import Turn
from retrieval.answering.decision import load_decision
from retrieval.answering.focus import FOCUSED
from retrieval.evaluation.questions import UNANSWERABLE, ArchiveQuestion, load_questions
from training.conversations import Told, fit_focus, off_topic, told_of
from training.pages import archive_of

SURE, NONE = 0.9, 0.01


def _told(number: int, sign: float, *, goes_on: bool, answerable: bool, likely: float) -> Told:
    question = ArchiveQuestion(str(number), "zh", "number" if answerable else UNANSWERABLE, "多少？", quotes=("三",))
    features = np.full(len(FOCUSED), sign)
    return Told(question, goes_on, features, here=sign > 0 and answerable, elsewhere=likely == SURE, likely=likely)


def _some() -> list[Told]:
    return [
        told
        for number in range(20)
        for told in (
            _told(number, 1.0, goes_on=True, answerable=True, likely=NONE),
            _told(number, -1.0, goes_on=True, answerable=False, likely=NONE),
            _told(number, -1.0, goes_on=False, answerable=True, likely=SURE),
            _told(number, -1.0, goes_on=False, answerable=False, likely=NONE),
        )
    ]


def test_the_model_tells_what_the_article_answers() -> None:
    model = fit_focus(_some())
    assert model.probability(np.full(len(FOCUSED), 1.0)) > 0.9
    assert model.probability(np.full(len(FOCUSED), -1.0)) < 0.1
    assert model.answerable_at == pytest.approx(1 / 3, abs=0.01)
    # New topics stay with the archive, which answers them.
    assert model.prefers(np.full(len(FOCUSED), 1.0), NONE)
    assert not model.prefers(np.full(len(FOCUSED), -1.0), SURE)


def test_the_same_conversations_give_the_same_model() -> None:
    first, second = fit_focus(_some()), fit_focus(_some())
    assert (first.weights.tolist(), first.bias, first.ahead) == (second.weights.tolist(), second.bias, second.ahead)


def test_questions_of_no_page_are_asked_in_conversations() -> None:
    path = Path(__file__).resolve().parents[2] / "training" / "set_aside" / "conversations.jsonl"
    questions = load_questions(path)
    added = list(off_topic(questions))
    assert len({question.id for question in (*questions, *added)}) == len(questions) + len(added)
    assert not any(question.answerable for question in added)
    assert {question.split for question in added} == {"tune", "report"}
    assert len({question.history for question in added}) > len(added) / 2


def test_a_question_is_looked_up_in_the_archive_and_in_its_article(encoder_cache: Path) -> None:
    texts = {
        "bridge": "新桥通车\n\n本报讯 柳河大桥昨日通车，全长1268米。大桥由省二建公司承建，工期三年，投资三亿元。\n",
        "school": "小学搬家\n\n本报讯 青石镇小学上周搬进新校舍，学生共有六百人。校舍由县建筑公司承建，工期八个月。\n",
    }
    turn = Turn("柳河大桥多长？", "柳河大桥昨日通车，全长1268米")
    question = ArchiveQuestion(
        "1", "zh", "date", "工期多久", (turn,), ("bridge",), ("工期三年",), ("三年",), split="tune"
    )
    with archive_of(texts, encoder_cache) as view:
        told = told_of(question, view, goes_on=True)
    assert told.here
    assert told.told is not None
    assert len(told.told) == len(FOCUSED)
    assert 0 <= told.likely <= 1
    assert 0 < load_decision().answerable_at < 1
