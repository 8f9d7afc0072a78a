import pytest

from retrieval.segmenting import segment
from retrieval.segmenting.belonging import asks
from retrieval.types import BlockKind, Document, PassageDraft

RULES = """青石市文明条例

第四条 公民应当爱护公共环境，不得有下列行为：

（一）随地吐痰、便溺；

（二）从建筑物中向外抛掷物品。

第五条 本条例自2021年1月1日起施行。
"""
LETTERS = """律师信箱

楼上漏水该找谁

问：我家卫生间漏水半年，物业有责任吗？

答：在公共管道的，由物业负责。

协调不成的，可以起诉楼上业主。

问：起诉需要准备哪些证据？

答：照片、视频和维修费的票据。
"""


def passages(text: str) -> list[PassageDraft]:
    return segment(Document("d", "d.txt", text, "utf-8", "0"))


def test_a_list_and_what_leads_in_to_it_are_one_passage() -> None:
    listing = next(passage for passage in passages(RULES) if "第四条" in passage.text)
    assert "（一）随地吐痰、便溺；" in listing.text
    assert listing.text.endswith("（二）从建筑物中向外抛掷物品。")
    assert not any(passage.text.startswith("（一）") for passage in passages(RULES))
    assert any(passage.text.startswith("第五条") for passage in passages(RULES))


def test_a_long_list_is_searched_by_its_items() -> None:
    items = "\n\n".join(f"（{number}）{'市政设施和公共绿地' * 12}；" for number in "一二三四五")
    found = passages(f"条例\n\n不得有下列行为：\n\n{items}")
    assert max(len(passage.text) for passage in found) <= 400 + 4
    assert "".join("".join(passage.text.split()) for passage in found) == "".join(
        f"条例\n\n不得有下列行为：\n\n{items}".split()
    )


def test_an_answer_is_one_passage_with_its_question_and_the_rest_stands_under_it() -> None:
    found = {passage.text: passage for passage in passages(LETTERS)}
    asked = "我家卫生间漏水半年，物业有责任吗？"
    first, rest = f"问：{asked}\n答：在公共管道的，由物业负责。", "协调不成的，可以起诉楼上业主。"
    assert found[first].kind is BlockKind.PARAGRAPH
    assert len(found[first].sentences) == 2
    assert found[rest].context.headings[-1] == asked
    assert "问：起诉需要准备哪些证据？\n答：照片、视频和维修费的票据。" in found


def test_a_question_with_a_long_answer_is_a_heading_of_it() -> None:
    answer = f"答：{'在公共管道的，由物业负责。' * 40}"
    found = passages(f"律师信箱\n\n问：物业有责任吗？\n\n{answer}\n")
    asked = next(passage for passage in found if passage.text == "问：物业有责任吗？")
    assert asked.kind is BlockKind.HEADING
    assert all(passage.context.headings[-1] == "物业有责任吗？" for passage in found if "公共管道" in passage.text)


@pytest.mark.parametrize(
    ("text", "following", "told"),
    [
        ("Q: Why did Harwick keep its trams?", "A: Nobody would buy them.", True),
        ("记者：您是哪年进厂的？", "孙师傅：一九五八年。", True),
        ("老周：你往哪里去？", "老周：没有人答他。", False),
        ("市长说：谁来负责？", "第二天，没有人来。", False),
        ("问题：我们还没有解决。", "答：是。", False),
        ("", "", False),
    ],
)
def test_who_asks_and_who_answers(text: str, following: str, told: bool) -> None:
    assert asks(text, following) is told
