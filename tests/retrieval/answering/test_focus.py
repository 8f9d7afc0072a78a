from pathlib import Path

import numpy as np
import pytest

from retrieval import Archive, Turn
from retrieval.answering.answerer import Answerer
from retrieval.answering.article_in_focus import passages_in_focus
from retrieval.answering.focus import FOCUSED, FocusModel, focused, load_focus_model
from retrieval.answering.results import Asked
from retrieval.search import analyse
from retrieval.types import AnswerStatus, Filters

RESCUE = Turn("那个走失的老太太本来想去哪儿?", "想到石峰区清水塘街道一个亲戚家去，结果走着走着迷路了")
VILLAGES = Turn("2024年寒假来株洲送法下乡的大学生有多少?", "共有来自101所高校的731名大学生志愿者踊跃报名参加")


def _in_focus(archive: Archive, *history: Turn, filters: Filters | None = None) -> set[str]:
    with archive.reading() as view:
        ids = passages_in_focus(Asked(view.snapshot, history, 3, filters), view.searcher)
        return {view.snapshot.passage(number).context.article for number in ids}


def test_the_article_that_the_last_answer_was_quoted_from_is_in_focus(seeds_archive: Archive) -> None:
    assert _in_focus(seeds_archive, VILLAGES, RESCUE) == {"快速路上的暖心救护"}
    # What was not found leaves the conversation where it was.
    assert _in_focus(seeds_archive, RESCUE, Turn("哪种猫粮最好？", "")) == {"快速路上的暖心救护"}


@pytest.mark.parametrize(
    "turn", [Turn("谁发明了电话？", "Alexander Graham Bell invented it."), Turn("?", "…！"), Turn("哪里？", "")]
)
def test_what_the_archive_does_not_say_puts_nothing_in_focus(seeds_archive: Archive, turn: Turn) -> None:
    assert not _in_focus(seeds_archive, turn)


def test_what_the_filters_leave_out_is_not_in_focus(seeds_archive: Archive) -> None:
    assert not _in_focus(seeds_archive, RESCUE, filters=Filters(places=("攸县",)))


@pytest.mark.parametrize(
    ("turn", "question", "told"),
    [
        (RESCUE, "When did the family notice?", "他们头一天晚上就发现老太太不见了"),
        (RESCUE, "最后送到哪里了", "民警将老人送到附近的清水塘派出所"),
    ],
)
def test_a_question_that_does_not_say_what_it_is_about_is_answered_from_the_article(
    seeds_archive: Archive, turn: Turn, question: str, told: str
) -> None:
    answer = seeds_archive.ask(question, history=[turn])
    assert answer.status is AnswerStatus.ANSWERED
    assert told in answer.quotes[0].text
    assert answer.understood_as.endswith(question)
    with seeds_archive.reading() as view:
        alone = Answerer(view.searcher, focus=None).answer(question, view.snapshot, history=[turn], top=1)
    assert not any(told in quote.text for quote in alone.quotes)


@pytest.mark.parametrize(
    "question", ["怎么给自行车换内胎", "天气怎么样", "株洲有多少检察院", "What is the capital of Peru?"]
)
def test_what_the_article_does_not_tell_is_refused(seeds_archive: Archive, question: str) -> None:
    answer = seeds_archive.ask(question, history=[RESCUE])
    assert (answer.status, answer.understood_as) == (AnswerStatus.NOT_FOUND, "")


def test_another_place_than_the_articles_is_looked_for_elsewhere(seeds_archive: Archive) -> None:
    answer = seeds_archive.ask("炎陵县的调解成功率是多少？", history=[RESCUE])
    assert "99%" in answer.quotes[0].text
    assert answer.understood_as == ""


def test_a_new_topic_is_not_looked_for_in_the_article(seeds_archive: Archive) -> None:
    asked = seeds_archive.ask("换个话题,炎陵的《平安炎陵》专刊印了多少份?", history=[RESCUE])
    assert "7万余份" in asked.quotes[0].text


def test_a_long_document_without_articles_is_in_focus_around_the_quote(tmp_path: Path, encoder_cache: Path) -> None:
    text = "\n\n".join(f"第{number}天，船队走了{number + 30}里，夜里停在无名的小港。" for number in range(200))
    (tmp_path / "log.txt").write_text(text, encoding="utf-8")
    with Archive.open(tmp_path / "archive", create=True, cache=encoder_cache) as archive:
        archive.sync([tmp_path / "log.txt"])
        with archive.reading() as view:
            turn = Turn("第100天走了多少里？", "第100天，船队走了130里")
            ids = passages_in_focus(Asked(view.snapshot, [turn], 3, None), view.searcher)
            texts = [view.snapshot.passage(number).text for number in ids]
    assert any("第100天" in text for text in texts)
    assert len(texts) <= 81
    assert not any("第199天" in text for text in texts)


def test_what_is_read_both_ways_has_shares_that_add_up(seeds_archive: Archive) -> None:
    with seeds_archive.reading() as view:
        asked = Asked(view.snapshot, [RESCUE], 3, None)
        within = passages_in_focus(asked, view.searcher)
        own, completed = analyse("送到哪里了"), analyse("走失的老太太送到哪里了")
        found = focused(own, completed, within, asked, view.searcher, is_tentative=False)
        strangers = focused(analyse("攸县有多少人"), completed, within, asked, view.searcher, is_tentative=False)
    assert found is not None
    assert len(found.told) == len(FOCUSED)
    assert found.told[FOCUSED.index("refers")] == 1.0
    scores = [selection.score for selection in found.selections]
    assert scores == sorted(scores, reverse=True)
    assert 0 < sum(scores) <= 1 + 1e-9
    assert {selection.candidate.passage.id for selection in found.selections} <= within
    # A place that the article does not tell of.
    assert strangers is None


def test_the_article_is_preferred_where_it_answers_likelier_by_so_much() -> None:
    model = FocusModel(_told(1.0), 0.0, ahead=1.0, answerable_at=0.33)
    assert model.probability(_told(0.0)) == pytest.approx(0.5)
    assert model.prefers(_told(1.1), 0.5)
    assert not model.prefers(_told(0.9), 0.5)
    shipped = load_focus_model()
    assert shipped.weights.shape == (len(FOCUSED),)


def test_what_may_begin_a_topic_is_not_about_an_article_that_its_own_words_find_nothing_in() -> None:
    model = FocusModel(_told(1.0), 20.0, ahead=-1.0, answerable_at=0.33)
    assert model.prefers(_told(-4.0), 0.5)
    assert not model.prefers(_told(-4.0, is_tentative=1.0), 0.5)
    assert model.prefers(_told(-3.0, is_tentative=1.0), 0.5)


def _told(own: float, **others: float) -> np.ndarray:
    """Give evidence, or weights of it, in which only the named differ from 0."""
    return np.array([{"own": own, **others}.get(name, 0.0) for name in FOCUSED])
