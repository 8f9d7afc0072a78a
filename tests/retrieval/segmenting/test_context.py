import pytest

from retrieval.segmenting.headings import HeadingStack
from retrieval.segmenting.imprint import Imprint, read_date, read_imprint
from retrieval.segmenting.people import find_people, people_of_card
from retrieval.segmenting.periods import period_of, years_of
from retrieval.segmenting.places import home_place, main_place


@pytest.mark.parametrize(
    ("text", "issued", "years"),
    [
        ("今年以来，全县调处纠纷917件。", "2021-11-10", (2021,)),
        ("去年，案件下降三成；今年继续下降。", "2024-03-06", (2023, 2024)),
        ("回首2022年，平安建设行稳致远。", "", (2022,)),
        ("去年以来新建市场11个。", "", ()),
        ("发放宣传册2022份，挂横幅2021余条，费用1999元。", "2022-01-01", ()),
        ("展望2023年，责任呼唤担当。", "", ()),
        ("Last spring was wet, and last year was dry.", "2020-06-12", (2019,)),
        ("", "2020-06-12", ()),
    ],
)
def test_years_are_reckoned_from_the_issue(text: str, issued: str, years: tuple[int, ...]) -> None:
    assert years_of(text, issued) == years


def test_the_period_is_that_of_the_title_before_that_of_a_mention() -> None:
    assert period_of("2023年株洲政法工作综述", "2024年是关键的一年。2024年要抓好六件事。", "2024-03-06") == "2023"
    assert period_of("", "仓库建于1936年，去年重新开放。", "2023-10-18") == "2022"
    assert period_of("", "无一句话说到年份。", "2023-10-18") == ""


def test_people_are_found_with_their_posts() -> None:
    text = (
        "市委书记曹慧泉多次主持召开市委常委会;市委副书记、市长陈恢清主持召开会议。"
        "成立以市委副书记、市委政法委书记胡长春同志为组长的领导小组。區長郭明宗說,市長李文彬在典禮上表示。"
    )
    assert find_people([text]) == {
        "曹慧泉": "市委书记",
        "陈恢清": "市委副书记、市长",
        "胡长春": "市委副书记、市委政法委书记",
        "郭明宗": "區長",
        "李文彬": "市長",
    }
    english = "Dr. Alan Birch, the county engineer, spoke. It went to the mayor, Ruth Adeyemi, last Friday."
    assert find_people([english]) == {"Dr. Alan Birch": "county engineer", "Ruth Adeyemi": "mayor"}


def test_a_post_without_a_name_gives_nobody() -> None:
    assert find_people(["县委书记高度重视。法院院长办公会研究。由党支部书记带头走访,村主任和群众一起干。"]) == {}


def test_a_card_gives_the_posts_in_order() -> None:
    assert people_of_card("刘 继 承\n炎陵县副书记\n政法委书记") == ("刘继承", "炎陵县副书记、政法委书记")


def test_places_stand_out_by_frequency_and_the_papers_own_is_taken_last() -> None:
    body = "攸县政法战线扎实工作。攸县公安局立案。攸县法院审结。攸县司法局送法。"
    assert main_place(["攸县篇"], [body]) == "攸县"
    assert home_place("株洲日报", "全市法院受理案件，市委部署，我市获奖。") == "株洲市"
    assert home_place("株洲日报", "天气很好。") == ""
    assert home_place("Harbour Gazette", "全市全市全市") == ""


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("2024年3月6日", "2024-03-06"),
        ("中華民國112年10月18日 星期三", "2023-10-18"),
        ("Thursday, 14 March 2024", "2024-03-14"),
        ("March 4, 2019", "2019-03-04"),
        ("31. Dezember 2022", "2022-12-31"),
        ("2023年2月30日", ""),
        ("Room 12 Floor 2024", ""),
    ],
)
def test_dates_are_read(line: str, date: str) -> None:
    assert read_date(line) == date


def test_an_imprint_over_several_lines_is_read_as_one() -> None:
    lines = ["05", "株洲日报", "政法", "周刊", "中共株洲市委政法委员会", "株洲日报社", "主办", "2024年3月6日", "星期三"]
    assert read_imprint(lines, []) == Imprint("株洲日报", "2024-03-06", "05", "星期三", "政法周刊")


def test_headings_of_one_form_stand_beside_each_other() -> None:
    headings = ["4大工程 底色更亮", "大局稳工程——", "治理创新工程——", "4大品牌 更加有力"]
    stack = HeadingStack(headings)
    seen = []
    for heading in headings:
        stack.push(heading, heading, in_run=False)
        seen.append(stack.titles())
    assert seen == [
        ("4大工程 底色更亮",),
        ("4大工程 底色更亮", "大局稳工程——"),
        ("4大工程 底色更亮", "治理创新工程——"),
        ("4大品牌 更加有力",),
    ]
