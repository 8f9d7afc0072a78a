import pytest

from retrieval.answering.fitting import fitted
from retrieval.index import LexicalIndex
from retrieval.search import analyse
from retrieval.search.features import QuestionTerms


@pytest.mark.parametrize(
    ("question", "text", "found", "answer"),
    [
        ("发了多少份宣传册", "共发放宣传册278120余份,横幅三条。", "278120", "278120余份"),
        ("成功率是多少", "调处917件,成功率达到99%。", "达到", "99%"),
        ("哪天开的会", "3月4日,会议召开。", "4", "3月4日"),
        ("多少件", "没有说。", "没有", "没有"),
        ("谁主持", "会议由李明主持,5人参加。", "李明", "李明"),
        ("拿了几等奖", "荣获一等奖,8个集体受到表彰。", "8", "一等奖"),
        ("来了多少人", "共有731名志愿者,受众11万余人次。", "11", "731名"),
        ("99件里成功了多少件", "99件中成功90件。", "99", "90件"),
    ],
)
def test_the_words_are_fitted_to_what_is_asked(question: str, text: str, found: str, answer: str) -> None:
    empty = LexicalIndex.build([["x"]], k1=0.9, b=0.4)
    terms = QuestionTerms.of(analyse(question), empty, empty, (), ())
    at = text.index(found)
    start, end = fitted(terms, text, (0, len(text)), (at, at + len(found)))
    assert text[start:end] == answer


def test_a_name_is_taken_whole() -> None:
    empty = LexicalIndex.build([["x"]], k1=0.9, b=0.4)
    terms = QuestionTerms.of(analyse("炎陵县的政法委书记是谁"), empty, empty, (), ())
    text = "刘继承\n炎陵县副书记\n政法委书记"
    assert fitted(terms, text, (0, len(text)), (0, 1), ["王强", "刘继承"]) == (0, 3)
    assert fitted(terms, text, (0, len(text)), (4, 6), ["刘继承"]) == (4, 6)
