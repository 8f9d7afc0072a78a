"""Dates and weekdays as pages print them, in the languages of their readers."""

import re
from datetime import date

__all__ = ["DATE", "DAY", "ERAS", "WEEKDAY", "read_date", "read_number"]

_MONTHS = {
    prefix: number
    for number, prefixes in enumerate(
        (
            ("jan", "ene", "gen", "янв"),
            ("feb", "fév", "fev", "фев"),
            ("mar", "mär", "мар"),
            ("apr", "avr", "abr", "апр"),
            ("may", "mai", "mag", "мая", "май"),
            ("jun", "juin", "giu", "июн"),
            ("jul", "juil", "lug", "июл"),
            ("aug", "aoû", "aou", "ago", "авг"),
            ("sep", "set", "сен"),
            ("oct", "okt", "ott", "out", "окт"),
            ("nov", "ноя"),
            ("dec", "dez", "déc", "dic", "дек"),
        ),
        start=1,
    )
    for prefix in prefixes
}
_NAMES = (
    *("January", "Januar", "janvier", "Jan", "enero", "gennaio", "janeiro", "января"),
    *("February", "Februar", "febrero", "Feb", "février", "febbraio", "fevereiro", "февраля"),
    *("March", "Mars", "marzo", "Mar", "März", "março", "марта"),
    *("April", "abril", "avril", "Apr", "aprile", "апреля"),
    *("May", "mai", "mayo", "maggio", "maio", "мая"),
    *("June", "juin", "Juni", "junio", "Jun", "giugno", "junho", "июня"),
    *("July", "Juli", "juillet", "julio", "Jul", "luglio", "julho", "июля"),
    *("August", "Aug", "agosto", "août", "августа"),
    *("September", "septiembre", "septembre", "settembre", "Sept", "Sep", "setembro", "сентября"),
    *("October", "octubre", "octobre", "Oct", "Oktober", "ottobre", "outubro", "октября"),
    *("November", "noviembre", "novembre", "Nov", "novembro", "ноября"),
    *("December", "décembre", "diciembre", "Dec", "Dezember", "Dez", "dicembre", "dezembro", "декабря"),
)
# A month stands in small letters, with a capital, or as a line in capitals has it.
_FORMS = sorted({form for name in _NAMES for form in (name, name.lower(), name.capitalize(), name.upper())})
_MONTH = rf"(?:{'|'.join(reversed(_FORMS))})(?![^\W\d_])\.?"
_OF = r"(?:(?:de|DE)\s+)?"
_SPACE = r"[^\S\n]*"
ERAS = {"民国": 1911, "民國": 1911, "令和": 2018, "平成": 1988, "昭和": 1925}
"""The years of the Republic and of Japanese reigns, each by the year before its first."""
# A printed 年 or 日 that was read as its like, between the numbers of a date.
_YEAR_SIGN, _DAY_SIGN = "[年牛午]", "[日曰目]"
_HAN = "[〇○零一二三四五六七八九十廿卅]"
_HAN_DIGITS = {"〇": 0, "○": 0, "零": 0, **{digit: number for number, digit in enumerate("一二三四五六七八九", 1)}}
_READ = (
    # 2021年(令和3年)7月6日, 平成30年(2018年)7月6日: the era stands between, or before.
    re.compile(
        rf"(?<!\d)(?P<year>(?:19|20)\d{{2}}){_SPACE}(?:{_YEAR_SIGN}(?:[（(][^）)\d]{{2}}\d{{1,2}}年[）)]|[）)])?|년|[./-]){_SPACE}"
        rf"(?P<month>\d{{1,2}}){_SPACE}[月월./-]{_SPACE}(?P<day>\d{{1,2}})(?!\d){_SPACE}(?:{_DAY_SIGN}|일)?"
    ),
    re.compile(
        rf"(?:中華)?(?P<era>{'|'.join(ERAS)}){_SPACE}(?P<reign>\d{{1,3}}|{_HAN}{{1,4}}|元){_SPACE}年"
        rf"{_SPACE}(?P<month>\d{{1,2}}|{_HAN}{{1,2}}){_SPACE}月{_SPACE}(?P<day>\d{{1,2}}|{_HAN}{{1,3}}){_SPACE}日?"
    ),
    re.compile(rf"(?<!{_HAN})(?P<year>[一二]{_HAN}{{3}})年(?P<month>{_HAN}{{1,2}})月(?P<day>{_HAN}{{1,3}})日"),
    # 6./7. März 2021 is a paper of two days, and its date the first.
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er)?(?:\s?[/–-]\s?\d{{1,2}}\.?)?\s+{_OF}(?P<name>{_MONTH}),?\s+{_OF}"
        r"(?P<year>(?:19|20)\d{2})(?:\s+(?:года\b|ГОДА\b|г\.))?"
    ),
    re.compile(
        rf"(?P<name>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?[/–-]\s?\d{{1,2}})?,?\s+(?P<year>(?:19|20)\d{{2}})"
    ),
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d{2})(?!\d)"),
)
# A date behind these words ends a period, or says when something was adopted: it is not the paper's own.
_NOT_OWN = re.compile(r"(?:截至|截止|至|到|\b(?:end(?:ed|ing)|until|to|bis|as (?:of|at)))\s*$", re.IGNORECASE)
_ADOPTED = re.compile(r"[^）)]{0,60}(?:通过|通過|修订|修訂|修正|施行|发布|發布)[^）)]{0,20}[）)]")

DATE = re.compile("|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern.pattern) for pattern in _READ))
"""A whole date."""

DAY = re.compile(rf"(?<!\d)\d{{1,2}}(?:\.|st|nd|rd|th|er)?\s+(?:de\s+)?{_MONTH}|{_MONTH}\s+\d{{1,2}}(?!\d)")
"""A day and its month, in an alphabet."""

WEEKDAY = re.compile(
    r"(?:星期|周|週|礼拜|禮拜)[一二三四五六日天](?![\u4e00-\u9fff])|[月火水木金土日]曜日?(?![\u4e00-\u9fff])"
    r"|(?<=[（(])[月火水木金土日](?=[）)])|[월화수목금토일]요일"
    r"|\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch"
    r"|[Ll]undi|[Mm]ardi|[Mm]ercredi|[Jj]eudi|[Vv]endredi|[Ss]amedi|[Dd]imanche"
    r"|[Ll]unes|[Mm]artes|[Mm]iércoles|[Jj]ueves|[Vv]iernes|[Ss]ábado|[Dd]omingo"
    r"|[Ll]unedì|[Mm]artedì|[Mm]ercoledì|[Gg]iovedì|[Vv]enerdì|[Ss]abato|[Dd]omenica|(?:segunda|terça|quarta|quinta|sexta)-feira"
    r"|[Пп]онедельник|[Вв]торник|[Сс]реда|[Чч]етверг|[Пп]ятница|[Сс]уббота|[Вв]оскресенье)\b",
    re.IGNORECASE,
)
"""A day of the week, as imprints name it."""


def read_date(line: str) -> str:
    """Give the first date of a line that may be the paper's own, ISO 8601, or ''."""
    for pattern in _READ:
        match = pattern.search(line)
        if match is None or _NOT_OWN.search(line, 0, match.start()) or _ADOPTED.match(line, match.end()):
            continue
        fields = match.groupdict()
        reign = fields.get("reign")
        year = read_number(reign) + ERAS[fields["era"]] if reign else read_number(fields["year"])
        month = read_number(fields["month"]) if fields.get("month") else _month(fields["name"])
        try:
            return date(year, month, read_number(fields["day"])).isoformat()
        except ValueError:
            continue  # 31 June: not a date
    return ""


def read_number(written: str) -> int:
    """Give a number written in digits, in Chinese ones in a row (二〇二一), or with ten (二十一); the first is 元."""
    if written.isdecimal():
        return int(written)  # of any width: １１月
    if written == "元":
        return 1
    tens, ten, ones = written.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    if ten:
        return 10 * (_HAN_DIGITS[tens] if tens else 1) + (_HAN_DIGITS[ones] if ones else 0)
    return int("".join(str(_HAN_DIGITS[digit]) for digit in written))


def _month(name: str) -> int:
    return _MONTHS.get(name[:4].lower(), 0) or _MONTHS.get(name[:3].lower(), 0)
