import pytest

from retrieval.language.folding import fold
from retrieval.search.expectation import AnswerKind, find_answers
from retrieval.search.units import asked_unit, has_unit


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("调解成功率是多少", "成功率99%", "调处917件"),
        ("一共调处了多少件纠纷", "调处917件", "成功率99%"),
        ("花了多少钱", "发放40万元", "14个对象"),
        ("How many people took part?", "731名志愿者", "264个村"),
        ("Wie viele Fälle gab es?", "受理1904件", "有157个网格"),
        ("有多少本宣传册", "发放200本", "200条"),
        ("率领多少人去的", "带队的有12人", "增长12%"),
        ("How much will the wall cost?", "which will cost £2.4 million", "for two years"),
        ("校车每个月收多少钱", "每月交费60元", "每天60人"),
        ("How long did the debate last?", "more than three hours", "three councillors"),
        ("이 법률 강좌는 몇 번 열렸나요?", "开展23场", "占23%"),
        ("What is the area of the county?", "covers 2,030 square kilometres", "2,030 people"),
        ("¿Cuánto tiempo duró?", "历时3天", "3人"),
        ("法律服务热线是多少", "开通热线12348", "受理90190件"),
        ("What number can I call for legal help?", "热线12348,24小时有人接听", "服务2000余万元,2024年"),
        ("停车场浸了几架车", "约二百辆汽车没顶", "水深两米"),
        ("来了多少家庭", "约八十名家庭出席", "约八十分钟"),
        ("河里放了几条鱼", "放流两万尾", "重两斤"),
        ("最大下了多少毫米的雨", "雨量一百八十六毫米", "站了七小时"),
        ("How heavy may a truck be?", "四十吨以上的货车改道", "四十名司机"),
        ("Wie kalt ist es morgens?", "messen wir morgens 13,5 °c", "seit 13 tagen"),
        ("他儿子的电话号码是多少", "电话:0731-22593799", "头一天晚上没有打通"),
    ],
)
def test_the_unit_tells_numbers_apart(question: str, right: str, wrong: str) -> None:
    unit = asked_unit(fold(question))
    assert unit is not None
    assert has_unit(unit, right)
    assert not has_unit(unit, wrong)


def test_what_is_counted_in_english_is_found_by_its_name() -> None:
    unit = asked_unit("how many families had to leave?")
    assert unit is not None
    assert has_unit(unit, "forced forty-one families to leave")
    assert not has_unit(unit, "on 9 february")
    assert asked_unit("how many sheep were lost?", counted=False) is None


def test_a_question_without_a_unit_has_none() -> None:
    assert asked_unit(fold("谁写的")) is None


def test_numbers_come_with_their_units() -> None:
    text = "调处纠纷917件,成功率99%,共3个案例,7万余份,3000余万元,百分之九十。"
    found = [text[start:end] for start, end in find_answers(AnswerKind.NUMBER, text)]
    assert found == ["917件", "99%", "3个", "7万余份", "3000余万元", "百分之九十"]


def test_lists_and_dates_are_found() -> None:
    text = "2021年11月10日,移动、联通、电信都来了"
    assert [text[slice(*span)] for span in find_answers(AnswerKind.DATE, text)] == ["2021年11月10日"]
    assert [text[slice(*span)] for span in find_answers(AnswerKind.LIST, text)] == ["移动、联通、电信都来了"]
