"""How articles are signed: by-lines, datelines, and names at the end."""

import re
from functools import lru_cache

from retrieval.segmenting.names import han_names

__all__ = [
    "DATELINE",
    "is_byline",
    "is_dateline",
    "is_organisation",
    "is_signature",
    "names_dateline",
    "names_writer",
    "sign_off",
]

_WRITER = r"(?:记者|記者|通讯员|通訊員|撰稿|实习生|實習生|特派员)"
DATELINE = re.compile(
    rf"^[^。，,]{{0,14}}[（(【〔［][^）)】〕］]{{0,60}}{_WRITER}[^）)】〕］]*[）)】〕］]"
    r"|^(?:[^\s。，,]{2,6})?[记記]者[^\s。，,、；]{2,8}[/／][^\s。，,、；]{2,8}(?:报导|報導|报道|報道)"
    r"|^【(?:本[报報]|綜合|特|專|专|快)[^】]{0,12}[讯訊电電导導道]】"
    r"|^[（(【〔［\[][\u4e00-\u9fff]{2,10}(?:\d{1,2}月)?(?:\d{1,2}日)(?:综合|專|专|特)?[讯訊电電][）)】〕］\]]|^[（(【〔［\[]本[报報][\u4e00-\u9fff]{0,6}[讯訊电電][）)】〕］\]]"
    r"|^(?:本[报報刊台网網]|新华社|新華社|中新社|中央社)[^\s。，,；（(]{0,6}(?:\d{1,2}月\d{1,2}日)?[讯訊电電](?![\u8bdd\u8a71\u89c6\u5b50\u529b])"
    r"|^[\[(（【][\uac00-\ud7a3]{2,6}=[^\])）】]{2,30}[\])）】]"
    r"|^[A-Z][A-Z.'’-]{2,}(?: [A-Z.'’-]{2,}){0,2}(?:, [A-Z][a-z.]+)? (?:–|—|--|\((?:AP|Reuters)\)) "
)
"""What a report opens with: where it comes from and who wrote it."""

# 本报讯 （龙金花 吴国平）: no word says that these wrote it.
_SIGNED_DATELINE = re.compile(r"本[报報刊][讯訊电電][\s\u3000]*[（(【](?P<names>[^）)】。，]{2,24})[）)】]")
_NAMES_WRITER = re.compile(rf"{_WRITER}|[/／]|기자")
_BYLINE = re.compile(
    r"(?:记者|記者)(?!手记|手記|观察|觀察|調查|调查|札记|视线|站|点评|從|从|在|了解|获悉|獲悉)|通讯员|通訊員|特约撰稿|文[/／|｜]图?|图[/／|｜]文|作者[:：]|撰文|本报评论员|本報評論員"
    r"|^[□■◎○●◆]\s*[\u4e00-\u9fff]{2,4}(?:\s+[\u4e00-\u9fff]{2,4})*$"
    r"|[\uac00-\ud7a3]{2,4}\s?(?:특파원|선임|객원|인턴)?\s?기자(?:\s+[\w.]+@[\w.]+)?$"
    r"|^(?:(?:文字|图片|圖片|摄影|攝影|报道|報道|报导|報導|采访|採訪|撰稿|整理|文|图|圖|照片)[/／、和及与與\s]*){1,4}[:：]\s*[\u4e00-\u9fff、\s]{2,24}$"
    r"|^[（(]作者(?:系|为|為|是|单位|單位)[^（(）)]*[）)]$"
    r"|^(?:REDACCI[ÓO]N|Redacci[óo]n|REDAZIONE|Redazione|EFE|EUROPA PRESS|AGENCIAS|Agencias|AFP|ANSA|dpa)(?:\s*[|/·,–—-]\s*[A-ZÀ-Ý][\w .'’-]{2,40})?$"
    r"|^[A-ZÀ-Ý][A-ZÀ-Ý.'’-]*(?: [A-ZÀ-Ý.'’-]{2,}){1,3}\s*[|/·]\s*[A-ZÀ-Ý][a-zà-ÿ][\w .'’-]{1,30}$"
    r"|^(?:(?:From|By|FROM|BY) )?(?i:Our (?:\w+ ){0,3}(?:Correspondent|Reporter|Staff|Editor)s?"
    r"|(?:\w+ ){0,3}(?:Staff|Special|Senior|Chief|City|Sports|Crime|Political) (?:Correspondent|Reporter|Writer|Photographer)s?|(?:Express |Staff )?News Service)$"
    r"|^\s*(?:By|BY|Von|VON|Par|PAR|Por|POR|[Dd]i)\s+(?:(?:[A-ZÀ-Ý][\w'’.-]*|and|und|et|y|&|de|van|von|der)[ ,]*){2,8}$"
)
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff（）()]{2,24}(?:办公室|辦公室|委员会|委員會|人民政府|(?:政法|[县市区州镇乡县縣區鎮鄉]|党|黨|纪|紀|工|团|團)委|总工会|妇联|文联|残联|管理处|服务中心|管理中心|福利院|研究室|研究所|编辑部|編輯部|課題組|课题组|指挥部|[支大中总總]队|[支大中總]隊|分局|派出所|公司|法院|检察院|医院|学校|协会|银行|支行|[局厅廳])$"
)
# （郭锐 谢芬）, （本报记者 何芳）, 【小川真理】 and 通讯员 刘洋 behind the last sentence.
_END = re.compile(
    rf"(?:[（(【〔［](?P<inside>[^（(【〔［）)】〕］。]{{2,40}})[）)】〕］]|(?<=[。！？”」])[\s\u3000]+(?P<behind>{_WRITER}?[\s\u3000/／：:]*[\u4e00-\u9fff]{{2,3}}(?:[\s\u3000、][\u4e00-\u9fff]{{2,3}}){{0,3}}))\s*$"
)
_LAST = frozenset("）)】〕］")
_ROLE = re.compile(
    rf"(?:本[报報])?(?:全媒体|融媒体|首席|见习|特约|實習)?{_WRITER}[\s\u3000/／：:]*|(?:文|图|撰文|摄影)[\s\u3000/／：:]+|[/／](?:文图?|图文?|摄)$"
)
_CREDITED = re.compile(r"[摄攝]|供图|供圖|撮影")
_KANA = re.compile("[\u3041-\u3096]")
_KANJI_NAME = re.compile(r"[\u4e00-\u9fff]{3,5}(?:[、・][\u4e00-\u9fff]{3,5})*$")
_TITLED_NAME = re.compile(r"[\u4e00-\u9fff（）()]{2,18}[\s\u3000]+(?P<name>[\u4e00-\u9fff]{2,3})$")
_LATIN_ADDRESS = re.compile(r"[A-ZÀ-Ý][\w'’.]*(?: [A-ZÀ-Ý][\w'’.-]*){1,2}, [A-ZÀ-Ý][\w'’ -]{2,24}$")
_GROUP = re.compile(
    r"(?:The (?:[A-Z][\w'’.-]* ){1,4}[Ff]amil(?:y|ies)|(?:Der|Ihr) (?:Vorstand|Bürgermeister)|Die Redaktion|(?:本[报報])?[编編][辑輯]部"
    r"|Le (?:bureau|comité)|Дети(?:,? и?,? ?внуки)?|Родные)$"
)
# How families and offices close a notice: 孝男 陈志明 泣告.
_CLOSING = re.compile(
    r"\S.*(?:谨启|謹啟|敬启|敬啟|同启|哀启|泣告|泣叩|叩谢|叩謝|谨告|敬告|顿首|頓首|敬上|谨上|謹上|拜上)$"
)
_MAX_SIGNATURE = 26
_MAX_BYLINE = 60


@lru_cache(maxsize=1024)
def is_byline(text: str) -> bool:
    """Tell whether a short line without an end names the writers of an article."""
    return len(text) <= _MAX_BYLINE and (_BYLINE.search(text) is not None or sign_off(text) == text)


def names_writer(text: str) -> bool:
    """Tell whether a line has a word that says who wrote: 记者, 기자, or a slash between a writer and a place."""
    return _NAMES_WRITER.search(text) is not None


def is_organisation(text: str) -> bool:
    """Tell whether a line is the name of an office or company, which signs a report or a notice."""
    return _ORGANISATION.match(text) is not None


def is_signature(text: str) -> bool:
    """Tell whether a line may sign the text above it: 江北律师事务所律师 邱明, 读者 小何, 青湖市福利院."""
    if _LATIN_ADDRESS.match(text) or _GROUP.match(text.rstrip(".")):
        return True
    if len(text) > _MAX_SIGNATURE:
        return False
    if is_organisation(text) or _CLOSING.match(text):
        return True
    titled = _TITLED_NAME.match(text)
    return titled is not None and (bool(han_names(titled["name"])) or titled["name"][0] in "小老阿")


def is_dateline(text: str) -> bool:
    """Tell whether a paragraph opens as a report does: 本报讯（记者 何芳）."""
    return DATELINE.match(text) is not None


def names_dateline(text: str) -> str:
    """Give the dateline with which a paragraph opens if it names the writer, or ''."""
    signed = _SIGNED_DATELINE.match(text)
    if signed is not None and han_names(signed["names"]):
        return signed.group()
    dateline = DATELINE.match(text)
    return dateline.group() if dateline and _NAMES_WRITER.search(dateline.group()) else ""


def sign_off(ending: str) -> str:
    """Give the writers' names behind a paragraph's last sentence, or ''."""
    last = ending.rstrip()[-1:]
    match = _END.search(ending) if last in _LAST or "\u4e00" <= last <= "\u9fff" else None
    if match is None:
        return ""
    said = (match["inside"] or match["behind"]).strip()
    if _CREDITED.search(said):
        return ""
    bare = _ROLE.sub(" ", said)
    japanese = last == "】" or _KANA.search(ending) is not None
    names = han_names(bare) or (japanese and _KANJI_NAME.match(bare.strip()))
    return match.group().strip() if names else ""
