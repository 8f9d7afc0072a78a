"""The fields that a page's imprint is made of: the paper, the date, the page, its editors and their telephones."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from retrieval.segmenting.dates import DATE, WEEKDAY
from retrieval.segmenting.names import SURNAMES

__all__ = [
    "PUBLICATION",
    "SECTIONS",
    "SEPARATORS",
    "Taken",
    "may_hold_field",
    "may_hold_publication",
    "opens_with_editor",
    "take_fields",
]

SEPARATORS = " \t\u3000|·•,，:：()（）/／—–-□■"
"""What may stand between two fields."""

SECTIONS = "Local|Sports?|World|Business|National|Regional|Community|Home|Foreign|Latest"
"""Words that name a page and no paper: Local News."""

_LATIN_PAPER = (
    "Gazette|Times|Herald|Post|Tribune|Chronicle|News|Journal|Courier|Observer|Echo|Mail|Advertiser|Argus|Mercury|Sentinel"
    "|Record|Star|Standard|Examiner|Register|Express|Guardian|Dispatch|Bulletin|Ledger|Zeitung|Anzeiger|Nachrichten|Tageblatt"
    "|Kurier"
)
_SET_APART = r"(?:^|(?<=\s\s)|(?<=[|·–—] ))"
PUBLICATION = re.compile(
    r"[\u4e00-\u9fff]{2,6}?(?:日报|晚报|晨报|早报|商报|时报|周报|新报|都市报|法治报|日報|晚報|晨報|早報|時報|週報|商報|新報|新聞報|都市報)"
    r"|[\u4e00-\u9fff]{0,3}[\u3041-\u30ff][\u4e00-\u9fff\u3041-\u30ff]{0,8}新聞"
    r"|(?:朝日|毎日|読売|産経|東京|中日|西日本|[\u4e00-\u9fff]{2}(?:日日|経済))新聞"
    r"|(?:^|(?<=[\s\u3000]))広報[\u4e00-\u9fff\u3041-\u30ff]{1,8}(?=[\s\u3000]|$)"
    r"|[\uac00-\ud7a3]{2,6}(?:신문|일보|타임스|저널)"
    rf"|{_SET_APART}(?!(?:{SECTIONS}|{SECTIONS.upper()})\b)(?:(?:THE|The|Die|Der|Le|La|El) )?[A-ZÄÖÜ][\w'’-]+(?: [A-Z][\w'’-]+){{0,3}}[ -](?:{_LATIN_PAPER}|{_LATIN_PAPER.upper()})(?=$|\s{{2}}|\s*[|·–—]|,\s+(?:[A-Z][a-z]+day|Diens|\d|[A-Z][a-z]{{2,8}}\.? \d|,))"
)
"""The name of a paper, by a word that papers are called by."""

_VALUE = r"[^\s:：,，。|]{0,24}"
_LABEL_ENDS = rf"(?:\s*[:：/／]\s*{_VALUE}|\s+(?:[\u4e00-\u9fff]{{1,4}}|[\w@.+-]*\d[\w@.+-]*)(?![^\s|])|(?=[{SURNAMES}][\u4e00-\u9fff]{{1,2}}(?:\s|$)){_VALUE}|\s*$)"
_EDITOR = re.compile(
    r"(?:(?:新闻|刊登|广告|投稿|订报|读者|报料|采编|发行|投诉|爆料)(?:热线|熱線|电话|電話|专线|邮箱|信箱|郵箱)|责任编辑|責任編輯|本版(?:编辑|責编|责编|责任编辑)|美术编辑|美術編輯"
    r"|责编|責編|美编|美編|图编|编辑|編輯|校对|校對|校检|版式|版面|主编|主編|值班(?:编委|总编|主任|编辑)|组版|排版|制图|设计|印刷|邮发代号|代号|国内统一(?:连续出版物号|刊号)|刊号|零售价|定价"
    r"|总编辑|社长|主办|主辦|协办|協辦|承办|承辦|统筹|策划|监制|审核|终审|编审|出品)"
    rf"{_LABEL_ENDS}"
    r"|\b(?:Editors?|Redaktion|Layout)\b\.?\s*:?\s*(?:[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+|[\w.+-]+@[\w.-]+|[\d ()+/-]{5,})"
)
_LUNAR = r"(?:农历|農曆|夏历)?(?:[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年)?(?:闰|閏)?[正一二三四五六七八九十冬腊臘]{1,2}月(?:初|十|廿|卅|二十|三十)[一二三四五六七八九十]?(?![\u4e00-\u9fff])"
# Whom to call stands in an imprint, and below a notice; the weather stands in an imprint too.
_OTHERS = re.compile(
    rf"(?:热线|熱線|电话|電話|专线|(?:电子|投稿)?(?:邮箱|信箱)|郵箱|邮编|郵編|网址)(?:\s*[:：/／]\s*|\s+){_VALUE}"
    r"|\b(?:Phone|Tel|Email|E-mail)\b\.?\s*[:：]?\s*(?:[\w.+-]+@[\w.-]+|[\d ()+/-]{5,})|(?<![\d-])(?:\d{3,4}-)?\d{7,8}(?![\d-])"
    r"|(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.]+"
    r"|(?:今日|明日)天[气氣][:：]?\s*\S{1,12}|-?\d{1,2}\s?℃?\s?[～~-]\s?-?\d{1,2}\s?℃"
)
_NUMBER = re.compile(
    r"第\s*[A-Z]?\d{1,5}\s*[版页頁期面号號]|第[一二三四五六七八九十]{1,3}[版期]|总第?\s*\d+\s*期|今日\s*\d+\s*版|(?<!\d)\d{1,2}\s*[面면](?=\s|$)"
    r"|\b(?:(?i:Page|Seite|Issue|No\.|Nr\.|Vol\.|Ausgabe|Number)|p\.|S\.)\s*\d{1,5}[A-Z]?\b"
    r"|№\s*\d{1,5}(?:\s*\(\d{1,6}\))?|\b[Сс]тр\.\s*\d{1,3}|第3種郵便物認可"
)
_SEASON = re.compile(
    r"(?:Spring|Summer|Autumn|Fall|Winter|January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{4}\b"
)
_SUPPLEMENT = re.compile(r"周刊|週刊|副刊|特刊|主管|主办|主辦|协办|協辦|社?出版(?=\s|$)|社(?=\s|$)")
# A paper's or a section's name once more, in Latin letters.
_PINYIN = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]+[A-Z]{2,}(?: [A-Z]{2,})*$")
# Beside fields that are known, what is set like one: 责任编揖:廖志, and a name in capitals beside a Chinese date.
_LIKE_FIELD = re.compile(
    r"(?<![\u4e00-\u9fff])(?![\u4e00-\u9fff]*(?:记者|記者|通讯员|通訊員|作者|撰文|摄影|攝影))[\u4e00-\u9fff]{2,6}[:：/／]\s*[^\s:：,，。|]{2,24}"
)
_CAPITALS = re.compile(r"(?<![^\s\u3000])[A-Z]{3,}(?: [A-Z]{2,})*(?![^\s\u3000])")
_HAN = re.compile("[\u4e00-\u9fff]")

# A line without any of these has no field; most lines of prose are told by this alone. Plain words are looked for in
# the line's small letters, which is ten times as fast as one expression for all.
_HINT = re.compile(r"[\d编编责責电電话校版主社刊报報聞周週曜期星办辦统策组〇○요신]")
_DAY_HINT = re.compile(r"(?:day|tag|di)(?!\w)")
_PAPERS = tuple(paper.lower() for paper in _LATIN_PAPER.split("|"))
_LATIN_HINTS = ("mittwoch", "editor", "phone", "tel", "redaktion", "layout", *_PAPERS)
# What a line must hold to have each of the fields.
_EDITOR_HINT = re.compile(r"[线線话話箱编編校式面值组排制设印统号价办辦策审品长]|Editor|Redaktion|Layout")
_OTHERS_HINT = re.compile(r"[线線话話箱编編网气氣℃@]|\d{7}|Phone|Tel|mail|http|www")
_WEEKDAY_HINT = re.compile(r"[期周週拜曜요]|[（(][月火水木金土日][）)]")
_WEEKDAY_HINTS = (
    *("day", "tag", "mittwoch", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    *("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    *("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica", "feira"),
    *("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
)
_NUMBER_HINT = re.compile(r"[第总今面면№]|тр\.|[Pp]\.|S\.|[Nn][Oo]\.|[Nn][Rr]\.|[Vv][Oo][Ll]\.")
_NUMBER_HINTS = ("page", "seite", "issue", "ausgabe", "number")
_PUBLICATION_HINT = re.compile(r"[报報聞広문보스널]")
_DATE_HINT = re.compile(r"(?:19|20)\d\d|民[国國]|令和|平成|昭和|[一二][〇○零一二九][\u4e00-\u9fff〇○]{2}年")
_YEAR_HINT = re.compile(r"\d{4}")
_SUPPLEMENT_HINT = re.compile("[刊办辦社管版]")


def may_hold_field(text: str) -> bool:
    """Tell, fast, whether a line may have a field at all."""
    if _HINT.search(text):
        return True
    small = text.lower()
    return any(map(small.__contains__, _LATIN_HINTS)) or _DAY_HINT.search(small) is not None


def may_hold_publication(text: str) -> bool:
    """Tell, fast, whether a text may name a paper."""
    return _PUBLICATION_HINT.search(text) is not None or any(map(text.lower().__contains__, _PAPERS))


def opens_with_editor(text: str) -> bool:
    """Tell whether a line begins with an editor's or organiser's label."""
    return _EDITOR.match(text) is not None


def _may_hold_weekday(text: str) -> bool:
    return _WEEKDAY_HINT.search(text) is not None or any(map(text.lower().__contains__, _WEEKDAY_HINTS))


def _may_hold_number(text: str) -> bool:
    return _NUMBER_HINT.search(text) is not None or any(map(text.lower().__contains__, _NUMBER_HINTS))


# The fields, what a line must hold to have each, and how many of each count: two editors, or an issue's number and a
# page's, are two fields; a name in Latin letters is none by itself.
_FIELDS: tuple[tuple[re.Pattern[str], Callable[[str], object], int], ...] = (
    (_EDITOR, _EDITOR_HINT.search, 2),
    (_PINYIN, lambda text: not text.isascii(), 0),
    (WEEKDAY, _may_hold_weekday, 1),
    (_NUMBER, _may_hold_number, 2),
    (PUBLICATION, may_hold_publication, 1),
    (DATE, _DATE_HINT.search, 1),
    (re.compile(_LUNAR), lambda text: "月" in text, 1),
    (_SEASON, _YEAR_HINT.search, 1),
    (_SUPPLEMENT, _SUPPLEMENT_HINT.search, 1),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A line whose fields were taken away.

    ``kinds`` counts the fields that only an issue has, ``others`` telephones and addresses; ``rest`` is what is left,
    two spaces where each field stood.
    """

    kinds: int
    others: int
    rest: str


@lru_cache(maxsize=1024)
def take_fields(text: str) -> Taken:
    """Take an imprint's fields away from a line, all but bare numbers."""
    kinds = others = 0
    for fields, may_hold, most in _FIELDS:
        if may_hold(text):
            text, count = fields.subn("  ", text)
            kinds += min(count, most)
    if _OTHERS_HINT.search(text):
        text, others = _OTHERS.subn("  ", text)
    if kinds and _HAN.search(text):
        text, count = _LIKE_FIELD.subn("  ", text)
        kinds += min(count, 2)
        text = _CAPITALS.sub("  ", text)
    return Taken(kinds, others, text)
