import pytest

from retrieval.segmenting.dates import read_date
from retrieval.segmenting.headings import HeadingStack
from retrieval.segmenting.imprint import Imprint, read_imprint
from retrieval.segmenting.leads import names_day, terms
from retrieval.segmenting.mastheads import is_imprint, is_jump, is_masthead_field
from retrieval.segmenting.people import find_people, people_of_card
from retrieval.segmenting.periods import period_of, years_of
from retrieval.segmenting.places import home_place, main_place
from retrieval.segmenting.signatures import is_dateline, sign_off


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
        ("上半年，全县受理事项6.2万件。", "2023-08-16", (2023,)),
        ("上半年，全县受理事项6.2万件。", "2023-02-01", (2022,)),
        ("1至11月，破案31起。", "2023-01-12", (2022,)),
        ("2018年至2022年审结案件3.6万件。", "2022-12-09", (2018, 2022)),
        ("力争到2030年建成。", "2022-12-09", ()),
        ("近三年，新建路灯百盏。", "2023-05-01", (2020, 2023)),
        ("来电比去年同期增加四成。", "2018-03-21", ()),
        ("前年的大水退了，昨年も。", "2021-07-06", (2019, 2020)),
        ("지난해 태풍, 올해 18억 원.", "2023-05-09", (2022, 2023)),
        ("В прошлом году построено два моста.", "2021-03-01", (2020,)),
        ("金聲戲院建於民國46年，令和3年7月。", "", (1957, 2021)),
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
    ended = "We mourn our president, Lord Marrick. The youngest is fifteen. The chairman, John F. Kay, spoke."
    assert find_people([ended]) == {"Lord Marrick": "president", "John F. Kay": "chairman"}


def test_a_post_without_a_name_gives_nobody() -> None:
    assert find_people(["县委书记高度重视。法院院长办公会研究。由党支部书记带头走访,村主任和群众一起干。"]) == {}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("县行政审批服务局局长谭海波介绍，下一步。", {"谭海波": "县行政审批服务局局长"}),
        ("热线大厅里，市政务热线办主任胡克俭说，快了。", {"胡克俭": "市政务热线办主任"}),
        ("市公安局党委副书记、常务副局长罗明说。", {"罗明": "市公安局党委副书记、常务副局长"}),
        ("县委书记高度重视此事。", {}),
    ],
)
def test_an_offices_name_belongs_to_the_post_and_a_verb_not_to_the_name(text: str, people: dict[str, str]) -> None:
    assert find_people([text]) == people


def test_a_card_gives_the_posts_in_order() -> None:
    assert people_of_card("石玉梅\n通河县人民法院\n八斗坪人民法庭庭长") == (
        "石玉梅",
        "通河县人民法院八斗坪人民法庭庭长",
    )
    assert people_of_card("刘 继 承\n炎陵县副书记\n政法委书记") == ("刘继承", "炎陵县副书记、政法委书记")


def test_places_stand_out_by_frequency_and_the_papers_own_is_taken_last() -> None:
    body = "攸县政法战线扎实工作。攸县公安局立案。攸县法院审结。攸县司法局送法。"
    assert main_place(["攸县篇"], [body]) == "攸县"
    assert home_place("株洲日报", "全市法院受理案件，市委部署，我市获奖。") == "株洲市"
    assert home_place("株洲日报", "天气很好。") == ""
    assert home_place("Harbour Gazette", "全市全市全市") == ""


@pytest.mark.parametrize(
    ("headline", "body", "home", "place"),
    [
        ("冒充客服退款", "本报东溪8月14日讯 东溪县的刘女士接到电话。", "云岭市", "东溪县"),
        ("集中执行", "12月6日凌晨，通河县人民法院出动干警82名。", "沅州市", "通河县"),
        ("夜班线延长", "12路末班车延长至零点。", "江城市", ""),
        ("出让公告", "经青湖市人民政府批准，青湖市自然资源局决定出让。", "", "青湖市"),
        ("城区夜市", "全市各县市区的小区和园区都有夜市。", "", ""),
        ("高家垸：一夜转移八百人", "7月2日晚，临江县高家垸村的大喇叭响了。", "临江市", "临江县"),
        ("老戲院重生 鹿埔鎮公所盼年底開張", "鹿埔鎮公所昨天動工。", "", "鹿埔鎮"),
    ],
)
def test_the_place_is_the_county_else_the_town(headline: str, body: str, home: str, place: str) -> None:
    assert main_place([headline], [body], home) == place


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("2024年3月6日", "2024-03-06"),
        ("中華民國112年10月18日 星期三", "2023-10-18"),
        ("Thursday, 14 March 2024", "2024-03-14"),
        ("March 4, 2019", "2019-03-04"),
        ("31. Dezember 2022", "2022-12-31"),
        ("2023年2月30日", ""),
        ("2021年(令和3年)7月6日(火)", "2021-07-06"),
        ("2023년 5월 9일 화요일", "2023-05-09"),
        ("le 3 août 2021", "2021-08-03"),
        ("12 de octubre de 2020", "2020-10-12"),
        ("5 мая 2019", "2019-05-05"),
        ("2018.3.21 星期三", "2018-03-21"),
        ("Year ended 31 March 2021", ""),
        ("（2020年9月25日第三十二次会议通过）", ""),
        ("Room 12 Floor 2024", ""),
    ],
)
def test_dates_are_read(line: str, date: str) -> None:
    assert read_date(line) == date


def test_an_imprint_over_several_lines_is_read_as_one() -> None:
    lines = ["05", "株洲日报", "政法", "周刊", "中共株洲市委政法委员会", "株洲日报社", "主办", "2024年3月6日", "星期三"]
    assert read_imprint(lines, []) == Imprint("株洲日报", "2024-03-06", "05", "星期三", "政法周刊")


@pytest.mark.parametrize(
    ("lines", "imprint"),
    [
        (
            [
                "03 县域新闻 XIANYU XINWEN",
                "2023年8月16日 星期三 农历癸卯年七月初一",
                "编辑 / 伍秀兰 新闻热线：0746-8321110",
                "云岭日报",
            ],
            Imprint("云岭日报", "2023-08-16", "03", "星期三", "县域新闻"),
        ),
        (
            ["江北晨报 / 维权 / B07", "2020.11.18 周三 责编：董卫"],
            Imprint("江北晨报", "2020-11-18", "B07", "周三", "维权"),
        ),
        (
            ["SPORT    Westmoor Chronicle    Monday, November 7, 2022    27"],
            Imprint("Westmoor Chronicle", "2022-11-07", "27", "Monday", "SPORT"),
        ),
        (["2023년 5월 9일 화요일   한빛신문   7면   지역"], Imprint("한빛신문", "2023-05-09", "7", "화요일", "지역")),
        (["（下转第四版）"], Imprint()),
    ],
)
def test_the_fields_of_an_imprint_stand_in_any_order(lines: list[str], imprint: Imprint) -> None:
    assert all(is_imprint(line) or is_masthead_field(line) or is_jump(line) for line in lines)
    assert read_imprint(lines, []) == imprint


@pytest.mark.parametrize(
    "line",
    [
        "Aldbury  14  10  3  1  33",
        "1.1 Purpose of this review",
        "Wednesday, September 14, 2022, 6:30 p.m., Town Hall, Room 2",
        "101所高校的731名大学生来株普法",
    ],
)
def test_what_only_has_figures_is_no_imprint(line: str) -> None:
    assert not is_imprint(line)


@pytest.mark.parametrize(
    ("ending", "signed"),
    [
        ("腾出车位近三百个。 （郭锐 谢芬）", "（郭锐 谢芬）"),
        ("将老人找到。 通讯员 刘洋", "通讯员 刘洋"),
        ("手伝ったという。【小川真理】", "【小川真理】"),
        ("送达文书。（完）", ""),
        ("金声戏院的看板。（记者林佩璇摄）", ""),
        ("工作流程图、任务分工表（方案）", ""),
    ],
)
def test_names_behind_the_last_sentence_sign_it(ending: str, signed: str) -> None:
    assert sign_off(ending) == signed


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("本报讯 7月4日，会议召开。", True),
        ("本报东溪8月14日讯（记者 何芳）“您购买的奶粉", True),
        ("【記者林佩璇／鹿埔報導】閒置三十年", True),
        ("新华社北京3月5日电 会议召开。", True),
        ("本报记者从市教育局获悉，学校扩班。", False),
        ("本网电话已经开通。", False),
        ("CEDAR FALLS – Harold Lindqvist, 88, died.", True),
    ],
)
def test_reports_open_with_a_dateline(text: str, opens: bool) -> None:
    assert is_dateline(text) is opens


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


@pytest.mark.parametrize(
    ("line", "publication", "date", "page"),
    [
        ("Le Courrier des Monts – Mardi 11 février 2014 – Page 9", "Le Courrier des Monts", "2014-02-11", "9"),
        ("Gemeindeblatt Oberweiler   Nr. 18   6. Mai 2011   Seite 3", "Gemeindeblatt Oberweiler", "2011-05-06", "3"),
        ("Заречная новь   № 74 (9812)   17 сентября 2013 года, вторник   стр. 3", "Заречная новь", "2013-09-17", "3"),
        ("La Voce del Lago | Venerdì 12 gennaio 2018 | Cronaca | 7", "La Voce del Lago", "2018-01-12", "7"),
        ("北信新報   2016年(平成28年)10月4日 火曜日   22面 地域", "北信新報", "2016-10-04", "22"),
    ],
)
def test_a_paper_is_known_by_its_place_in_the_imprint(line: str, publication: str, date: str, page: str) -> None:
    assert is_imprint(line)
    imprint = read_imprint([line], [])
    assert (imprint.publication, imprint.date, imprint.page) == (publication, date, page)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("市气象台预计，今明两天多云转雷阵雨。", True),
        ("6月15日，溪口镇清理河道。", True),
        ("Un randonneur a photographié dimanche un loup près du col.", True),
        ("С 1 октября закрывается движение по мосту.", True),
        ("Die Turnhalle erhält ein neues Dach.", False),
        ("维修三座桥需要两千七百万元。", False),
        ("The water tower has a new coat of paint.", False),
    ],
)
def test_a_report_says_when(text: str, named: bool) -> None:
    assert names_day(text) is named


def test_terms_are_stems_and_pairs_of_characters() -> None:
    assert terms("修桥铺路, bridges and Bridgework") == {"修桥", "桥铺", "铺路", "bridge"}
    assert terms("") == set()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("湖阳县创建“平安县”，平安是福，平安建设人人有责。湖阳县的平安故事讲不完。", "湖阳县"),
        ("农民工蹲在渭南区人民法院门口。渭南的法官说，渭南区去年发放案款一亿元。", "渭南区"),
    ],
)
def test_a_word_that_is_a_countys_name_too_names_none(text: str, place: str) -> None:
    assert main_place([], [text]) == place


def test_a_day_without_a_year_is_of_the_issues_year() -> None:
    assert period_of("", "7月26日，乌摆寨的吴老汉和侄子吵了一架。", "2017-08-03") == "2017"
    assert period_of("", "12月26日，寨里下了雪。", "2017-01-03") == "2016"
    assert period_of("", "天刚蒙蒙亮，庭长就出发了。", "2017-08-03") == ""
