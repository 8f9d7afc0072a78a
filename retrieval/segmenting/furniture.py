"""What single lines of a page look like: pure tests, each for one kind of line."""

import re
from functools import lru_cache

from retrieval.language.scripts import HAN, HANGUL, KANA

__all__ = [
    "CLOSERS",
    "DATELINE",
    "MASTHEAD_NAME",
    "PUBLICATION",
    "heading_pattern",
    "imprint_rest",
    "is_byline",
    "is_card",
    "is_credit",
    "is_deck",
    "is_field",
    "is_imprint",
    "is_label",
    "is_list_item",
    "is_masthead",
    "is_masthead_field",
    "is_name",
    "is_names",
    "is_note",
    "is_organisation",
    "is_short",
    "is_unfinished",
]

CLOSERS = "”’」』）)》】\"'»"
PUBLICATION = re.compile(
    r"[\u4e00-\u9fff]{2,6}?(?:日报|晚报|晨报|早报|商报|时报|周报|新报|日報|晚報|晨報|時報|週報|新聞報)"
    r"|[\u4e00-\u9fff]{0,3}[\u3041-\u30ff][\u4e00-\u9fff\u3041-\u30ff]{0,8}新聞|(?:朝日|毎日|読売|産経|東京|中日|西日本|[\u4e00-\u9fff]{2}(?:日日|経済))新聞"
    r"|^(?:(?:THE|The) )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,3} (?:GAZETTE|TIMES|HERALD|POST|TRIBUNE|CHRONICLE|NEWS|JOURNAL|COURIER|OBSERVER|ECHO|MAIL|ADVERTISER|ARGUS|MERCURY|Gazette|Times|Herald|Post|Tribune|Chronicle|News|Journal|Courier|Observer|Echo|Mail|Advertiser|Argus|Mercury)(?=$|\s{2}|\s*[|·])"
)
# A paper's name whose last character alone tells it, where other fields of an imprint stand beside it.
MASTHEAD_NAME = re.compile(r"[\u4e00-\u9fff]{2,8}[报報]$|[A-Z][A-Z '’&-]{3,40}$")
_PAGE_AND_SECTION = re.compile(
    r"(?:第\s*)?[A-Z]?\d{1,3}\s*[版页頁]?[\s|·]+[\u4e00-\u9fff]{2,8}$|(?:Page|Seite|p\.)\s*\d{1,3}[\s|·]+[A-Z][\w &,]{2,30}$"
)
DATELINE = re.compile(
    r"^[^。，,]{0,12}[（(][^）)]{0,40}(?:记者|記者|通讯员|通訊員)[^）)]*[）)]|^(?:[^\s。，,]{2,6})?[记記]者[^\s。，,、；]{2,8}[/／][^\s。，,、；]{2,8}(?:报导|報導|报道|報道)"
)
_ENDS = frozenset("。！？!?…｡")
_MONTHS = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
# Fields of a page's imprint. A line is imprint when such fields make up all of it, or nearly so.
_EDITOR = r"(?:电话|電話|责任编辑|責任編輯|美术编辑|美術編輯|责编|責編|美编|美編|编辑|編輯|校对|校對|版式|主编|主編|值班编委|组版|排版|印刷|邮编|郵編|网址|主办|主辦|协办|協辦|承办|承辦|统筹|策划)(?:\s*[:：/／]\s*|\s+|(?=[\u4e00-\u9fff]{2,3}(?:\s|$)))"
_LATIN_EDITOR = r"\b(?:Editors?|Phone|Tel|Redaktion|Layout)\b\.?\s*:?\s*"
_STRONG_FIELDS = re.compile(
    rf"(?:{_EDITOR}[^\s:：,，。|]{{0,24}}|{_LATIN_EDITOR}(?:[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+|[\d ()+/-]{{5,}})"
    r"|(?:星期|周|週|礼拜|禮拜)[一二三四五六日天](?![\u4e00-\u9fff])|[月火水木金土日]曜日?(?![\u4e00-\u9fff])|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|第\s*[A-Z]?\d{1,3}\s*[版页頁期面]|(?<!\d)\d{1,2}面(?=\s|$)|\b(?:Page|p\.|Seite|S\.|Issue|No\.|Nr\.|Ausgabe)\s*\d{1,3}\b)",
)
_WEAK_FIELDS = re.compile(
    r"(?:(?:中華)?民[国國]\s*\d{2,3}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
    rf"|\d{{1,2}}\.?\s+{_MONTHS}\s+\d{{4}}|{_MONTHS}\s+\d{{1,2}},\s*\d{{4}}"
    rf"|(?:Spring|Summer|Autumn|Fall|Winter|{_MONTHS})\s+\d{{4}}\b"
    r"|(?<![\d\w])[A-Z]?\d{1,3}(?![\d\w])\s*[版页頁期]?|周刊|副刊|特刊|主办|主辦|协办|協辦|社$)",
)
# A line without any of these has no field; most lines of prose are told by this alone.
_HINT = re.compile(
    r"[\d编編责責电電話校版主社刊报報聞周週曜期星办辦统策组]|day\b|Editor|Phone|Tel|Redaktion|Layout|(?:GAZETTE|TIMES|HERALD|POST|TRIBUNE|CHRONICLE|NEWS|JOURNAL|COURIER|OBSERVER|ECHO|MAIL|ADVERTISER|ARGUS|MERCURY)",
    re.IGNORECASE,
)
_SEPARATORS = " \t\u3000|·,，:：()（）/—–-"
_REPORTER = re.compile(
    r"(?:记者|記者)(?!手记|手記|观察|觀察|調查|调查|札记|视线|站|从|從|在|了解|获悉|獲悉)|通讯员|通訊員|特约撰稿|文[/／|｜]图?|图[/／|｜]文|作者[:：]|撰文|本报评论员|本報評論員"
    r"|^[□■◎○●◆]\s*[\u4e00-\u9fff]{2,4}(?:\s+[\u4e00-\u9fff]{2,4})*$"
    r"|^(?:From|By) [Oo]ur (?:\w+ ){0,3}(?:[Cc]orrespondent|[Rr]eporter|[Ss]taff|[Ee]ditor)s?$"
    r"|^\s*(?:By|BY|Von|VON|Par|PAR|Por|POR)\s+(?:(?:[A-ZÀ-Ý][\w'’.-]*|and|und|et|y|&|de|van|von|der)[ ,]*){2,8}$"
)
_CREDIT = re.compile(
    r"(?:(?<!拍)[摄攝]|供图|供圖|撮影|提供|摄影|攝影|资料图片|資料圖片|资料图|資料照片|配图|配圖|\b(?:Photo(?:graph)?s?|Picture|Image|Foto|Bild)s?(?:\s+by|\s*:)\s+[A-ZÀ-Ý][\w .'’-]{1,40})\s*[）)]?$"
    r"|^(?:Figure|Fig\.|Abbildung|Abb\.|Table|Tabelle|图|圖)\s*\d+[.:：、 ]"
)
_NOTE = re.compile(
    r"^[【\[(（]?(?:编者按|編者按|编者的话|編者的話|编者注|編者註|编后|編後|Editor['’]s note|Anm(?:erkung|\.) d(?:er|\.) Red(?:aktion|\.))[】\])）]?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LABEL = re.compile(
    r"(?:in brief|news in brief|round-?up|opinion|editorial|comment|letters|obituar(?:y|ies)|简讯|簡訊|快讯|快訊|短讯|短訊|短评|短評|社论|社論|评论|評論|时评|時評|编后|图片新闻|人物|people|in memoriam)$",
    re.IGNORECASE,
)
_POST = re.compile(
    r"书记|主任|局长|院长|检察长|县长|区长|市长|镇长|乡长|部长|校长|主席|会长|委员(?!会)|代表|秘书长|队长|所长|庭长|总经理|董事长|理事长"
    r"|書記|局長|院長|檢察長|縣長|區長|市長|鎮長|鄉長|部長|校長|會長|委員(?!會)|秘書長|隊長|所長|總經理|董事長|理事長"
)
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}$")
_LATIN_NAME = r"[A-ZÀ-Ý][\w'’.-]*(?: [A-ZÀ-Ý][\w'’.-]*){1,3}"
_LATIN_NAMES = re.compile(rf"{_LATIN_NAME}(?:(?:, | and | und | et | y | & ){_LATIN_NAME})*$")
_FIELD = re.compile(r"[^\W\d_][\w .'-]{0,24}: +\S|[\u4e00-\u9fff]{2,8}[:：]\s*\S")
_LIST_ITEM = re.compile(r"(?:[-*+•‣▪–]|\[[ xX]\]|\(?[a-z]{1,3}\))\s+\S|\|")
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff]{3,18}(?:办公室|辦公室|委员会|委員會|人民政府|研究室|编辑部|課題組|课题组|司法局|公安局|教育局|[厅廳])$"
)
_DECK = re.compile(
    r"(?:——|--|—)|.*(?:纪实|紀實|综述|綜述|侧记|側記|见闻|見聞|纪行|紀行|走笔|扫描|专访|專訪|访谈录|回眸|一瞥|札记)$"
)
_MARKDOWN = re.compile(r"#{1,6}\s")
_NUMBERED = (
    (re.compile(r"关键词|關鍵詞|关键字"), "keyword"),
    (re.compile(r"[（(]?\d{1,2}\s*[）).、．]?\s*[^\d\s.,，%年月日时时點点分:：/-]"), "number"),
    (re.compile(r"[一二三四五六七八九十]{1,3}[、．.]"), "han-number"),
    (re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"), "han-number-2"),
    (re.compile(r"第[一二三四五六七八九十百零〇\d]+[章节節回篇部卷条條]"), "chapter"),
    (re.compile(r"(?:Chapter|Part|Section|Item|Kapitel|Chapitre)\s+(?:[\dIVXLC]+\b|the\s)", re.IGNORECASE), "chapter"),
)
_SHORT_WIDE = 44
_SHORT_NARROW = 90
_WIDE = re.compile(f"[{HAN}{KANA}{HANGUL}]+")


def is_short(text: str) -> bool:
    """Tell whether a line is no longer than a headline is."""
    if len(text) <= _SHORT_WIDE or len(text) > _SHORT_NARROW:
        return len(text) <= _SHORT_WIDE
    return len(_WIDE.sub("", text)) * 2 > len(text)


def is_unfinished(text: str) -> bool:
    """Tell whether a text stops before a sentence has ended."""
    bare = text[-80:].rstrip(CLOSERS + " ")
    return not bare or (bare[-1] not in _ENDS and not bare.endswith((".", "——", "--", ":", "：", ";", "；")))


def imprint_rest(text: str) -> str:
    """Give what is left of an imprint's line without its fields: a section's name, an organiser's."""
    for fields in (_STRONG_FIELDS, PUBLICATION, _WEAK_FIELDS):
        text = fields.sub(" ", text)
    return text.strip(_SEPARATORS)


@lru_cache(maxsize=1024)
def is_imprint(text: str) -> bool:
    """Tell whether a line is made of nothing but the fields of an imprint, or of little else than two of them."""
    if len(text) > 2 * _SHORT_NARROW or "。" in text or _HINT.search(text) is None:
        return False
    without_strong, strong = _STRONG_FIELDS.subn(" ", text)
    without_name, names = PUBLICATION.subn(" ", without_strong)
    rest, weak = _WEAK_FIELDS.subn(" ", without_name)
    left = len("".join(rest.strip(_SEPARATORS).split()))
    if left == 0:
        return is_short(text) or strong > 1
    if strong + names + weak == 0 or (strong == 0 and names + weak < 2):
        return False
    return left <= len(text) // 8 or (
        strong + weak + names >= 2 and left <= 12 and is_unfinished(text) and _has_room(text)
    )


def is_masthead(text: str) -> bool:
    """Tell whether a line is an imprint that only a periodical has: its name, or two of editors, weekday and page."""
    return is_imprint(text) and (PUBLICATION.search(text) is not None or _count_fields(text) > 1)


def _count_fields(text: str) -> int:
    rest, strong = _STRONG_FIELDS.subn(" ", text)
    return strong + len(_WEAK_FIELDS.findall(rest)) if strong else 0


def is_masthead_field(text: str) -> bool:
    """Tell whether a line is a paper's name or a page's number and section, if it stands beside an imprint."""
    return MASTHEAD_NAME.match(text) is not None or _PAGE_AND_SECTION.match(text) is not None


@lru_cache(maxsize=1024)
def is_byline(text: str) -> bool:
    """Tell whether a line names the writers of an article."""
    return is_short(text) and is_unfinished(text) and _REPORTER.search(text) is not None and not is_credit(text)


def is_names(text: str) -> bool:
    """Tell whether a line holds nothing but names of people in Latin letters."""
    return len(text) <= _SHORT_NARROW and _LATIN_NAMES.match(text) is not None


def is_credit(text: str) -> bool:
    """Tell whether a line ends with a photographer or the provider of a picture, or numbers a figure."""
    return len(text) <= _SHORT_NARROW and _CREDIT.search(text) is not None


def is_note(text: str) -> bool:
    """Tell whether a text opens a note of the editors."""
    return _NOTE.match(text) is not None


def is_organisation(text: str) -> bool:
    """Tell whether a line is the name of an office, which signs a report below its title."""
    return _ORGANISATION.match(text) is not None


def is_deck(text: str) -> bool:
    """Tell whether a heading is a line below a headline: it begins with a dash, or says what kind of text follows."""
    return _DECK.match(text) is not None


def is_label(text: str) -> bool:
    """Tell whether a line names a column of small articles: 简讯, 短评, In brief."""
    return _LABEL.match(text) is not None


def is_field(text: str) -> bool:
    """Tell whether a line gives a name and its value, as a letter's head does."""
    return _FIELD.match(text) is not None


def is_list_item(text: str) -> bool:
    """Tell whether a line is an item of a list or a table's row."""
    return _LIST_ITEM.match(text) is not None


def is_name(text: str) -> bool:
    """Tell whether a line may be a Chinese person's name, which may be spaced out."""
    return _NAME.match(text.replace(" ", "").replace("\u3000", "")) is not None


def is_card(lines: tuple[str, ...]) -> bool:
    """Tell whether lines are a person's name above that person's posts."""
    name, *posts = lines
    return (
        bool(posts)
        and len(posts) <= 4
        and is_name(name)
        and all(is_short(post) and is_unfinished(post) for post in posts)
        and any(_POST.search(post) for post in posts)
    )


def heading_pattern(text: str) -> str:
    """Name the pattern that a heading follows, by which headings of one level are known, or give ''."""
    if _MARKDOWN.match(text):
        return f"markdown-{len(text) - len(text.lstrip('#'))}"
    for pattern, name in _NUMBERED:
        if pattern.match(text):
            return name
    return "dash" if text.endswith(("——", "--", "—")) else ""


def _has_room(text: str) -> bool:
    """Tell whether the fields are set apart from the rest by spaces or bars, as they are not in a sentence."""
    return any(separator in text.strip() for separator in (" ", "\u3000", "|", "·"))
