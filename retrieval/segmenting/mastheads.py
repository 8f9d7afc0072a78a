"""What the lines of a page's imprint look like: the paper, the date, the page, its editors and their telephones."""

import re
from collections.abc import Callable
from functools import lru_cache

from retrieval.segmenting.dates import DATE, WEEKDAY, read_date

__all__ = [
    "MASTHEAD_NAME",
    "PUBLICATION",
    "imprint_rest",
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

_LATIN_PAPER = (
    "Gazette|Times|Herald|Post|Tribune|Chronicle|News|Journal|Courier|Observer|Echo|Mail|Advertiser|Argus|Mercury|Sentinel"
    "|Record|Star|Standard|Examiner|Register|Express|Guardian|Dispatch|Bulletin|Zeitung|Anzeiger|Nachrichten|Tageblatt|Kurier"
)
_SECTIONS = "Local|Sports?|World|Business|National|Regional|Community|Home|Foreign|Latest"
_SET_APART = r"(?:^|(?<=\s\s)|(?<=[|·–—] ))"
PUBLICATION = re.compile(
    r"[\u4e00-\u9fff]{2,6}?(?:日报|晚报|晨报|早报|商报|时报|周报|新报|都市报|法治报|日報|晚報|晨報|早報|時報|週報|商報|新報|新聞報|都市報)"
    r"|[\u4e00-\u9fff]{0,3}[\u3041-\u30ff][\u4e00-\u9fff\u3041-\u30ff]{0,8}新聞"
    r"|(?:朝日|毎日|読売|産経|東京|中日|西日本|[\u4e00-\u9fff]{2}(?:日日|経済))新聞"
    r"|[\uac00-\ud7a3]{2,6}(?:신문|일보|타임스|저널)"
    rf"|{_SET_APART}(?!(?:{_SECTIONS}|{_SECTIONS.upper()})\b)(?:(?:THE|The|Die|Der|Le|La|El) )?[A-ZÄÖÜ][\w'’-]+(?: [A-Z][\w'’-]+){{0,3}}[ -](?:{_LATIN_PAPER}|{_LATIN_PAPER.upper()})(?=$|\s{{2}}|\s*[|·–—]|,\s+(?:[A-Z][a-z]+day|Diens|\d|[A-Z][a-z]{{2,8}}\.? \d|,))"
)
_NAME = re.compile(
    rf"(?!(?:{_SECTIONS})\b)(?:[A-ZÀ-ÝА-ЯЁ][\w'’-]*[a-zà-ÿа-яё]|THE|DER|DIE|DAS|LE|LA|LES|EL|LOS|LAS|IL)(?: [\w'’-]+){{1,5}}$"
)
# A paper's name whose last character alone tells it, where other fields of an imprint stand beside it.
MASTHEAD_NAME = re.compile(r"[\u4e00-\u9fff]{2,8}[报報]$|[A-Z][A-Z '’&-]{3,40}$")
_PAGE_AND_SECTION = re.compile(
    r"(?:第\s*)?[A-Z]?\d{1,3}\s*[版页頁]?[\s|·:：]+[\u4e00-\u9fff]{2,8}(?:\s+[A-Z][A-Z ]{3,})?$"
    r"|(?:Page|Seite|p\.)\s*\d{1,3}[\s|·]+[A-Z][\w &,]{2,30}$"
)
_JUMP = re.compile(
    r"[（(【]?\s*(?:紧接|緊接|上接|下转|下轉|转|轉|接)\s*第?\s*[A-Z]?[\d一二三四五六七八九十]{1,3}\s*[版页頁面]"
    r"|[（(]?(?:(?:Continued|Cont['’.]?d?) (?:on|from)|See \w+,?|Fortsetzung (?:auf|von)|Suite) (?:page|p\.|Page|Seite)\s*[A-Z]?\d"
)
_EDITOR = (
    r"(?:(?:新闻|刊登|广告|投稿|订报|读者|报料|采编|发行|投诉|爆料)?(?:热线|熱線|电话|電話|专线)|(?:电子|投稿)?(?:邮箱|信箱|郵箱)|责任编辑|責任編輯|本版(?:编辑|責编|责编)|美术编辑|美術編輯"
    r"|责编|責編|美编|美編|编辑|編輯|校对|校對|版式|主编|主編|值班(?:编委|总编|主任|编辑)|组版|排版|制图|设计|印刷|邮编|郵編|邮发代号|国内统一(?:连续出版物号|刊号)|零售价|定价"
    r"|网址|主办|主辦|协办|協辦|承办|承辦|统筹|策划|监制|审核|终审|编审|出品)(?:\s*[:：/／]\s*|\s+|(?=[\u4e00-\u9fff]{2,3}(?:\s|$)))"
)
_LATIN_EDITOR = r"\b(?:Editors?|Phone|Tel|Redaktion|Layout|Email|E-mail)\b\.?\s*:?\s*"
_LUNAR = r"(?:农历|農曆|夏历)?(?:[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年)?(?:闰|閏)?[正一二三四五六七八九十冬腊臘]{1,2}月(?:初|十|廿|卅|二十|三十)[一二三四五六七八九十]?(?![\u4e00-\u9fff])"
_FIELDS = (
    re.compile(
        rf"{_EDITOR}[^\s:：,，。|]{{0,24}}|{_LATIN_EDITOR}(?:[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+|[\w.+-]+@[\w.-]+|[\d ()+/-]{{5,}})|(?<![\d-])(?:\d{{3,4}}-)?\d{{7,8}}(?![\d-])"
    ),
    # A paper's or a section's name once more, in Latin letters.
    re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]+[A-Z]{2,}(?: [A-Z]{2,})*$"),
    WEEKDAY,
    re.compile(
        r"第\s*[A-Z]?\d{1,5}\s*[版页頁期面号號]|总第?\s*\d+\s*期|今日\s*\d+\s*版|(?<!\d)\d{1,2}\s*[面면](?=\s|$)"
        r"|\b(?:Page|p\.|Seite|S\.|Issue|No\.|Nr\.|Vol\.|Ausgabe|Number)\s*\d{1,5}\b"
        r"|№\s*\d{1,5}(?:\s*\(\d{1,6}\))?|\b[Сс]тр\.\s*\d{1,3}"
    ),
    PUBLICATION,
    DATE,
    re.compile(_LUNAR),
    re.compile(
        r"(?:Spring|Summer|Autumn|Fall|Winter|January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{4}\b"
    ),
    re.compile(r"周刊|週刊|副刊|特刊|主办|主辦|协办|協辦|社$"),
)
# A number by itself may be a page's, or anything; it says nothing beside no other field.
_NUMBER = re.compile(r"(?<![\d\w.,])[A-Z]?\d{1,3}(?![\d\w.,%:])\s*[版页頁期]?")
# A line without any of these has no field; most lines of prose are told by this alone. Plain words are looked for in
# the line's small letters, which is ten times as fast as one expression for all.
_HINT = re.compile(r"[\d编編责責电電话校版主社刊报報聞周週曜期星办辦统策组요신]")
_DAY_HINT = re.compile(r"(?:day|tag|di)(?!\w)")
_PAPERS = tuple(paper.lower() for paper in _LATIN_PAPER.split("|"))
_LATIN_HINTS = ("mittwoch", "editor", "phone", "tel", "redaktion", "layout", *_PAPERS)
# What a line must hold to have each of the fields.
_PHONE_HINT = re.compile(r"[线線话話箱编編校式值组排制设印邮统价网办辦策审品]|\d{7}")
_EDITOR_HINTS = ("Editor", "Phone", "Tel", "Redaktion", "Layout", "Email", "E-mail")
_WEEKDAY_HINT = re.compile(r"[期周週拜曜요]|[（(][月火水木金土日][）)]")
_WEEKDAY_HINTS = (
    *("day", "tag", "mittwoch", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    *("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    *("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica", "feira"),
    *("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
)
_NUMBER_HINT = re.compile(r"[第总今面면№]")
_NUMBER_HINTS = ("тр.", "Page", "p.", "Seite", "S.", "Issue", "No.", "Nr.", "Vol.", "Ausgabe", "Number")
_PUBLICATION_HINT = re.compile(r"[报報聞문보스널]")
_DATE_HINT = re.compile(r"(?:19|20)\d\d|民[国國]")
_YEAR_HINT = re.compile(r"\d{4}")
_SUPPLEMENT_HINT = re.compile("[刊办辦社]")
# Two editors, or an issue's number and a page's, are two fields; a name in Latin letters is none by itself.
_COUNTED = (2, 0, 1, 2, 1, 1, 1, 1, 1)
_SEPARATORS = " \t\u3000|·,，:：()（）/／—–-"
# Fields that stand apart, as on a line across a page.
_COLUMNS = re.compile(r"\S(?:[ \u3000]{3,}|\s+[|·–—]\s+)(?=\S)")
_MAX_LINE = 180
_MAX_REST = 12
# Three fields of different kinds are an imprint's, whatever name stands among them.
_MAX_REST_OF_THREE = 36


def publication_of(text: str) -> str:
    """Give the name of the first paper that a text names, or ''."""
    match = PUBLICATION.search(text) if _may_hold_publication(text) else None
    return match.group() if match else ""


def names_paper(text: str) -> bool:
    """Tell whether an imprint names a paper, by a word that papers are called by or by its place beside the date."""
    return bool(publication_of(text) or MASTHEAD_NAME.match(text) or (read_date(text) and leftover_name(text)))


def leftover_name(text: str) -> str:
    """Give the name of a paper that nothing but its place tells: the words beside the date of an imprint, or ''."""
    for piece in re.split(r"\s{2,}|\s[|·–—/-]\s", without_fields(text)):
        name = piece.strip(_SEPARATORS)
        if _NAME.match(name):
            return name
    return ""


def without_fields(text: str) -> str:
    """Give an imprint's line without its fields but with its bare numbers, two spaces where each field stood."""
    return _take_fields(text)[1]


def imprint_rest(text: str) -> str:
    """Give what is left of an imprint's line without its fields: a section's name, an organiser's."""
    return _NUMBER.sub("  ", without_fields(text)).strip(_SEPARATORS)


@lru_cache(maxsize=1024)
def is_imprint(text: str) -> bool:
    """Tell whether a line is made of nothing but the fields of an imprint, or of little else than two of them."""
    if len(text) > _MAX_LINE or "。" in text or not _has_hint(text):
        return False
    kinds, rest = _take_fields(text)
    bare, numbers = _NUMBER.subn(" ", rest)
    left = len("".join(bare.strip(_SEPARATORS).split()))
    if left == 0:
        return kinds > 0 or numbers == 1
    if kinds == 0 or (kinds == 1 and (numbers == 0 and not _opens_with_editor(text)) and left > len(text) // 8):
        return False
    if left <= len(text) // 8:
        return True
    if kinds >= 2 and numbers and left <= _MAX_REST_OF_THREE and len(_COLUMNS.findall(text)) > 1:
        return True
    room = any(separator in text.strip() for separator in (" ", "\u3000", "|", "·")) and text[-1] not in "！？!?…."
    return room and (
        (kinds + min(numbers, 1) >= 2 and left <= _MAX_REST) or (kinds >= 3 and left <= _MAX_REST_OF_THREE)
    )


@lru_cache(maxsize=1024)
def _take_fields(text: str) -> tuple[int, str]:
    kinds = 0
    for fields, may_hold, most in zip(_FIELDS, _MAY_HOLD, _COUNTED, strict=True):
        if may_hold(text):
            text, count = fields.subn("  ", text)
            kinds += min(count, most)
    return kinds, text


def _has_hint(text: str) -> bool:
    if _HINT.search(text):
        return True
    small = text.lower()
    return any(map(small.__contains__, _LATIN_HINTS)) or _DAY_HINT.search(small) is not None


def _may_hold_editor(text: str) -> bool:
    return _PHONE_HINT.search(text) is not None or any(map(text.__contains__, _EDITOR_HINTS))


def _may_hold_weekday(text: str) -> bool:
    if _WEEKDAY_HINT.search(text):
        return True
    return any(map(text.lower().__contains__, _WEEKDAY_HINTS))


def _may_hold_number(text: str) -> bool:
    return _NUMBER_HINT.search(text) is not None or any(map(text.__contains__, _NUMBER_HINTS))


def _may_hold_publication(text: str) -> bool:
    if _PUBLICATION_HINT.search(text):
        return True
    return any(map(text.lower().__contains__, _PAPERS))


_MAY_HOLD: tuple[Callable[[str], object], ...] = (
    _may_hold_editor,
    lambda text: not text.isascii(),
    _may_hold_weekday,
    _may_hold_number,
    _may_hold_publication,
    _DATE_HINT.search,
    lambda text: "月" in text,
    _YEAR_HINT.search,
    _SUPPLEMENT_HINT.search,
)


def _opens_with_editor(text: str) -> bool:
    return _FIELDS[0].match(text) is not None


def is_masthead(text: str) -> bool:
    """Tell whether a line is an imprint that only a periodical has: its name, or two of editors, weekday and page."""
    return is_imprint(text) and (publication_of(text) != "" or _take_fields(text)[0] > 1)


def is_masthead_field(text: str) -> bool:
    """Tell whether a line is a paper's name or a page's number and section, if it stands beside an imprint."""
    return MASTHEAD_NAME.match(text) is not None or _PAGE_AND_SECTION.match(text) is not None


def is_date_line(text: str) -> bool:
    """Tell whether a line holds a date and nothing else, as the end of a letter or notice does."""
    return DATE.fullmatch(text.strip(_SEPARATORS)) is not None


def is_jump(text: str) -> bool:
    """Tell whether a line sends the reader to another page: （下转第四版）, Continued on page 7."""
    return len(text) <= 40 and _JUMP.match(text) is not None
