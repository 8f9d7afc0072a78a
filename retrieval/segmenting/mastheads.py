"""What the lines of a page's imprint look like: the paper, the date, the page, its editors and their telephones."""

import re
from functools import lru_cache

from retrieval.segmenting.dates import DATE, read_date
from retrieval.segmenting.fields import (
    PUBLICATION,
    SECTIONS,
    SEPARATORS,
    may_hold_field,
    may_hold_publication,
    opens_with_editor,
    take_fields,
)

__all__ = [
    "MASTHEAD_NAME",
    "imprint_rest",
    "is_address",
    "is_date_line",
    "is_imprint",
    "is_jump",
    "is_masthead",
    "is_masthead_field",
    "leftover_name",
    "names_paper",
    "publication_of",
    "without_fields",
]

_NAME = re.compile(
    rf"(?!(?:{SECTIONS})\b)(?:[A-ZÀ-ÝА-ЯЁ][\w'’-]*[a-zà-ÿа-яё]|THE|DER|DIE|DAS|LE|LA|LES|EL|LOS|LAS|IL)(?: [\w'’-]+){{1,5}}$"
    r"|[A-ZÄÖÜ][a-zäöüß]{2,}(?:bote|blatt|post|kurier|zeitung|anzeiger|spiegel|rundschau|presse|echo)$"
    r"|[\uac00-\ud7a3]{2,6}(?:매일|뉴스|투데이|신보|시보|경제|소식)$|[\u4e00-\u9fff\u3041-\u30ff]{2,10}(?:新報|タイムス|民報|通信|だより)$"
)
# A paper's name whose last character alone tells it, where other fields of an imprint stand beside it.
MASTHEAD_NAME = re.compile(r"[\u4e00-\u9fff]{2,8}[报報]$|[A-ZÀ-ÝА-ЯЁ][A-ZÀ-ÝА-ЯЁ '’&-]{3,40}$")
_PAGE_AND_SECTION = re.compile(
    r"(?:第\s*)?[A-Z]?\d{1,3}\s*[版页頁]?[\s|·:：]+[\u4e00-\u9fff]{2,8}(?:\s+[A-Z][A-Z ]{3,})?$"
    r"|(?:(?:Page|Seite|p\.)\s*)?\d{1,3}[\s|·]+[A-Z][\w &,]{2,30}$|[A-Z][A-Z &]{2,20}\s+\d{1,3}$"
)
_JUMP = re.compile(
    r"[（(【]?\s*(?:紧接|緊接|上接|下转|下轉|转|轉|接)\s*第?\s*[A-Z]?[\d一二三四五六七八九十]{1,3}\s*[版页頁面]"
    r"|[（(]?(?:(?:Continued|Cont['’.]?d?) (?:on|from)|See \w+,?|Fortsetzung (?:auf|von)|Suite) (?:page|p\.|Page|Seite)\s*[A-Z]?\d"
)
# A number by itself may be a page's, or anything; it says nothing beside no other field.
_NUMBER = re.compile(r"(?<![\d\w.,])[A-Z]?\d{1,3}(?:\s*[版页頁期]|(?![\d\w.,%:]))")
# The inks' names at a sheet's edge.
_PRESS_MARK = re.compile(r"C\s?M\s?Y\s?[KB]$")
_ORGANISERS = re.compile(
    r"(?:主办|主辦|协办|協辦|承办|承辦|出品|统筹)\s*[:：]\s*[\u4e00-\u9fff]+(?:[\s\u3000、]+[\u4e00-\u9fff]+)+$"
)
# An hour stands in no imprint: When: 7 p.m. Sunday.
_TIME = re.compile(r"\b\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\b")
# Fields that stand apart, as on a line across a page.
_COLUMNS = re.compile(r"\S(?:[ \u3000]{3,}|\s+[|·–—]\s+)(?=\S)")
_MAX_LINE = 180
_MAX_REST = 12
# Three fields of different kinds are an imprint's, whatever name stands among them.
_MAX_REST_OF_THREE = 36


def publication_of(text: str) -> str:
    """Give the name of the first paper that a text names, or ''."""
    match = PUBLICATION.search(text) if may_hold_publication(text) else None
    return match.group() if match else ""


def names_paper(text: str) -> bool:
    """Tell whether an imprint names a paper, by a word that papers are called by or by its place beside the date."""
    return bool(publication_of(text) or MASTHEAD_NAME.match(text) or (read_date(text) and leftover_name(text)))


def leftover_name(text: str) -> str:
    """Give the name of a paper that nothing but its place tells: the words beside the date of an imprint, or ''."""
    for piece in re.split(r"\s{2,}|\s[|·–—/-]\s", without_fields(text)):
        name = piece.strip(SEPARATORS)
        if _NAME.match(name):
            return name
    return ""


def without_fields(text: str) -> str:
    """Give an imprint's line without its fields but with its bare numbers, two spaces where each field stood."""
    return take_fields(text).rest


def imprint_rest(text: str) -> str:
    """Give what is left of an imprint's line without its fields: a section's name, an organiser's."""
    return "" if _ORGANISERS.match(text) else _NUMBER.sub("  ", without_fields(text)).strip(SEPARATORS)


@lru_cache(maxsize=1024)
def is_imprint(text: str) -> bool:
    """Tell whether a line is made of nothing but the fields of an imprint, or of little else than two of them."""
    if len(text) > _MAX_LINE or "。" in text or not (may_hold_field(text) or _PRESS_MARK.match(text)):
        return False
    if _TIME.search(text) and not read_date(text):
        return False
    taken = take_fields(text)
    kinds = taken.kinds + min(taken.others, 1) if taken.kinds else 0
    bare, numbers = _NUMBER.subn(" ", taken.rest)
    left = len("".join(bare.strip(SEPARATORS).split()))
    if _PRESS_MARK.match(text):
        return True
    if left == 0:
        return kinds > 0 or (numbers == 1 and taken.others == 0)
    if kinds == 0 or (kinds == 1 and (numbers == 0 and not opens_with_editor(text)) and left > len(text) // 8):
        return False
    if left <= len(text) // 8:
        return True
    if kinds >= 2 and numbers and left <= _MAX_REST_OF_THREE and len(_COLUMNS.findall(text)) > 1:
        return True
    if opens_with_editor(text) and left <= _MAX_REST and _ORGANISERS.match(text):
        return True
    room = any(separator in text.strip() for separator in (" ", "\u3000", "|", "·")) and text[-1] not in "！？!?…."
    return room and (
        (kinds + min(numbers, 1) >= 2 and left <= _MAX_REST) or (kinds >= 3 and left <= _MAX_REST_OF_THREE)
    )


def is_masthead(text: str) -> bool:
    """Tell whether a line is an imprint that only a periodical has: its name, or two of editors, weekday and page."""
    return is_imprint(text) and (publication_of(text) != "" or take_fields(text).kinds > 1)


def is_masthead_field(text: str) -> bool:
    """Tell whether a line is a paper's name, a page's number and section, or an address, if beside an imprint."""
    return MASTHEAD_NAME.match(text) is not None or _PAGE_AND_SECTION.match(text) is not None or is_address(text)


def is_address(text: str) -> bool:
    """Tell whether a line gives nothing but telephones and addresses, which stand in an imprint or below a notice."""
    if len(text) > _MAX_LINE or not may_hold_field(text):
        return False
    taken = take_fields(text)
    return taken.others > 0 and not taken.rest.strip(SEPARATORS)


def is_date_line(text: str) -> bool:
    """Tell whether a line holds a date and nothing else, as the end of a letter or notice does."""
    return DATE.fullmatch(text.strip(SEPARATORS)) is not None


def is_jump(text: str) -> bool:
    """Tell whether a line sends the reader to another page: （下转第四版）, Continued on page 7."""
    return len(text) <= 40 and _JUMP.match(text) is not None
