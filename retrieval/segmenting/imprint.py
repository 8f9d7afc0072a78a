import re
from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.segmenting.dates import WEEKDAY, read_date, read_number
from retrieval.segmenting.mastheads import (
    MASTHEAD_NAME,
    imprint_rest,
    is_jump,
    leftover_name,
    publication_of,
    without_fields,
)

__all__ = ["Imprint", "read_imprint"]

_HAN_PAGE = re.compile(r"第([一二三四五六七八九十]{1,3})[版页頁]")
_PAGE = re.compile(
    r"(?:第\s*|(?<![\d.]))([A-Z]?\d{1,3})\s*(?:版|页|頁|[面면](?=\s|$))|\b(?:Page|Seite|S\.|p\.|стр\.)\s*(\d{1,3})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![^\s|·/／:：–—(（-])([A-Z]?\d{1,3})(?![^\s|·/／:：–—)）-])")
_PINYIN = re.compile(r"(?<=[\u4e00-\u9fff])\s+[A-Z][A-Z ]+$")
_PIECES = re.compile(r"\s{2,}|[|·/／–—:：]")
_SECTION = re.compile(r"[\u4e00-\u9fff]{2,6}$|[\uac00-\ud7a3]{2,6}$|[A-Z][\w &]{3,24}$")
_TWO_NAMES = re.compile(r"[\u4e00-\u9fff]{2,5}·[\u4e00-\u9fff]{2,5}")
_SUPPLEMENT = re.compile(r"(?:周刊|週刊|副刊|特刊)$")
# A periodical without a paper that it could belong to.
_MAGAZINE = re.compile(r"[\u4e00-\u9fff]{2,8}(?:周刊|週刊|旬刊|月刊|导报|導報|通讯)$")
# A newsletter on one line with its issue: 苍岭林场工会简报　第27期, 雲林縣　溪洲鄉訊　第八十九期.
_NEWSLETTER = re.compile(
    r"(?:^|(?<=[\s\u3000|·]))[\u4e00-\u9fff]{1,11}(?:[\u4e00-\u9fff][报報讯訊]|[校院会會社]刊)(?=[\s\u3000|·]|$)"
)
_BY_ITSELF = re.compile(r"[\u4e00-\u9fff]{4,8}(?<![周週专專副特]刊)$")
_SUPPLEMENT_NAME = re.compile(r"(?<![\u4e00-\u9fff])(?:副刊|特刊)(?![\u4e00-\u9fff])")


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
    lines = [line.strip() for text in imprint for line in text.split("\n") if not is_jump(line)]
    publication = next((found for line in (*lines, *bylines) if (found := publication_of(line))), "")
    publication = publication or next((name for line in lines if read_date(line) and (name := leftover_name(line))), "")
    publication = publication or next((line for line in lines if MASTHEAD_NAME.match(line)), "")
    publication = publication or next((line for line in lines if _MAGAZINE.match(line)), "")
    publication = publication or next((m.group() for line in lines if (m := _NEWSLETTER.search(line))), "")
    dated = any(map(read_date, lines))
    # 西江警讯: no word tells it, but it stands by itself above or below the date.
    publication = publication or next((line for line in lines if dated and _BY_ITSELF.match(line)), "")
    own = len(lines)
    if not dated and not publication:
        lines += [title for title in titles if read_date(title)]
    # Several numbers without a paper's name are those of a book's pages.
    pages = [found for line in lines[:own] if (found := _page(line))] or [""]
    return Imprint(
        publication=publication,
        date=next((found for line in lines if (found := read_date(line))), ""),
        page=pages[0] if len(set(pages)) == 1 or publication else "",
        weekday=next((match.group() for line in lines if (match := WEEKDAY.search(line))), ""),
        section=_section([line for line in lines[:own] if line != publication], publication)
        if publication or dated
        else "",
    )


def _page(line: str) -> str:
    match = _PAGE.search(line)
    if match is not None:
        return match.group(1) or match.group(2)
    written = _HAN_PAGE.search(line)
    if written is not None:
        return str(read_number(written.group(1)))
    # What is left when the fields are gone: 12 公告 青湖晚报 2021年6月22日.
    number = _NUMBER.search(without_fields(line))
    return number.group(1) if number else ""


def _section(lines: list[str], publication: str) -> str:
    """Give what is left of the imprint when its fields are taken away: 政法 | 周刊, LOCAL NEWS."""
    found: list[str] = []
    for line in lines:
        if line[-1] in "报報" and MASTHEAD_NAME.match(line):
            continue
        supplement = _SUPPLEMENT.match(line)
        rest = supplement.group() if supplement else _PINYIN.sub("", imprint_rest(line))
        if _TWO_NAMES.fullmatch(rest):
            found.append(rest)
            continue
        found.extend(
            piece
            for each in _PIECES.split(rest)
            if _SECTION.match(piece := each.strip()) and piece not in (*found, publication)
        )
    if not found:
        found = [match.group() for line in lines if (match := _SUPPLEMENT_NAME.search(line))]
    return "".join(found[:2]) if len(found) > 1 and _SUPPLEMENT.match(found[1]) else "".join(found[:1])
