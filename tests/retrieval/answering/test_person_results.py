from pathlib import Path

import pytest

from retrieval import Archive, Turn
from retrieval.types import AnswerStatus, Quote
from tests.retrieval.samples import highlighted, write_files


def _highlighted(quote: Quote) -> str:
    return "".join(highlighted(quote).split())


@pytest.mark.parametrize(
    ("question", "post"),
    [
        ("曹慧泉是谁", "市委书记"),
        ("陈恢清是谁？", "市委副书记、市长"),
        ("谁是林涛？", "攸县委副书记政法委书记"),
        ("陈一新担任什么职务？", "中央政法委书记、全国扫黑除恶专项斗争领导小组组长"),
        ("刘继承的职务是什么", "炎陵县副书记政法委书记"),
        ("黃詩燕是誰？", "扶贫书记"),
        ("Who is Lin Tao?", "攸县委副书记政法委书记"),
        ("What is Lin Tao's position?", "攸县委副书记政法委书记"),
        ("曹慧泉は誰ですか？", "市委书记"),
        ("Кто такой Линь Тао?", "攸县委副书记政法委书记"),
        ("린타오는 누구예요?", "攸县委副书记政法委书记"),
        ("Wer ist Lin Tao?", "攸县委副书记政法委书记"),
        ("Qui est Lin Tao ?", "攸县委副书记政法委书记"),
        ("¿Quién es Cao Huiquan?", "市委书记"),
    ],
)
def test_who_somebody_is_is_told_by_the_post_beside_the_name(seeds_archive: Archive, question: str, post: str) -> None:
    answer = seeds_archive.ask(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert _highlighted(answer.quotes[0]) == post


def test_a_card_comes_first_and_others_after_it(seeds_archive: Archive) -> None:
    quotes = seeds_archive.ask("胡长春是谁？").quotes
    assert quotes[0].text.startswith("胡长春")
    assert len(quotes) > 1
    assert all("胡长春" in quote.text for quote in quotes)


@pytest.mark.parametrize(
    ("question", "did"),
    [("齐卫国是谁？", "记者"), ("曹永亮是谁", "美术编辑"), ("刘如荣是谁？", "通讯员")],
)
def test_who_made_a_page_is_told_by_its_credits(seeds_archive: Archive, question: str, did: str) -> None:
    answer = seeds_archive.ask(question)
    assert _highlighted(answer.quotes[0]).endswith(did)


def test_who_he_is_that_was_just_named(seeds_archive: Archive) -> None:
    history = (Turn("株洲扫黑除恶有没有得到中央领导肯定?", "时任中央政法委书记陈一新莅临株洲考察调研时给予了肯定。"),)
    answer = seeds_archive.ask("他是谁?什么职务", history=history)
    assert "中央政法委书记" in _highlighted(answer.quotes[0])


@pytest.mark.parametrize("question", ["市长是谁？", "第一个发现的人是谁？", "Who is the mayor?", "Who is it?"])
def test_who_holds_a_post_is_no_question_about_a_name(seeds_archive: Archive, question: str) -> None:
    answer = seeds_archive.ask(question)
    assert answer.probability != 0.9


def test_a_name_without_a_post_is_looked_up_like_any_other(archive: Archive, tmp_path: Path) -> None:
    text = "昨天下午，赵小满把捡到的钱包交给了派出所。县水利局局长孙大河说，河堤月底修好。\n"
    archive.sync([write_files(tmp_path / "files", {"a.txt": text})])
    assert archive.ask("赵小满是谁？").probability != 0.9
    told = archive.ask("孙大河是谁？").quotes[0]
    assert _highlighted(told) == "县水利局局长"


def test_an_english_name_is_known_by_its_end_and_behind_a_title(archive: Archive, tmp_path: Path) -> None:
    text = (
        "The harbour was closed for two days after the storm. Cllr Ruth Calloway, the mayor, said that the lights "
        "would be working again by Friday.\n"
    )
    archive.sync([write_files(tmp_path / "files", {"a.txt": text})])
    for question in ("Who is Ruth Calloway?", "Who is Calloway?", "What post does Ruth Calloway hold?"):
        assert _highlighted(archive.ask(question).quotes[0]) == "mayor"
