import pytest

from retrieval.answering.fitting import fitted
from retrieval.index import LexicalIndex
from retrieval.language.folding import fold
from retrieval.search import analyse
from retrieval.search.question_terms import QuestionTerms
from retrieval.types import Context


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
    at = text.index(found)
    start, end = fitted(asked(question), text, (0, len(text)), (at, at + len(found)))
    assert text[start:end] == answer


@pytest.mark.parametrize(
    ("question", "found", "answer"),
    [
        ("打赢了哪三场硬仗?", "牢记使命", "打赢了攻坚战、阻击战和收官战"),
        ("Which three battles were won?", "牢记使命", "打赢了攻坚战、阻击战和收官战"),
        ("打赢了哪些硬仗?", "阻击战", "打赢了攻坚战、阻击战和收官战"),
        ("打赢了哪些硬仗?", "牢记", "牢记使命、坚毅前行"),
    ],
)
def test_an_enumeration_is_taken_whole_and_with_as_many_things_as_are_asked_for(
    question: str, found: str, answer: str
) -> None:
    text = "全市政法机关,牢记使命、坚毅前行,打赢了攻坚战、阻击战和收官战。"
    at = text.index(found)
    start, end = fitted(asked(question), text, (0, len(text)), (at, at + len(found)))
    assert text[start:end] == answer


def test_of_a_whole_sentence_only_the_date_is_marked() -> None:
    text = "the work, which will cost £2.4 million, is due to begin in september and should take fourteen months."
    start, end = fitted(asked("When does the work begin?"), text, (0, len(text)), (0, len(text)))
    assert text[start:end] == "september"


def test_no_name_is_cut() -> None:
    context = Context(people=("王强", "刘继承（炎陵县副书记）"))
    text = "刘继承\n炎陵县副书记\n政法委书记"
    for question in ("炎陵县的政法委书记是谁", "炎陵县 政法委书记"):
        terms = asked(question)
        assert fitted(terms, text, (0, len(text)), (0, 1), context) == (0, 3)
        assert fitted(terms, text, (0, len(text)), (4, 6), context) == (4, 6)


def test_a_name_that_runs_over_the_sentences_end_is_not_taken() -> None:
    context = Context(people=("Lord Marrick. The（president）",))
    text = "we record the death of lord marrick. the youngest volunteer is fifteen."
    sentence = (text.index("the youngest"), len(text))
    terms = asked("Who is the youngest volunteer?")
    assert fitted(terms, text, sentence, sentence, context) == sentence


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("株洲日报（全媒体记者/周圆 通讯员/张谧安）", "周圆 通讯员/张谧安"),
        ("株洲日报掌上株洲记者贺天鸿 通讯员 蔡鹏 齐林", "贺天鸿 通讯员 蔡鹏 齐林"),
        ("By Jane Doe and John Roe, staff reporters", "jane doe and john roe"),
        ("石川美咲", "石川美咲"),
    ],
)
def test_who_wrote_an_article_is_told_by_the_names_in_its_byline(byline: str, names: str) -> None:
    text = f"{fold(byline)}3月4日,会议召开,局长李明主持。"
    start, end = fitted(
        asked("这篇报道是谁写的"), text, (0, len(text)), (len(text) - 5, len(text) - 3), Context(byline=byline)
    )
    assert text[start:end] == names


def asked(question: str) -> QuestionTerms:
    empty = LexicalIndex.build([["x"]], k1=0.9, b=0.4)
    return QuestionTerms.of(analyse(question), empty, empty, (), ())
