"""Dates and weekdays as pages print them, in the languages of their readers."""

import re
from datetime import date

__all__ = ["DATE", "DAY", "WEEKDAY", "read_date"]

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
_MONTH = (
    r"(?:Jan(?:uary|uar|vier|\.)?|Feb(?:ruary|ruar|rero|\.)?|[Ff]évrier|Mar(?:ch|s|zo|\.)|März|Apr(?:il|\.)?|[Aa]vril|[Aa]bril"
    r"|May|Mai|[Mm]ayo|June?|Juni|[Jj]uin|[Jj]unio|July?|Juli|[Jj]uillet|[Jj]ulio|Aug(?:ust|\.)?|[Aa]oût|[Aa]gosto"
    r"|Sep(?:t|tember|tembre|tiembre)?\.?|Oct(?:ober|obre|ubre|\.)?|Oktober|Nov(?:ember|embre|iembre|\.)?"
    r"|Dec(?:ember|\.)?|Dez(?:ember|\.)?|[Dd]écembre|[Dd]iciembre|[Ee]nero|(?:janvier|mars|mai|septembre|octobre|novembre"
    r"|febrero|marzo|septiembre|octubre|noviembre)"
    r"|[Gg]ennaio|[Ff]ebbraio|[Mm]arzo|[Aa]prile|[Mm]aggio|[Gg]iugno|[Ll]uglio|[Ss]ettembre|[Oo]ttobre|[Dd]icembre"
    r"|[Jj]aneiro|[Ff]evereiro|[Mm]arço|[Mm]aio|[Jj]unho|[Jj]ulho|[Ss]etembro|[Oo]utubro|[Nn]ovembro|[Dd]ezembro"
    r"|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)(?![^\W\d_])"
)
_SPACE = r"[^\S\n]*"
_READ = (
    re.compile(
        rf"(?:中華)?民[国國]{_SPACE}(?P<era>\d{{2,3}}){_SPACE}年{_SPACE}(?P<month>\d{{1,2}}){_SPACE}月{_SPACE}(?P<day>\d{{1,2}}){_SPACE}日?"
    ),
    # 2021年(令和3年)7月6日: the era stands between.
    re.compile(
        rf"(?<!\d)(?P<year>(?:19|20)\d{{2}}){_SPACE}(?:年(?:[（(][^）)\d]{{2}}\d{{1,2}}年[）)])?|년|[./-]){_SPACE}"
        rf"(?P<month>\d{{1,2}}){_SPACE}[月월./-]{_SPACE}(?P<day>\d{{1,2}})(?!\d){_SPACE}[日일]?"
    ),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er)?\s+(?:de\s+)?(?P<name>{_MONTH})\.?,?\s+(?:de\s+)?(?P<year>(?:19|20)\d{{2}})(?:\s+(?:года\b|г\.))?"
    ),
    re.compile(rf"(?P<name>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d{{2}})"),
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d{2})(?!\d)"),
)
# The first year of the Republic's calendar is 1912.
_ERA = 1911
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
        year = int(fields["year"]) if fields.get("year") else int(fields["era"]) + _ERA
        month = int(fields["month"]) if fields.get("month") else _MONTHS.get(fields["name"][:4].lower(), 0)
        month = month or _MONTHS.get(fields.get("name", "")[:3].lower(), 0)
        try:
            return date(year, month, int(fields["day"])).isoformat()
        except ValueError:
            continue  # 31 June: not a date
    return ""
