import pytest

from retrieval.segmenting.dates import read_date, read_number
from retrieval.segmenting.imprint import read_imprint
from retrieval.segmenting.mastheads import is_address, is_imprint, is_masthead

FIELDS = (
    "2022牛4月16曰 星期六",
    "第三版 责任编揖:廖志 电话:8866321",
    "二〇二一年十一月十日 星期三",
    "□责任编辑 张三丰 □美编 李四 2022/03/04 星期五",
    "05 | 2022.03.04 星期五 | 民生 | 编辑 张三 | 美编 李四",
    "中共云州市委主管主办 云州日报社出版",
    "出版：云州报社 地址：云州市人民路12号 邮编：412000",
    "HYDERABAD, SATURDAY, MARCH 7, 2020",
    "Saturday-Sunday, March 6-7, 2021",
    "SAMSTAG, 6. MÄRZ 2021   NR. 54   SEITE 17",
    "VIERNES 5 DE FEBRERO DE 2021",
    "ЧЕТВЕРГ, 4 МАРТА 2021 ГОДА",
    "広報みなみ野　令和5年7月1日号　No.1284",
    "平成30年(2018年)7月6日　第3種郵便物認可",
    "中華民國一一○年三月四日 星期四",
)
NO_FIELDS = (
    "2021年11月10日，株洲市召开政法工作会议",
    "8月12日晚",
    "责任编辑的一天",
    "株洲日报全媒体记者/周圆",
    "县法院：向 敏 姚 远 龙世昌",
    "电话：8277777",
    "Saturday night fever",
    "May Day parade returns",
    "Tel Aviv in the rain",
)
DATES = {
    "2022牛4月16曰": "2022-04-16",
    "二〇二一年十一月十日": "2021-11-10",
    "二○二二年三月二十八日": "2022-03-28",
    "令和3年3月4日（木曜日）": "2021-03-04",
    "平成元年10月2日": "1989-10-02",
    "中華民國一一○年三月四日": "2021-03-04",
    "SAMSTAG, 6. MÄRZ 2021": "2021-03-06",
    "Samstag/Sonntag, 6./7. März 2021": "2021-03-06",
    "VIERNES 5 DE FEBRERO DE 2021": "2021-02-05",
    "二〇二一年十三月十日": "",
}


@pytest.mark.parametrize("line", FIELDS)
def test_a_line_of_fields_is_an_imprint_of_a_paper(line: str) -> None:
    assert is_imprint(line)
    assert is_masthead(line)


@pytest.mark.parametrize("line", NO_FIELDS)
def test_a_line_of_other_words_is_none(line: str) -> None:
    assert not is_imprint(line)


def test_a_telephone_by_itself_may_stand_below_a_notice() -> None:
    assert is_address("电话：8277777")
    assert not is_address("电话通知：8277777人已接种")


@pytest.mark.parametrize(("line", "date"), DATES.items())
def test_dates_are_read_in_words_in_capitals_and_with_misread_signs(line: str, date: str) -> None:
    assert read_date(line) == date


@pytest.mark.parametrize(
    ("written", "number"), [("12", 12), ("十", 10), ("二十一", 21), ("一一○", 110), ("元", 1), ("１１", 11)]
)
def test_numbers_are_read_as_dates_have_them(written: str, number: int) -> None:
    assert read_number(written) == number


def test_a_page_is_numbered_in_words_and_a_misread_name_is_that_of_the_by_lines() -> None:
    imprint = read_imprint(["衡江曰报", "第三版 责任编辑:廖志"], ["衡江日报记者 肖云飞"])
    assert (imprint.publication, imprint.page, imprint.section) == ("衡江日报", "3", "")


@pytest.mark.parametrize(
    ("line", "publication"),
    [
        ("苍岭林场工会简报　第27期　2003年7月15日　主送：省林业工会", "苍岭林场工会简报"),
        ("雲林縣　溪洲鄉訊　第八十九期　中華民國一百零八年十二月", "溪洲鄉訊"),
        ("边关警苑　2013年6月26日　禁毒专刊", ""),
    ],
)
def test_a_newsletter_on_the_line_of_its_issue_is_the_publication(line: str, publication: str) -> None:
    assert read_imprint([line], []).publication == publication
