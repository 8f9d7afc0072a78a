"""What single lines of a page look like: pure tests, each for one kind of line."""

import re

from retrieval.language.scripts import HAN, HANGUL, KANA
from retrieval.segmenting.names import han_names
from retrieval.segmenting.posts import names_post, names_usual_post

__all__ = [
    "CLOSERS",
    "MAX_VERSE",
    "heading_pattern",
    "is_box",
    "is_bulleted",
    "is_card",
    "is_contact",
    "is_credit",
    "is_deck",
    "is_field",
    "is_label",
    "is_labelled",
    "is_list_item",
    "is_list_title",
    "is_name",
    "is_note",
    "is_notice_title",
    "is_row",
    "is_short",
    "is_stanza",
    "is_unfinished",
    "points_at_picture",
]

CLOSERS = "”’」』）)》】\"'»"
_ENDS = frozenset("。！？!?…｡")
_CREDIT = re.compile(
    r"[（(](?:本[版组組页頁]|以上|均)?(?:图片|照片|圖片)[^（(）)]{0,20}[）)]$|(?:(?<!拍)[摄攝]|供图|供圖|撮影|提供|摄影|攝影|(?:摄影|攝影)(?:报道|報道|报导|報導)|资料图片|資料圖片|资料图|資料照片|配图|配圖|\b(?:Photo(?:graph)?s?|Picture|Image|Foto|Bild)s?(?:\s+by|\s*:)\s+[A-ZÀ-Ý][\w .'’-]{1,40})\s*[）)]?$|[(（][^()（）]{0,30}\b[Pp]hotos? (?:by|courtesy of) [^()（）]{2,50}[)）]$|\b[Pp]hotos? courtesy of .{2,40}$|[(（](?:[Pp]hotos?|[Ff]oto|Bild) [A-ZÀ-Ý][\w .'’-]{0,40}[)）]$|::? ?[A-ZÀ-Ý]\.(?: ?[A-ZÀ-Ý]\.)*$|(?<=[a-zà-ÿ.»”!?]) ?[/|] ?(?:[A-ZÀ-Ý]\. ?)*[A-ZÀ-Ý'’-]{3,}(?: [A-ZÀ-Ý'’-]{2,}){0,2}$|\bФото:?\s+\w[\w. ]{2,40}$|Foto: privat$"
    r"|(?<=[\uac00-\ud7a3.\s])[/=]\s?[\uac00-\ud7a3]{2,4}\s?기자[)]?$|(?:사진\s*=.{1,20}|[\uac00-\ud7a3] 제공)[)>〉\]]?$"
    r"|\S[=＝][^=＝\s]{2,24}(?:で|撮影)$|\S[=＝](?:\d{1,2}月)?\d{1,2}日[朝昼夕夜]?、[^=＝\s。]{2,24}$"
    r"|^(?:Figure|Fig\.|Abbildung|Abb\.|Table|Tabelle|图|圖)\s*\d+[.:：、 ]"
)
# Without one of these a line is no credit; most lines of prose are told by this alone.
_CREDIT_HINT = re.compile(r"[摄攝供撮影资資配图圖片기제사=＝ФPIFBAT:fp/|]")
# Who took the picture wrote the article too: 文/摄.
_WROTE_TOO = re.compile(r"文[\s/／、]{0,2}[摄攝图圖]$")
_NOTE = re.compile(
    r"^[【\[(（]?(?:编者按|編者按|编者的话|編者的話|编者注|編者註|编后|編後|Editor['’]s note|Anm(?:erkung|\.) d(?:er|\.) Red(?:aktion|\.)|(?:核心提示|内容提要|內容提要|阅读提示|导读|導讀)(?=[】\])）]?\s*(?:[:：]|$)))[】\])）]?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
# Below one of these stand several small articles, each with a headline of its own.
_LABEL = re.compile(
    r"(?:(?:news |town |county |local )?(?:in brief|briefs)|round-?up|around town|opinion|editorial|comment|letters(?: to the editor)?|leserbriefe?|cartas al director|courrier des lecteurs|obituar(?:y|ies)|people|in memoriam|community calendar"
    r"|[\u4e00-\u9fff]{0,4}(?:简讯|簡訊|快讯|快訊|短讯|短訊|短波|快报|速递|速览|一览|看板|信箱|热线台|动态|集锦|花絮)|短评|短評|社论|社論|评论|評論|时评|時評|编后|图片新闻|人物|短信|단신|Kurz notiert|En bref|Breves)$",
    re.IGNORECASE,
)
# Below one of these stands a list.
_LIST = re.compile(
    r"(?:by the numbers|(?:sports? )?results|fixtures|scoreboard|standings|比分|赛果|成绩|[^。，]{0,30}(?:名单|名單|光荣榜|排行榜|红黑榜|一览表|時間表|时刻表|价目表))$",
    re.IGNORECASE,
)
# Below one of these stands a box beside an article.
_BOX = re.compile(
    r"(?:(?:相关|新闻|延伸|知识|背景|法律)?(?:链接|連結)|小贴士|小知识|延伸阅读|新闻背景|名词解释|(?:法官|检察官|律师|警方|专家|医生|记者|民警)(?:说法|提醒|提示|点评|手记|建议|寄语|心语)|温馨提示|以案说法|案例|数字看变化"
    r"|fact box|at a glance|what they said)$",
    re.IGNORECASE,
)
# The title of an official notice; the notice is an article of its own.
_NOTICE_TITLE = re.compile(
    r"致.{2,24}的(?:一封)?(?:公开|公開|慰问|慰問|感谢|感謝)?信$|.{0,60}(?:倡议书|倡議書|公开信|公開信|感谢信|感謝信|慰问信|公告|通告|通知|公示|声明|聲明|启事|啟事|讣告|訃告|更正|致歉|招聘|notice|correction|corrections|clarification|card of thanks|public notice)$",
    re.IGNORECASE,
)
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}$")
# A table's row whose columns stand apart: Aldbury  14  10  3  1  33.
_COLUMN = re.compile(r"\S(?:[ \u3000]{2,}|\t+)(?=\S)")
_FIGURES = re.compile(r"(?<![\w.])[-+]?\d[\d.,:%-]*(?![^\W\u3041-\uffff])")
_CONTACT = re.compile(
    r"[线線话話][:：]\s*\d{5,}|[:：]\s*(?:[\d ()+/-]{7,}|\S+@\S+\.\S+|https?://\S+)|(?:电话|電話|전화|TEL|[Tt]el\.?|☎|℡)\s*[（(]?\d[\d・()（）-]{4,}"
)
# Who stands where on a picture: （左二）, （前排右起）, (left).
_POSITION = re.compile(
    r"[（(](?:前排|后排|後排)?[左右中前后後][一二三四五六七八九十\d]?(?:起|者|一)?[）)]|\((?:(?:far |second |third )?(?:from )?(?:left|right)|cent(?:re|er))\)"
)
_POINTER = re.compile(
    r"[▲▼◀▶△▽◁▷←→↑↓⬆⬇⇧⇩]|(?:上图|下图|左图|右图|左圖|右圖|图为|圖為|图①|图②|图片?说明)[:：为為]?|(?:扫码|扫一扫|扫描二维码|掃碼|长按识别)[^，。]{0,12}$"
)
_FIELD = re.compile(
    r"\d[\d,.]{0,8}: +\S|[^\W\d_][\w .'-]{0,24}: +\S|[\u4e00-\u9fff]{1,8}[:：]\s*\S|\d[\d.,]*[\u4e00-\u9fff%％]{1,8}[:：]\s*\S|\d[\d.,]*[%％]?[:：](?!\d)\S"
)
# A field without a colon: 期間　7月15日～8月31日.
_LABELLED = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]{1,5}[ \u3000]+(?=\S*\d)")
_DIGIT = re.compile(r"\d")
_LIST_ITEM = re.compile(
    r"(?:[-*+•‣▪–]|\[[ xX]\]|\(?[a-z]{1,3}\)|\d{1,2}[:：]\d{2}(?:\s*[—–~～至-]+\s*\d{1,2}[:：]\d{2})?)\s+\S|\|"
)
_BULLETS = frozenset("▲△▼◆◇■□●○★☆※▶▷◎·•＊*")
# Items that stand behind one another on a line: ◇시청 ▲기획실장 최영철 ▲농업과장 한미경.
_MARKS = re.compile(r"[▲△◆◇■□●○](?=[^\s▲△◆◇■□●○])")
_DECK = re.compile(
    r"(?:——|--|—)|.*(?:纪实|紀實|综述|綜述|侧记|側記|见闻|見聞|纪行|紀行|走笔|出席|主持|讲话|講話|致辞|致詞|陪同|扫描|专访|專訪|访谈录|回眸|一瞥|札记)$"
)
_MARKDOWN = re.compile(r"#{1,6}\s")
_NUMBERED = (
    (re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s+[^\W\d_]"), "number-2"),
    (re.compile(r"关键词|關鍵詞|关键字"), "keyword"),
    (re.compile(r"[（(]?\d{1,2}\s*[）).、．]?\s*[^\d\s.,，%年月日时时點点分:：/-]"), "number"),
    (re.compile(r"[一二三四五六七八九十]{1,3}[、．.]"), "han-number"),
    (re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"), "han-number-2"),
    (re.compile(r"[●◆★◇■※]\s*\S"), "bullet"),
    (re.compile(r"第[一二三四五六七八九十百零〇\d]+[章节節回篇部卷条條]"), "chapter"),
    (re.compile(r"(?:Chapter|Part|Section|Item|Kapitel|Chapitre)\s+(?:[\dIVXLC]+\b|the\s)", re.IGNORECASE), "chapter"),
)
# What a heading with a pattern begins with; \u017f and \u212a are S and K where case does not count.
_PATTERN_BEGINS = frozenset("#关關（(一二三四五六七八九十●◆★◇■※第cCpPsSiIkK\u017f\u212a")
# A headline may end with an abbreviation: Ronald Petty Sr.
_ABBREVIATIONS = ("Sr.", "Jr.", "Inc.", "Ltd.", "Co.", "Bros.", "Esq.", "U.S.", "U.K.", "U.N.")
# So long a line of Chinese verse is at the most, and so long a stanza.
MAX_VERSE = 16
_MAX_STANZA = 200
_SHORT_WIDE = 44
_SHORT_NARROW = 90
_WIDE = re.compile(f"[{HAN}{KANA}{HANGUL}]+")


def is_short(text: str) -> bool:
    """Tell whether a line is no longer than a headline is."""
    if len(text) <= _SHORT_WIDE or len(text) > _SHORT_NARROW:
        return len(text) <= _SHORT_WIDE
    return text.isascii() or len(_WIDE.sub("", text)) * 2 > len(text)


def is_unfinished(text: str) -> bool:
    """Tell whether a text stops before a sentence has ended."""
    bare = text[-80:].rstrip(CLOSERS + " ")
    if not bare or bare[-1] in _ENDS:
        return not bare
    if bare[-1] == ".":
        return len(text) <= _SHORT_NARROW and bare.endswith(_ABBREVIATIONS) and bare.split()[-1] in _ABBREVIATIONS
    return not bare.endswith(("——", "--", ":", "：", ";", "；"))


def is_credit(text: str) -> bool:
    """Tell whether a line ends with a photographer or the provider of a picture, or numbers a figure."""
    if len(text) > _SHORT_NARROW or _CREDIT_HINT.search(text) is None or _WROTE_TOO.search(text):
        return False
    return _CREDIT.search(text) is not None


def is_note(text: str) -> bool:
    """Tell whether a text opens a note of the editors."""
    return _NOTE.match(text) is not None


def is_deck(text: str) -> bool:
    """Tell whether a heading is a line below a headline: it begins with a dash, or says what kind of text follows."""
    return _DECK.match(text) is not None


def is_label(text: str) -> bool:
    """Tell whether a line names a column of small articles: 简讯, 短评, In brief."""
    return _LABEL.match(text) is not None


def is_box(text: str) -> bool:
    """Tell whether a line names a box beside an article: 法官说法, 小贴士, By the numbers."""
    return _BOX.match(text) is not None


def is_list_title(text: str) -> bool:
    """Tell whether a line names a list that stands by itself: RESULTS, By the numbers."""
    return _LIST.match(text) is not None


def is_notice_title(text: str) -> bool:
    """Tell whether a heading is the title of an official notice: 停电通知, Correction."""
    return _NOTICE_TITLE.match(text) is not None and not text.startswith(("关于", "第"))


def is_row(text: str) -> bool:
    """Tell whether a line is a row of a table: columns that stand apart, with figures in them."""
    if "  " not in text and "\u3000" not in text and "\t" not in text:
        return False
    columns = len(_COLUMN.findall(text)) + 1
    return columns > 1 and len(_FIGURES.findall(text)) >= (2 if columns == 2 else 1)


def is_contact(text: str) -> bool:
    """Tell whether a line gives a telephone number or an address of the web."""
    return _CONTACT.search(text) is not None


def points_at_picture(text: str) -> bool:
    """Tell whether a line points at the picture that it describes, or at somebody on it: 图为…, ▲…, 向敏（左二）…."""
    return (
        _POINTER.match(text) is not None or _POSITION.search(text) is not None or "。图为" in text or "。圖為" in text
    )


def is_field(text: str) -> bool:
    """Tell whether a line gives a name and its value, as a letter's head does."""
    return _FIELD.match(text) is not None


def is_bulleted(text: str) -> bool:
    """Tell whether a line begins with a mark, as the items of a list do, or what points at a picture."""
    return text[0] in _BULLETS


def is_labelled(text: str) -> bool:
    """Tell whether a line may be a field that a space parts from its name, if it stands among such."""
    return _LABELLED.match(text) is not None or (text.count("\u3000") > 1 and _DIGIT.search(text) is not None)


def is_stanza(text: str) -> bool:
    """Tell whether a text is of several lines, all of them as short as Chinese verse."""
    lines = text.splitlines() if len(text) <= _MAX_STANZA else ()
    return len(lines) > 1 and all(len(line.strip()) <= MAX_VERSE for line in lines)


def is_list_item(text: str) -> bool:
    """Tell whether a line is an item of a list or a table's row."""
    return _LIST_ITEM.match(text) is not None or len(_MARKS.findall(text)) > 1


def is_name(text: str) -> bool:
    """Tell whether a line may be a Chinese person's name, which may be spaced out."""
    return _NAME.match(text.replace(" ", "").replace("\u3000", "")) is not None


def is_card(lines: tuple[str, ...]) -> bool:
    """Tell whether lines are a person's name above that person's posts."""
    name, *posts = lines
    if not (posts and len(posts) <= 4 and is_name(name)):
        return False
    if not all(is_short(post) and is_unfinished(post) for post in posts):
        return False
    return any(map(names_usual_post, posts)) or (names_post(posts[-1]) and bool(han_names(name)))


def heading_pattern(text: str) -> str:
    """Name the pattern that a heading follows, by which headings of one level are known, or give ''."""
    if text[:1] in _PATTERN_BEGINS or text[:1].isdigit():
        if _MARKDOWN.match(text):
            return f"markdown-{len(text) - len(text.lstrip('#'))}"
        for pattern, name in _NUMBERED:
            if pattern.match(text):
                return name
    return "dash" if text.endswith(("——", "--", "—")) else ""
