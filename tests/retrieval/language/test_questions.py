import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.folding import fold
from retrieval.language.questions import content_text


@pytest.mark.parametrize(
    ("question", "content"),
    [
        ("炎陵县的调解成功率是多少？", "炎陵县 调解成功率"),
        ("請問炎陵縣的書記是誰", "炎陵县 书记"),
        ("How many disputes did the court of Zhuzhou settle?", "disputes court zhuzhou settle"),
        ("Wie viele Fälle gibt es?", "fälle"),
        ("Combien de litiges ?", "litiges"),
        ("¿Cuántas disputas hay?", "disputas"),
        ("Сколько дел было в суде?", "дел суде"),
        # A word that asks stands inside another one, where it does not ask.
        ("通过了什么条例", "通过 条例"),
        ("1974", "1974"),
    ],
)
def test_words_that_only_ask_are_dropped(question: str, content: str) -> None:
    assert content_text(question).translate(str.maketrans("?¿", "  ")).split() == content.split()


@pytest.mark.parametrize("question", ["什么？", "是谁", "How many?", "who is it", "多少", "なに", ""])
def test_question_of_asking_words_alone_stays_whole(question: str) -> None:
    assert content_text(question) == fold(question)


@given(st.text())
def test_something_is_left_of_every_question_that_has_something(question: str) -> None:
    assert any(map(str.isalnum, content_text(question))) == any(map(str.isalnum, fold(question)))
