import pytest

from retrieval.errors import QuestionError
from retrieval.search import MAX_QUESTION_CHARACTERS, analyse
from retrieval.search.expectation import AnswerKind, Furniture


def test_a_question_is_understood() -> None:
    query = analyse("炎陵縣的調解成功率是多少？")
    assert query.text == "炎陵縣的調解成功率是多少？"
    assert query.language == "zh-Hant"
    assert {"炎陵县", "调解", "成功率"} <= {term.term for term in query.words}
    assert "多少" not in {term.term for term in query.words}
    assert query.expected is AnswerKind.NUMBER
    assert query.furniture is Furniture.NONE


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("会议是哪天开的？", AnswerKind.DATE),
        ("谁是市长", AnswerKind.PERSON),
        ("老人是从哪里走来的", AnswerKind.PLACE),
        ("为什么要搞点单式", AnswerKind.REASON),
        ("打赢了哪五场硬仗", AnswerKind.LIST),
        ("How many cases were closed?", AnswerKind.NUMBER),
        ("Сколько дел рассмотрели суды?", AnswerKind.NUMBER),
        ("Wann war das?", AnswerKind.DATE),
        ("사건은 몇 건이에요?", AnswerKind.NUMBER),
    ],
)
def test_the_kind_of_answer_is_known(question: str, kind: AnswerKind) -> None:
    assert analyse(question).expected is kind


@pytest.mark.parametrize(
    ("question", "furniture"),
    [
        ("这篇文章的标题是什么", Furniture.HEADLINE),
        ("那篇报道是谁写的？", Furniture.BYLINE),
        ("这一版的责任编辑是谁", Furniture.IMPRINT),
        ("Who wrote the report about Yanling?", Furniture.BYLINE),
        ("攸县的政法委书记是谁", Furniture.CARD),
        ("什么时候登的？", Furniture.IMPRINT),
        ("这是哪张报纸？", Furniture.IMPRINT),
        ("いつ掲載されましたか？", Furniture.IMPRINT),
        ("언제 실렸나요?", Furniture.IMPRINT),
        ("When did the article appear?", Furniture.IMPRINT),
        ("誰が書きましたか？", Furniture.BYLINE),
        ("Qui l'a écrit ?", Furniture.BYLINE),
        ("¿Quién lo escribió?", Furniture.BYLINE),
        ("見出しは？", Furniture.HEADLINE),
        ("照片是谁拍的？", Furniture.CREDIT),
        ("Who took the photo?", Furniture.CREDIT),
        ("誰が撮りましたか？", Furniture.CREDIT),
        ("사진은 누가 찍었나요?", Furniture.CREDIT),
        ("Wer hat das Foto gemacht?", Furniture.CREDIT),
        ("这件事是谁拍板的？", Furniture.NONE),
        ("Qui a pris la décision ?", Furniture.NONE),
        ("Сколько фотографий на выставке?", Furniture.NONE),
        ("照片里的老人在哪条路上？", Furniture.NONE),
        ("攸县有多少个网格", Furniture.NONE),
        ("他们什么时候登的山？", Furniture.NONE),
        ("哪份报告最新？", Furniture.NONE),
        ("书记说了什么？", Furniture.NONE),
    ],
)
def test_a_question_about_the_page_itself_is_known(question: str, furniture: Furniture) -> None:
    assert analyse(question).furniture is furniture


@pytest.mark.parametrize("question", ["", "  \n ", "？！。", "\x00\x07", "🙂🙂", "\ud800"])
def test_what_is_no_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError):
        analyse(question)


def test_the_longest_question_is_taken_and_a_longer_one_refused() -> None:
    assert len(analyse("法" * MAX_QUESTION_CHARACTERS).text) == MAX_QUESTION_CHARACTERS
    with pytest.raises(QuestionError, match="10001 characters"):
        analyse("法" * (MAX_QUESTION_CHARACTERS + 1))


def test_what_no_reader_sees_is_dropped() -> None:
    assert analyse("炎\u200b陵\x00县\n有多少  人？").text == "炎陵县 有多少 人？"
