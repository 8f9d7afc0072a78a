from retrieval import Archive, Turn
from retrieval.answering.conversation import complete

EARLIER = (Turn("炎陵县的调解成功率是多少？", "99%"),)


def test_a_question_without_history_stays() -> None:
    assert complete("那攸县呢？", ()) == "那攸县呢？"


def test_a_question_that_leans_on_the_one_before_is_completed() -> None:
    assert complete("那一共调处了多少件？", EARLIER) == "炎陵县的调解成功率是多少？ 那一共调处了多少件？"
    assert complete("And how many of them were settled?", EARLIER).startswith(EARLIER[0].question)


def test_a_new_topic_is_not_polluted() -> None:
    question = "101所高校的大学生志愿者参加了哪些送法下乡普法活动？"
    assert complete(question, EARLIER) == question


def test_history_changes_the_answer(seeds_archive: Archive) -> None:
    answer = seeds_archive.ask("那一共调处了多少件？", history=EARLIER)
    assert any("917件" in quote.text for quote in answer.quotes)
    assert answer.question == "那一共调处了多少件？"
