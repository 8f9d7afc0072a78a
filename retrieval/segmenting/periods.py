import re
from collections import Counter
from collections.abc import Iterator

from retrieval.segmenting.dates import ERAS
from retrieval.segmenting.leads import names_day

__all__ = ["period_of", "years_of"]

_YEAR = re.compile(r"(?:19|20)\d\d")
# Behind a number that is no year: 2000余人, 2021.5, 2024件.
_COUNTS = re.compile(
    r"[\d.,%]|\s*(?:号|件|人|元|余|多|户|亩|名|次|字|米|公里|份|册|条|起|辆|处|家|亿|万|吨|명|개|원|€|£|\$)"
)
_ERA_YEAR = re.compile(
    r"(?:中華)?(民[国國]|令和|平成|昭和)\s?(\d{1,3}|元)\s?年|(?<!\d)(1[01]\d)年(?=度|底|初|\d{1,2}月)"
)
_REPUBLIC_YEAR = re.compile(r"1(?<!\d1)([01]\d)年(?=度|底|初|\d{1,2}月)")
# Words for a year, and what tells that they mean one where they alone do not. Plain words are looked for first, as
# most texts have none: that is ten times as fast as one expression for all.
_LAST_YEAR = (
    ("去年", re.compile(r"去年(?<![比较較]去年)(?!同期|同比|相比)")),
    ("上年", re.compile(r"上年(?<![比较較]上年)(?!同期)")),
    *((words, None) for words in ("过去一年", "過去一年", "上一年", "昨年", "지난해", "작년")),
    ("ast year", re.compile(r"ast year(?<=\b[Ll]ast year)")),
    ("Jahr", re.compile(r"Jahr(?:(?<=\b[Ll]etztes Jahr)|(?<=\b[Vv]ergangenen Jahr))")),
    ("dernier", re.compile(r"\b[Ll]['’](?:an dernier|année dernière)")),
    ("año pasado", re.compile(r"\b[Ee]l año pasado")),
    ("рошл", re.compile(r"рошл(?<=\b[Пп]рошл)(?:ом|ого) год")),
)
_THIS_YEAR = (
    *((words, None) for words in ("今年", "今月", "本月", "이달", "本年度", "这一年", "這一年", "올해", "금년")),
    ("年初以", re.compile(r"年初以[来來](?<!今年初以.)(?<![这這]一年初以.)")),
    ("his year", re.compile(r"his year(?<=\b[Tt]his year)")),
    ("Jahr", re.compile(r"Jahr(?<=\b[Dd]iese[sm] Jahr)")),
    ("ette année", re.compile(r"ette année(?<=\b[Cc]ette année)")),
    ("ste año", re.compile(r"ste año(?<=\b[Ee]ste año)")),
    (" год", re.compile(r" год(?:(?<=\b[Ээ]том год)|(?<=\b[Тт]екущем год))")),
)
_YEAR_BEFORE_LAST = (("前年", None),)
# Parts of a year; without a year before them, of the last that is over: in January 上半年 was last year's.
_PARTS = (
    ("上半年", re.compile(r"(?<![年度的])(?:上半年|上半年度)"), 6),
    ("三季度", re.compile(r"(?<!年)(?:前三季度|第?三季度)"), 9),
    ("二季度", re.compile(r"(?<!年)第?二季度"), 6),
    ("一季度", re.compile(r"(?<!年)第?一季度"), 3),
    ("月", re.compile(r"[1一元](?<![年\d].)\s?月?\s?(?:至|到|—|－|-|~|～)\s?(?P<last>\d{1,2})\s?月"), 0),
)
_SPAN = re.compile(
    r"(?:近|过去|過去|最近)(?P<a>[两兩三四五六七八九十\d]{1,2})年|(?<![\d一二三四五六七八九十])(?P<b>[两兩三四五六七八九十]|\d{1,2})年(?:来|來|间|間)"
)
_LATIN_SPAN = re.compile(r"(?:past|last) (two|three|four|five|ten|\d{1,2}) years")
_SPAN_HINTS = ("年来", "年來", "年间", "年間")
_SPAN_BEGINS = re.compile(r"[近去][两兩三四五六七八九十\d]{1,2}年")
_DIGITS = {"两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_AHEAD = re.compile(r"(?:展望|到|至|明年|计划|計畫|力争|力爭|预计|預計|by|until|before)\s*$")
_FROM = re.compile(r"(?:19|20)\d\d\s?年?[\d月日]{0,6}\s?(?:至|到)\s*$")
# What stands in a headline or opens a text says more of its period than a mention.
_TITLE_WEIGHT = 5
_LEAD = 400
_MONTH = re.compile(r"(?<!\d)(\d{1,2})\s?月(?!\s?(?:来|间|份以来))")


def years_of(text: str, issued: str) -> tuple[int, ...]:
    """Give the years that a text names, in ascending order.

    今年, 去年, 上半年, 近三年 and their like in other languages are reckoned from the issue's date.

    :param text: a passage.
    :param issued: the issue's date, ISO 8601, or ''.
    """
    return tuple(sorted(_weights(text, issued)))


def period_of(title: str, text: str, issued: str) -> str:
    """Tell on which year an article reports: ``2022``, or '' where it does not say.

    :param title: its headlines.
    :param text: its text.
    :param issued: the issue's date, ISO 8601, or ''.
    """
    weights: Counter[int] = Counter()
    for part, weight in ((title, _TITLE_WEIGHT), (text[:_LEAD], 2), (text[_LEAD:], 1)):
        for year, count in _weights(part, issued).items():
            weights[year] += weight * count
    last = int(issued[:4]) if issued else 9999
    told = {year: weight for year, weight in weights.items() if last - 3 <= year <= last or not issued}
    if not told:
        return _year_of_day(text[:_LEAD], issued)
    return str(min(told, key=lambda year: (-told[year], -year)))


def _year_of_day(lead: str, issued: str) -> str:
    """Give the year of the first month or day that a report's beginning names, which is the issue's or the one before."""
    month = _MONTH.search(lead)
    if not issued or not (month or names_day(lead)):
        return ""
    ahead = month is not None and int(month.group(1)) > int(issued[5:7]) + 1
    return str(int(issued[:4]) - ahead)


def _weights(text: str, issued: str) -> Counter[int]:
    years: Counter[int] = Counter()
    for match in _YEAR.finditer(text):
        start, end = match.span()
        inside = start > 0 and (text[start - 1].isdigit() or text[start - 1] in ".,")
        if inside or _COUNTS.match(text, end):
            continue
        if _AHEAD.search(text, max(0, start - 8), start) and not _FROM.search(text, max(0, start - 16), start):
            continue
        years[int(match.group())] += 1
    if any(era in text for era in ERAS):
        for match in _ERA_YEAR.finditer(text):
            number = match.group(2) or match.group(3)
            years[ERAS.get(match.group(1) or "民国", 0) + (1 if number == "元" else int(number))] += 1
    else:
        years.update(ERAS["民国"] + 100 + int(number) for number in _REPUBLIC_YEAR.findall(text))
    if issued:
        _add_reckoned(years, text, int(issued[:4]), int(issued[5:7]))
    return years


def _add_reckoned(years: Counter[int], text: str, year: int, month: int) -> None:
    for words, told in ((_LAST_YEAR, year - 1), (_THIS_YEAR, year), (_YEAR_BEFORE_LAST, year - 2)):
        for word, pattern in words:
            if word in text:
                count = text.count(word) if pattern is None else len(pattern.findall(text))
                if count:
                    years[told] += count
    for hint, part, over in _PARTS:
        for match in part.finditer(text) if hint in text else ():
            if not text[max(0, match.start() - 2) : match.start()].endswith(("今年", "去年", "年")):
                ended = over or int(match.group("last"))
                years[year if month >= ended else year - 1] += 1
    for said in _spans(text):
        length = _DIGITS.get(said) or _WORDS.get(said) or (int(said) if said.isdigit() else 0)
        if 1 < length <= 10:
            years[year - length] += 1
            years[year] += 1


def _spans(text: str) -> Iterator[str]:
    if any(map(text.__contains__, _SPAN_HINTS)) or _SPAN_BEGINS.search(text):
        yield from (match["a"] or match["b"] for match in _SPAN.finditer(text))
    if " years" in text:
        yield from _LATIN_SPAN.findall(text)
