import pytest

from retrieval.segmenting.composition import compose
from retrieval.segmenting.pages import read_page

HEAD = "平安株洲新画卷\n\n本报记者 李明\n\n第一段话在这里说完了，它有一个句号。\n\n"


def _joined(text: str) -> list[str]:
    return [
        "|".join(text[part.span.start : part.span.end] for part in parts)
        for parts in compose(text).joined
        if len(parts) > 1
    ]


@pytest.mark.parametrize(
    ("first", "between", "second"),
    [
        ("这支队伍全面提升政法队伍专业化水", "\n\n", "平，打造忠诚干净担当的铁军。"),
        ("全市排查矛盾，工程团队保留了原有的木屋", "\n\n\n\n读者在图书馆。 王建民 摄\n\n", "架，只加装了钢索。"),
        ("潘老四带着国徽走过两万公里山路，审结案件一千一百", "\n\n山路上。 石玉兰 摄\n\n", "余件。"),
        (
            "收网那天，毒贩驾车冲卡，他死死抓住车门，右腿至今留着一道十五厘米长的",
            "\n\n\n\n图①：他在审讯嫌疑人。\n\n\n\n",
            "伤疤。",
        ),
        ("打造“枫桥经", "\n\n", "验”，做实警务工作，密切关注风险。"),
        ("现将有关工作情况一并整理报告给大家，希望大", "\n\n", "家继续支持我们的工作。"),
        (
            "老店主说：“我从十四岁开始站这个柜台，街坊都认得我，不",
            "\n\n\n\n老店的柜台。 李明 摄\n\n\n\n",
            "知道以后还能去哪里找到这样一条街，也不知道该跟谁说话。”他收起算盘，关上了门。",
        ),
    ],
)
def test_a_cut_sentence_is_joined(first: str, between: str, second: str) -> None:
    first = f"今年以来，全县各部门按照年初定下的目标一步一步往前走，{first}"
    assert _joined(f"{HEAD}{first}{between}{second}\n") == [f"{first}|{second}"]


@pytest.mark.parametrize(
    ("first", "between", "second"),
    [
        ("这一段话已经说完了，它的最后有句号。", "\n\n", "平，打造忠诚干净担当的铁军。"),
        ("今年以来，全市开展了多轮次的线索集中摸排工作", "\n\n", "近年来，公安机关破获了一批案件。"),
        ("今年以来，全市开展了多轮次的线索集中摸排工作", "\n\n关键词 2 为民办实事\n\n", "群众的事是大事。"),
        ("他们打造科技化智慧管控新高地，不断推", "\n\n5大行动 更加和谐\n\n", "动;以打网断根，推动工作。"),
        ("市长说：“这件事情我们一定要办好！”", "\n\n", "的确，事情办好了。"),
        ("今年全市法院的结案率同比提高了百分之九十五点八三", "\n\n", "一是抓机制。二是抓队伍。"),
        ("春来江水绿如蓝\n能不忆江南", "\n\n", "江南忆\n最忆是杭州"),
        ("Wir gratulieren zum Geburtstag", "\n\n", "am 8. Mai Frau Mayer\nam 9. Mai Herrn Bader\nam 11. Mai Frau Kunz"),
    ],
)
def test_what_only_looks_cut_is_not_joined(first: str, between: str, second: str) -> None:
    assert _joined(f"{HEAD}{first}{between}{second}\n") == []


INTERRUPTED = """\
执行法官追回欠薪

本报记者 田野

法院判决生效后，包工头玩起了“失踪”，电话停机，房子

微信借条算不算数

本报讯（记者 孙倩）去年五月，市民高某借给同事两万元，没有打借条。

{second}

执行法官向农民工发放案款，当天就发放完毕。
"""


def test_a_sentence_goes_on_below_another_article_where_it_begins_as_none_does() -> None:
    page = read_page(INTERRUPTED.format(second="也过户到了亲戚名下。"))
    assert [len(entry.parts) for entry in page.entries] == [1, 1, 2, 1, 1, 1]
    assert [len(article.entries) for article in page.articles if article.headline] == [4, 2]
    assert not _joined(INTERRUPTED.format(second="也是这位法官，去年办结案件三百件。"))


def test_a_short_sentence_between_the_halves_of_another_is_a_caption() -> None:
    above = "今年三月起，干部走进院落听民声，截至十月底，全县共开展夜话活动二千三百"
    below = "场次，收集问题八千个。"
    text = f"{HEAD}{above}\n\n村民正在参加“板凳夜话”。\n\n{below}\n"
    assert _joined(text) == [f"{above}|{below}"]


def test_a_sentence_goes_on_over_a_page_number_and_a_running_head() -> None:
    page = "Annual Report 2022\n\nThe work went well in all of the seven\n\n{}\nAnnual Report 2022\n\n"
    text = page.format(7) + "parishes of the valley.\n\n8\nAnnual Report 2022\n\nIt ends here.\n"
    assert _joined(text) == ["The work went well in all of the seven|parishes of the valley."]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Sir,\n\nyour letter has come.\n",
        "We need:\n\n- apples and some pears from the market\n- bread from the baker\n",
        "to approve the minutes of the meeting\n\nThe chair thanked all.\n",
    ],
)
def test_letters_and_lists_are_not_joined(text: str) -> None:
    assert _joined(text) == []
