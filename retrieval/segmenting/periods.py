import re
from collections import Counter

__all__ = ["period_of", "years_of"]

_YEAR = re.compile(r"(?:19|20)\d\d")
# Behind a number that is no year: 2000余人, 2021.5, 2024件.
_COUNTS = re.compile(r"[\d.,%]|\s*(?:号|件|人|元|余|多|户|亩|名|次|字|米|公里|份|册|条|起|辆|处|家|亿|万|吨)")
_LAST_YEAR = ("去年", "过去一年", "過去一年", "上年", "last year", "letztes Jahr", "im vergangenen Jahr")
_THIS_YEAR = ("今年", "本年度", "这一年", "這一年", "this year", "dieses Jahr", "in diesem Jahr")
_AHEAD = re.compile(r"(?:展望|到|至|明年|计划|計畫|力争|力爭|预计|預計|by|until|before)\s*$")
# What stands in a headline or opens a text says more of its period than a mention.
_TITLE_WEIGHT = 5
_LEAD = 400


def years_of(text: str, issued: str) -> tuple[int, ...]:
    """Give the years that a text names, those of 今年 and 去年 reckoned from the issue's date, in ascending order.

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
        return ""
    return str(min(told, key=lambda year: (-told[year], -year)))


def _weights(text: str, issued: str) -> Counter[int]:
    years: Counter[int] = Counter()
    for match in _YEAR.finditer(text):
        start, end = match.span()
        inside = start > 0 and (text[start - 1].isdigit() or text[start - 1] in ".,")
        if inside or _COUNTS.match(text, end) or _AHEAD.search(text, max(0, start - 8), start):
            continue
        years[int(match.group())] += 1
    if issued:
        year = int(issued[:4])
        for words, told in ((_LAST_YEAR, year - 1), (_THIS_YEAR, year)):
            count = sum(text.count(word) for word in words)
            if count:
                years[told] += count
    return years
