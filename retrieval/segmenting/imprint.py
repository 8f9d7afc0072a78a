import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from retrieval.segmenting.furniture import MASTHEAD_NAME, PUBLICATION, imprint_rest

__all__ = ["Imprint", "read_date", "read_imprint"]

_DATES = (
    re.compile(r"民[国國]\s*(?P<era>\d{2,3})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*[年./-]\s*(?P<month>\d{1,2})\s*[月./-]\s*(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})\.?\s+(?P<name>[A-ZÀ-Ý][a-zà-ÿ]{2,9})\s+(?P<year>(?:19|20)\d{2})"),
    re.compile(r"(?P<name>[A-Z][a-z]{2,8})\s+(?P<day>\d{1,2}),?\s+(?P<year>(?:19|20)\d{2})"),
)
# The first year of the Republic's calendar is 1912.
_ERA = 1911
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OTHER_MONTHS = {"mär": 3, "mai": 5, "okt": 10, "dez": 12}
_WEEKDAY = re.compile(
    r"(?:星期|周|週|礼拜|禮拜)[一二三四五六日天](?![\u4e00-\u9fff])|[月火水木金土日]曜日?(?![\u4e00-\u9fff])|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
)
_PAGE = re.compile(
    r"(?:第\s*|(?<!\d))([A-Z]?\d{1,3})\s*(?:版|页|頁|面(?=\s|$))|\b(?:Page|Seite|S\.|p\.)\s*(\d{1,3})\b|(?:^|\s)([A-Z]?\d{1,3})\s*[版页頁]?$"
)
_LEADING_PAGE = re.compile(r"(?:^|\s)([A-Z]\d{1,2})(?=\s)|^(\d{1,3})\s+[\u4e00-\u9fff]{2,8}$")
_SECTION = re.compile(r"[\u4e00-\u9fff]{2,6}$|[A-Z][\w &]{3,24}$")
_SUPPLEMENT = re.compile(r"(?:周刊|週刊|副刊|特刊)$")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a page says of itself; '' where it does not.

    The paper, the issue's date (ISO 8601) and weekday, the page and the section.
    """

    publication: str = ""
    date: str = ""
    page: str = ""
    weekday: str = ""
    section: str = ""


def read_imprint(imprint: Iterable[str], bylines: Iterable[str], titles: Iterable[str] = ()) -> Imprint:
    """Read a page's imprint from its imprint lines.

    :param imprint: the lines.
    :param bylines: by-lines and paragraphs; the paper's name may stand only there.
    :param titles: the lines of the title, where a report or minutes without an imprint give their date.
    """
    lines = [line.strip() for line in imprint]
    publication = next((match.group() for line in (*lines, *bylines) if (match := PUBLICATION.search(line))), "")
    publication = publication or next((line for line in lines if MASTHEAD_NAME.match(line)), "")
    if not any(map(read_date, lines)) and not publication:
        lines += [title for title in titles if read_date(title)]
    # Several numbers without a paper's name are those of a book's pages.
    pages = [found for line in lines if (found := _page(line))] or [""]
    return Imprint(
        publication=publication,
        date=next((found for line in lines if (found := read_date(line))), ""),
        page=pages[0] if len(set(pages)) == 1 or publication else "",
        weekday=next((match.group() for line in lines if (match := _WEEKDAY.search(line))), ""),
        section=_section([line for line in lines if line != publication]) if publication else "",
    )


def read_date(line: str) -> str:
    """Give the first date of a line, ISO 8601, or ''."""
    for pattern in _DATES:
        match = pattern.search(line)
        if match is None:
            continue
        fields = match.groupdict()
        year = int(fields["year"]) if fields.get("year") else int(fields["era"]) + _ERA
        month = int(fields["month"]) if fields.get("month") else _month_number(fields["name"])
        try:
            return date(year, month, int(fields["day"])).isoformat()
        except ValueError:
            continue  # 31 June, or a word that is no month: not a date
    return ""


def _page(line: str) -> str:
    match = _PAGE.search(line)
    if match is not None and (match.group(1) or match.group(2) or not read_date(line)):
        return next(group for group in match.groups() if group)
    leading = _LEADING_PAGE.search(line)
    return leading.group(1) or leading.group(2) if leading else ""


def _section(lines: list[str]) -> str:
    """Give what is left of the imprint when its fields are taken away: 政法 | 周刊, LOCAL NEWS."""
    found: list[str] = []
    for line in lines:
        supplement = _SUPPLEMENT.match(line)
        rest = supplement.group() if supplement else imprint_rest(line)
        if _SECTION.match(rest) and rest not in found:
            found.append(rest)
    return "".join(found[:2]) if len(found) > 1 and _SUPPLEMENT.match(found[1]) else "".join(found[:1])


def _month_number(name: str) -> int:
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else _OTHER_MONTHS.get(short, 0)
