import pytest

from retrieval import Archive, Turn
from retrieval.answering.conversation import Request, understand
from retrieval.types import AnswerStatus

RATE = (Turn("炎陵县的调解成功率是多少？", "调解成功率99%"),)
RATE_2023 = (Turn("2023年炎陵县的调解成功率是多少？", "99%"),)
CASES = (Turn("How many cases did the courts of You County accept?", "11958"),)


def test_a_question_without_history_stays() -> None:
    assert understand("那攸县呢？", ()).text == "那攸县呢？"


@pytest.mark.parametrize(
    ("history", "question", "completed"),
    [
        (RATE, "那攸县呢？", "攸县的调解成功率是多少？"),
        (RATE, "醴陵", "醴陵的调解成功率是多少？"),
        (RATE, "攸县的是多少", "攸县的调解成功率是多少？"),
        (RATE_2023, "去年呢？", "2022年炎陵县的调解成功率是多少？"),
        (RATE_2023, "那2021年的呢", "2021年炎陵县的调解成功率是多少？"),
        (RATE, "2021年呢", "2021年炎陵县的调解成功率是多少？"),
        ((Turn("去年炎陵县的调解成功率是多少？"),), "2021年呢", "2021年炎陵县的调解成功率是多少？"),
        ((Turn("今年炎陵县的调解成功率是多少？"),), "去年呢", "去年炎陵县的调解成功率是多少？"),
        ((Turn("How many cases were there last year?"),), "And in 2021?", "How many cases were there in 2021?"),
        ((Turn("2023年全市法院受理了多少案子?"),), "那检察院呢?", "2023年全市检察院受理了多少案子?"),
        ((Turn("炎陵縣的調解成功率是多少？"),), "那攸縣呢？", "攸縣的調解成功率是多少？"),
        (CASES, "And in Liling?", "How many cases did the courts of Liling accept?"),
        ((Turn("How many disputes did Yanling mediate in 2022?"),), "And the year before?", None),
        ((Turn("Who proofread the page of 10 November 2021?"),), "And on 24 November?", None),
        ((Turn("Wie hoch war die Quote in Yanling?"),), "Und im Kreis You?", "Wie hoch war die Quote im Kreis You?"),
        (
            (Turn("Quel est le taux à Yanling ?"),),
            "Et dans le comté de You ?",
            "Quel est le taux dans le comté de You ?",
        ),
        ((Turn("¿Cuál es la tasa en Yanling?"),), "¿Y en el condado de You?", "¿Cuál es la tasa en el condado de You?"),
        ((Turn("Какова доля в уезде Яньлин?"),), "А в уезде Юсянь?", "Какова доля в уезде Юсянь?"),
        ((Turn("炎陵県の成功率はどのくらいですか"),), "では攸県は？", "攸県の成功率はどのくらいですか"),
        ((Turn("옌링현의 성공률은 얼마입니까?"),), "그럼 유현은요?", "유현의 성공률은 얼마입니까?"),
    ],
)
def test_what_only_names_another_thing_is_put_in_its_place(
    history: tuple[Turn, ...], question: str, completed: str | None
) -> None:
    text = understand(question, history).text
    if completed is None:
        completed = {
            "And the year before?": "How many disputes did Yanling mediate in 2021?",
            "And on 24 November?": "Who proofread the page of 24 November 2021?",
        }[question]
    assert text == completed


@pytest.mark.parametrize(
    ("history", "question", "completed"),
    [
        ((Turn("林涛是什么职务？", "攸县委副书记"),), "他多大", "林涛多大"),
        ((Turn("醴陵市法院的院长是谁？"),), "他说了什么？", "醴陵市法院的院长说了什么？"),
        ((Turn("那个走失的老太太想去哪儿?"),), "民警把她送到哪里了?", "民警把走失的老太太送到哪里了?"),
        (
            (Turn("Where did the police take the lost woman?"), Turn("Whom did they reach?")),
            "When did her family notice that she was missing?",
            "When did the lost woman's family notice that the lost woman was missing?",
        ),
        ((Turn("林涛是什么职务？", "攸县委副书记"),), "佢幾多歲", "林涛幾多歲"),
        (RATE, "成功了多少件", "炎陵县的调解成功率，成功了多少件"),
        (RATE, "为什么", "为什么调解成功率99%？"),
        ((*RATE, Turn("那攸县呢？", "99%以上")), "一共调处了多少件", "攸县的调解成功率，一共调处了多少件"),
        (CASES, "How many of them were closed?", None),
    ],
)
def test_what_points_back_is_told(history: tuple[Turn, ...], question: str, completed: str | None) -> None:
    text = understand(question, history).text
    expected = "About “How many cases did the courts of You County accept”: How many of them were closed?"
    assert text == (completed or expected)


@pytest.mark.parametrize(
    "question",
    [
        "101所高校的大学生志愿者参加了哪些送法下乡普法活动？",
        "株洲市法院受理了多少案件？",
        "Which university sent volunteers to the winter campaign?",
        "谢谢您，请问大学生普法去了多少个村",
    ],
)
def test_a_new_topic_is_not_polluted(question: str) -> None:
    assert understand(question, RATE).text == question


@pytest.mark.parametrize(
    "question",
    [
        "Почему кошки мурлычут?",
        "¿Por qué vuelan los aviones?",
        "Is it going to rain tomorrow?",
        "明日の天気はどうですか",
        "怎么给自行车换内胎？",
        "How many calories are in a banana?",
        "Why do cats purr?",
        "Who invented chess?",
    ],
)
def test_a_short_question_on_another_topic_is_not_answered_with_the_topic_before(
    seeds_archive: Archive, question: str
) -> None:
    answer = seeds_archive.ask(question, history=CASES)
    assert (answer.status, answer.understood_as) == (AnswerStatus.NOT_FOUND, "")


def test_a_short_question_that_goes_on_is_answered(seeds_archive: Archive) -> None:
    answer = seeds_archive.ask("How many of them were closed?", history=CASES)
    assert answer.status is AnswerStatus.ANSWERED
    assert answer.understood_as.startswith("About “How many cases")


def test_a_change_of_topic_that_is_said_is_taken_off() -> None:
    assert understand("换个话题，专刊印了多少份?", RATE).text == "专刊印了多少份?"


@pytest.mark.parametrize(
    "question", ["还有吗", "还有别的吗？", "anything else?", "more", "ещё?", "noch mehr", "encore ?"]
)
def test_more(question: str) -> None:
    understood = understand(question, RATE)
    assert (understood.request, understood.text) == (Request.MORE, RATE[0].question)


@pytest.mark.parametrize(
    "question", ["原文呢", "看看上下文", "show me the context", "原文を見せて", "текст: оригинал"[7:]]
)
def test_around(question: str) -> None:
    assert understand(question, RATE).request is Request.AROUND


def test_a_long_story_does_not_make_a_question_too_long() -> None:
    story = (Turn("炎陵县" + "很久以前" * 2499 + "？"),)
    assert len(understand("那后来呢？", story).text) <= 10_000


def test_history_changes_the_answer(seeds_archive: Archive) -> None:
    answer = seeds_archive.ask("那一共调处了多少件？", history=RATE)
    assert any("917件" in quote.text for quote in answer.quotes)
    assert answer.question == "那一共调处了多少件？"
    assert answer.understood_as == "炎陵县的调解成功率，一共调处了多少件？"


def test_more_gives_what_was_not_given(seeds_archive: Archive) -> None:
    first = seeds_archive.ask("大学生普法活动怎么样？")
    history = (Turn("大学生普法活动怎么样？", "\n".join(quote.text for quote in first.quotes)),)
    more = seeds_archive.ask("还有吗？", history=history)
    assert more.status is AnswerStatus.ANSWERED
    assert more.quotes
    assert not {quote.text for quote in first.quotes} & {quote.text for quote in more.quotes}
    assert more.understood_as == "大学生普法活动怎么样？"


def test_the_original_is_the_last_quote_with_its_surroundings(seeds_archive: Archive) -> None:
    question = "炎陵县的调解成功率是多少？"
    first = seeds_archive.ask(question).quotes[0]
    wide = seeds_archive.ask("原文呢？", history=(Turn(question, first.text),)).quotes[0]
    assert first.text in wide.text
    assert len(first.text) < len(wide.text) <= 400


def test_a_long_conversation_still_knows_what_it_began_with() -> None:
    counties = (Turn(f"那{county}呢？") for county in ("攸县", "醴陵", "茶陵", "渌口", "荷塘", "石峰"))
    assert understand("芦淞呢？", (*RATE, *counties)).text == "芦淞的调解成功率是多少？"


@pytest.mark.parametrize("question", ["什么时候？", "在哪里？", "Where?", "¿Cuándo?", "Когда?"])
def test_a_question_of_asking_words_alone_begins_no_topic(question: str) -> None:
    understood = understand(question, CASES)
    assert understood.text != question
    assert not understood.is_tentative


def test_why_is_not_asked_of_half_a_clause() -> None:
    history = (Turn("731名大学生做了什么？", "据统计，共有来自101所高校的731名大学生志愿者踊跃报名"),)
    assert "据统计" not in understand("为什么？", history).text


@pytest.mark.parametrize(
    "question",
    ["详细说说", "再具体一点", "Tell me more about it", "詳しく教えてください", "Подробнее", "Plus de détails"],
)
def test_details_are_what_stands_around_the_quote(question: str) -> None:
    assert understand(question, CASES).request is Request.AROUND
    assert understand("具体多少钱", RATE).request is Request.ANSWER
