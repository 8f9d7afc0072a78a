import pytest

from retrieval.search import analyse
from retrieval.search.expectation import AnswerKind, Furniture, asked_furniture, expected_kind, find_answers


@pytest.mark.parametrize(
    ("question", "furniture"),
    [
        ("On which day was the paper printed?", Furniture.IMPRINT),
        ("Who are the editors of this page?", Furniture.IMPRINT),
        ("Which page is the report on?", Furniture.IMPRINT),
        ("那期报纸是星期几出的？", Furniture.IMPRINT),
        ("Qui est le rédacteur ?", Furniture.IMPRINT),
        ("这篇文章登在几版？", Furniture.IMPRINT),
        ("Who wrote the report on the harbour?", Furniture.BYLINE),
        ("Wie ist der Titel des Artikels?", Furniture.HEADLINE),
        ("县委书记是谁？", Furniture.CARD),
        ("How many credits did the editorial board give?", Furniture.NONE),
        ("渌江全长多少公里？", Furniture.NONE),
    ],
)
def test_questions_about_the_page_are_known(question: str, furniture: Furniture) -> None:
    assert asked_furniture(question) is furniture


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("山竹打完之後，收到幾多宗冧樹報告？", AnswerKind.NUMBER),
        ("邊個提出起青年宿舍？", AnswerKind.PERSON),
        ("條路幾時通車", AnswerKind.DATE),
        ("點解渡輪停航", AnswerKind.REASON),
        ("喺邊度報名", AnswerKind.PLACE),
        ("这边个人都没有，几点来人？", AnswerKind.DATE),
    ],
)
def test_cantonese_asks_as_standard_chinese_does(question: str, kind: AnswerKind) -> None:
    assert analyse(question).expected is kind


def test_a_weekday_is_a_date() -> None:
    assert expected_kind("那天是星期几？") is AnswerKind.DATE
    assert expected_kind("开了几次会？") is AnswerKind.NUMBER


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (AnswerKind.NUMBER, "It will cost £2.4 million and take fourteen months.", ["£2.4 million", "fourteen"]),
        (AnswerKind.NUMBER, "Forty-one families paid sixty per cent.", ["Forty-one", "sixty per cent"]),
        (AnswerKind.NUMBER, "One of the tenants often wrote a note.", []),
        (AnswerKind.NUMBER, "调处矛盾纠纷917件,成功率99%。", ["917件", "99%"]),
        (AnswerKind.DATE, "The storm of 9 February 2020 ended in March.", ["9 February 2020", "March"]),
        (AnswerKind.DATE, "They may march on May 3, 2021 and not in 1999.", ["May 3, 2021", "1999"]),
        (AnswerKind.DATE, "Le 14 mai 2020, am 3. Oktober 2021", ["14 mai 2020", "3. Oktober 2021"]),
        (AnswerKind.DATE, "Это было 5 марта 2022 года", ["5 марта 2022"]),
        (AnswerKind.DATE, "2021年11月24日召开，去年没有。", ["2021年11月24日", "去年"]),
        (AnswerKind.NUMBER, "其血液酒精含量为164mg/100ml，气温33℃。", ["164mg/100ml", "33℃"]),
        (AnswerKind.DATE, "戏院建于民国46年", ["民国46年"]),
        (AnswerKind.PERSON, "鎮長許志雄說，顏水龍仍住在戲院後方。", ["許志雄", "顏水龍"]),
        (AnswerKind.PERSON, "The cousins met Maude Kelso Brandt, 94, on Sunday.", ["Maude Kelso Brandt"]),
        (AnswerKind.PLACE, "他仍在市三医院重症监护室。", ["他仍在市三医院"]),
    ],
)
def test_numbers_dates_and_names_are_found_whole(kind: AnswerKind, text: str, found: list[str]) -> None:
    assert [text[start:end].strip() for start, end in find_answers(kind, text)] == found
