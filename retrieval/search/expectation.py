"""What kind of answer a question asks for, and where a text has one."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import accumulate

from retrieval.language.folding import fold
from retrieval.language.months import MONTH_DAY
from retrieval.language.numerals import SPELLED_NUMBER
from retrieval.language.persons import PersonName, TaggedWord, find_persons, tag_words

__all__ = ["AnswerKind", "Furniture", "asked_furniture", "expected_kind", "find_answers", "find_answers_in"]


class AnswerKind(StrEnum):
    """What a question asks for."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    REASON = "reason"
    LIST = "list"
    OTHER = "other"


# In this order: "how many days" asks for a number, "what day" for a date.
_ASKS = (
    (
        AnswerKind.DATE,
        r"什么时候|何时|哪[一]?[年月天日]|(?:星期|礼拜|周)几|几[月号日]|几点|日期|时间是|(?:what|which) (?:day|date|year|month)|\bwhen\b|いつ|何[年月日]|언제|며칠|몇 ?[년월일]|어느 (?:해|날)"
        r"|\bwann\b|welche[mnrs] (?:jahr|tag|datum|monat)|\bquand\b|quel(?:le)? (?:date|année|jour|mois)|cuándo|qué (?:día|fecha|año|mes)|когда|как(?:ого|ой|ом|ую) (?:числа|году|год|день|дат|месяц)",
    ),
    (
        AnswerKind.NUMBER,
        r"多少|(?<!哪)几(?![乎年月号日点])|多大|多高|多长|百分之|比例|比率|[率数额](?:是|为|有)?(?:多少|几|$|[?？])|总数|人数|几成|how (?:many|much|old|long|far|high|tall|deep|large|big|often)|percent|number of|\brate\b|\b(?:share|proportion|amount) of\b|what (?:\w+ ){0,2}(?:share|proportion|amount|number)\b|what (?:is|was) the (?:population|area|cost|price|budget|total|length|height)\b|(?:phone|hotline) number|which .{0,20}\bhotline"
        r"|何(?:人|件|個|名|回|ヶ所|か所|歳|%|パーセント)|いくつ|いくら|ど(?:の|れ)くらい|どれだけ|何割|(?:率|割合|人数|件数|金額)は|몇|얼마|[가-힣](?:율|률|비율|건수)[은는이가]? (?:어떻게|어느)|wie ?viele?|wie (?:alt|hoch|lang|groß|weit|oft)|welche[rsn]? (?:anteil|prozentsatz|anzahl|quote|betrag|teil)|combien|\btaux\b|quel(?:le)? (?:est|était) l[ea'’] ?(?:part|nombre|proportion|montant|prix|coût|âge|population)|quel(?:le)? (?:part|proportion|nombre|montant|prix|pourcentage)|cuánt[oa]s?|qué (?:porcentaje|proporción|parte|cantidad|número|tasa)|cuál (?:es|fue|era) (?:el|la) (?:tasa|porcentaje|número|cantidad|precio|coste|costo|población|proporción)|сколько|процент|как(?:ова|ая|ую) (?:доля|долю|часть|сумма|численность)|каково (?:число|количество)",
    ),
    (
        AnswerKind.PERSON,
        r"谁|哪位|什么人|哪个人|叫什么名字|是什么名|姓名|作者|记者是|编辑是|书记是|市长是|校对|\bwho(?:se|m)?\b|which (?:\w+ ){0,3}(?:secretary|mayor|chief|director|official|officer|person|reporter|journalist|judge|president|minister|councillor)\b|\bname of the (?:person|secretary|mayor)|誰|だれ|누구|이름|누가|\bwer\b|\bwem\b|\bwen\b|\bqui\b(?! (?:est|sont) ce)|quién(?:es)?|\bкто\b|\bкого\b|как зовут",
    ),
    (
        AnswerKind.PLACE,
        r"哪里|哪儿|在哪(?![些几年月天日个位种])|什么地方|哪[个座]?[县市区镇乡村省]|地点|\bwhere\b|which (?:county|city|district|town|village|court|country|place)|どこ|어디|\bwo(?:her|hin)?\b|welche[mrs]? (?:stadt|kreis|ort|bezirk|dorf|gemeinde)\b|\boù\b|quel(?:le)? (?:ville|comté|district|lieu|village|commune)\b|dónde|qué (?:ciudad|condado|distrito|lugar)|\b(?:где|куда|откуда)\b|как(?:ом|ой) (?:город|уезд|район|участ|мест|сел)",
    ),
    (
        AnswerKind.REASON,
        r"为什么|为何|为啥|原因|怎么会|\bwhy\b|なぜ|どうして|왜|warum|wieso|pourquoi|por qué|почему|зачем",
    ),
    (
        AnswerKind.LIST,
        r"哪些|哪几|哪[两二三四五六七八九十]|都有什么|有什么|分别是|是哪(?![里儿家个位所座条间支本张])|包括|\b(?:what|which) (?:\w+ ){0,2}(?:two|three|four|five|six|seven|eight|ten|kinds|types|measures|activities|topics|groups|outlets|campaigns|places)|どんな|どのような|무슨|어떤|어디 어디|какие|welchen?\b|quels|quelles|en quoi consist|qué (?:\w+s)\b|cuáles",
    ),
)


class Furniture(StrEnum):
    """Which part of a page a question is about, if it is about the page itself."""

    HEADLINE = "headline"
    BYLINE = "byline"
    IMPRINT = "imprint"
    CREDIT = "credit"
    CARD = "card"
    NONE = "none"


_ASKS_FURNITURE = (
    (
        Furniture.CREDIT,
        r"谁(?:给|来|所)?(?:拍(?![板卖马手])|摄|照的)|(?:拍摄者|摄影者|摄影师|摄影记者|摄影|供图)(?:是|叫)?(?:谁|哪)|(?:照片|图片|相片|图)(?:是|由)?(?:谁|哪[位个些]|哪家).{0,6}(?:拍|摄|供|提供)|(?:照片|图片|相片)的(?:作者|来源)"
        r"|who (?:took|shot|made|supplied|provided) (?:the|this|that|these|those) (?:\w+ )?(?:photo|picture|image)|who photographed|who (?:is|was) the photographer|photographer of|photo(?:graph)? credit"
        r"|谁が撮|撮影者|撮影(?:した(?:の|人))?は谁|写真は谁|누가 (?:찍|촬영)|사진(?:은|을)? ?(?:누가|기자)|촬영자|кто (?:с)?фотографировал|кто (?:сделал|снял) (?:это |эту )?(?:фото|снимок)|автор (?:фото|снимка)"
        r"|wer hat .{0,40}fotografiert|wer (?:hat|machte) (?:das|dieses|die|diese) (?:foto|bild|aufnahme)|qui a (?:pris|fait) (?:la|cette|les|ces) photo|qui a photographié|crédit photo"
        r"|quién (?:tomó|sacó|hizo) (?:la|esta|esa|las|estas) (?:foto|imagen)|quién fotografió",
    ),
    (
        Furniture.IMPRINT,
        r"见报|刊登|刊载|出版|发行|(?:什么时候|何时|几时|几号).{0,2}(?:登载|登的(?=\W*$)|刊|发表)|哪一?[张份家](?:报纸|报(?!\w)|刊物)|出自哪(?:里|一?[篇期版张份])|哪[一]?[天日期].{0,4}(?:登|刊|出|报)|(?:登|刊|出|印)的?(?:是)?(?:哪|什么时候)|(?:报纸|版|期|周刊).{0,6}(?:哪[一]?[天日期]|什么时候|日期)|责任编辑|责编|美术编辑|美编|校对|主办|电话|几版|哪一?版|哪一?期|(?:报纸|版|期|周刊).{0,6}(?:星期|礼拜|周)几"
        r"|(?:which|what) page|page number|\bedited\b|(?:when|day|date)\b.{0,60}\b(?:come|came) out|何面|몇 면|какой полос|welcher? seite|quelle page|qué página|\bpublished\b|\bprinted\b|issue date|when did (?:this|that|it|the (?:article|report|story)) (?:appear|run)\b|(?:which|what) (?:(?:news)?paper|edition)\b|date of (?:the|this) (?:issue|paper|newspaper)|\beditors?\b|proofread|phone|telephone|发行|揭载|载った|载りました|编集|校正|电话|발행|게재|실린|실렸|편집|교정|전화|опубликован|вышл?[аои]|номер газеты|редактор|корректор|телефон"
        r"|veröffentlicht|erschienen|erschien|redakteur|korrektor|telefon|publiée?s?\b|paru|rédacteur|correcteur|téléphone|publicad|publicó|salió|\beditor(?:es)?\b|\bcorrector(?:es)?\b|teléfono",
    ),
    (
        Furniture.BYLINE,
        r"谁写|写的是谁|作者|撰稿|哪[位个些]记者|记者是谁|记者叫|是哪.{0,3}记者|谁采写|谁报道|通讯员是|who (?:wrote|reported|is the author|are the authors)|written by|author|byline|journalist|谁が书|书いた|书きました|著者|记者は|누가 (?:쓴|썼|작성)|기자|кто (?:на)?писал|автор|журналист"
        r"|wer (?:hat|schrieb).{0,60}(?:geschrieben|schrieb|verfasst)|wer schrieb|autor|verfasser|qui (?:l['’])?a (?:écrit|rédigé)|auteur|quién(?:es)? (?:l[oa]s? )?(?:escribi|redact|firm)|autora?",
    ),
    (
        Furniture.HEADLINE,
        r"标题|题目|(?:文章|报道|稿子|那篇|这篇).{0,6}(?:叫什么|名字|名称)|headline|\btitle\b|见出し|题名は|タイトル|제목|заголов|название (?:статьи|заметки)|titel|überschrift|\btitre|título|titular",
    ),
    (
        Furniture.CARD,
        r"(?:书记|县长|区长|市长|局长|院长|检察长|主任|部长).{0,6}(?:是谁|是哪|叫什么|谁)|谁是.{0,12}(?:书记|县长|区长|市长|局长|院长|检察长|主任|部长)|^.{0,12}(?:书记|县长|区长|市长|局长|院长)$|(?:secretary|mayor|chief|director|head).{0,40}\?|서기|секретар|parteisekretär|secrétaire|secretari[oa]",
    ),
)
_DIGITS = r"[\d０-９]"
_HAN_NUMBER = r"[一二三四五六七八九十百千万亿两零〇]"
# Measure words: what may stand behind a number as part of it.
_MEASURE = (
    r"mg/100ml|(?:km/h|[kcm]?m|[km]?g|ml)(?![a-z])|℃|°c|个百分点|等奖|等功|平方米|平方公里|公里|毫米|厘米|毫升|毫克|公斤|千克|公顷|小时|分钟|场次|人次|余次|[%％‰个件起宗人名位元岁次场本份条项家所处台套辆间座届年天月日里米吨亩户村镇张篇部类种款"
    r"层级页句路倍度秒支只颗批轮期类股幅栋区县国省市把]"
)
# Compiled by ``re`` at their first use, of which a question needs one at the most.
_NUMBER = (
    rf"[£$€¥]?{_DIGITS}[\d０-９,，.．]*(?<![,，.．])\s*[余多]?\s*[万亿千百]*\s*[余多]?\s*(?:{_MEASURE}| ?(?:percent|per cent|million|billion|thousand)\b)?"
    rf"|百分之{_HAN_NUMBER}+|{_HAN_NUMBER}+[余多]?(?:{_MEASURE})"
    rf"|(?i:{SPELLED_NUMBER}(?: per ?cent\b)?)"
)
_DATE_IN_DIGITS = (
    rf"(?:{_DIGITS}{{4}}|(?:民国|昭和|平成|令和)\s*(?:{_DIGITS}{{1,3}}|{_HAN_NUMBER}{{1,4}}|元))\s*年(?:\s*{_DIGITS}{{1,2}}\s*月(?:\s*{_DIGITS}{{1,2}}\s*日)?)?|{_DIGITS}{{1,2}}\s*月(?:\s*{_DIGITS}{{1,2}}\s*日|底|初|份|中旬)?(?:[上下]午)?"
    r"|(?:去|今|前|明)年"
)
_YEAR = r"\b(?:19|20)\d\d\b"
_DATE = rf"{_DATE_IN_DIGITS}|(?i:{MONTH_DAY})|{_YEAR}"
# Looking for the names of months takes most of the time.
_DATE_WITHOUT_LETTERS = rf"{_DATE_IN_DIGITS}|{_YEAR}"
_LETTER = re.compile("[a-zа-я]", re.IGNORECASE)
# Items between enumeration commas: A、B、C. Latin text lists with commas and a word for "and".
_LIST = (
    r"[^，,。；;：:、！？!?\n]{1,24}(?:、[^，,。；;：:、！？!?\n]{1,24})+|(?:[“「《][^”」》]{1,20}[”」》][、,，]?){2,}"
    r"|\w[\w -]{1,30}(?:, \w[\w -]{1,30})+,? (?:and|or|und|et|y) \w[\w -]{1,30}"
)
# "Maude Kelso Brandt", "Dr. R. Iveson": names by their capitals.
_LATIN_PERSON = r"\b[A-ZÀ-ÞА-Я][\w'’-]*\.?(?: (?:[a-z]{2,3} )?[A-ZÀ-ÞА-Я][\w'’-]*\.?)+"
_LATIN_PLACE = r"(?<=[a-z,] )[A-ZÀ-ÞА-Я][\w'’-]+(?: [A-ZÀ-ÞА-Я][\w'’-]+)*"
# What the tagger does not know as a place is one by its last characters.
_SITE = (
    r"[\u4e00-\u9fff\d]{1,8}(?:[医醫]院|[学學]校|[小中大][学學]|[广廣][场場]|公[园園]|社[区區]|[车車]站|[书書][馆館]|派出所|法院"
    r"|[村镇鎮乡鄉县縣区區市州省路街桥橋河江湖山岛島港堤店厂廠楼樓])"
)
# What no text with such an answer lacks: looking for one in a sentence without takes a hundred times as long.
_HINTS = {
    AnswerKind.NUMBER: re.compile(r"[\d０-９a-zA-Z一二三四五六七八九十百千万亿两零〇]"),
    AnswerKind.DATE: re.compile(r"[\d０-９a-zA-Z年]"),
    AnswerKind.LIST: re.compile(r"、|, |[”」》].*?[”」》]", re.DOTALL),
}


def expected_kind(question: str) -> AnswerKind:
    """Tell what kind of answer a question asks for."""
    folded = fold(question)
    for kind, pattern in _ASKS:
        if re.search(pattern, folded):
            return kind
    return AnswerKind.OTHER


def asked_furniture(question: str) -> Furniture:
    """Tell which part of the page itself a question asks about."""
    folded = fold(question)
    for furniture, pattern in _ASKS_FURNITURE:
        if re.search(pattern, folded):
            return furniture
    return Furniture.NONE


def find_answers(kind: AnswerKind, text: str) -> list[tuple[int, int]]:
    """Find the words of a kind in a text, as offsets ``(start, end)`` in order; reasons cannot be found so."""
    return find_answers_in(kind, (text,))[0]


def find_answers_in(kind: AnswerKind, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
    """Find the words of a kind in each of some texts, as :func:`find_answers` does, in less time."""
    if kind is AnswerKind.PERSON or kind is AnswerKind.PLACE:
        tagged = _tagged_in(texts, kind)
        pattern = _LATIN_PERSON if kind is AnswerKind.PERSON else f"{_SITE}|{_LATIN_PLACE}"
        return [
            sorted((*own, *(match.span() for match in re.finditer(pattern, text))))
            for own, text in zip(tagged, texts, strict=True)
        ]
    return [_find_by_pattern(kind, text) for text in texts]


def _find_by_pattern(kind: AnswerKind, text: str) -> list[tuple[int, int]]:
    if kind not in _HINTS or not _HINTS[kind].search(text):
        return []
    if kind is AnswerKind.NUMBER:
        return [match.span() for match in re.finditer(_NUMBER, text)]
    if kind is AnswerKind.DATE:
        dates = _DATE if _LETTER.search(text) else _DATE_WITHOUT_LETTERS
        return [match.span() for match in re.finditer(dates, text)]
    return [match.span() for match in re.finditer(_LIST, text)]


def _tagged_in(texts: Sequence[str], kind: AnswerKind) -> list[list[tuple[int, int]]]:
    """Find persons or places in each text; the tagger takes all at once, as what stands between them ends a word."""
    words = tag_words("\0".join(texts))
    named: Iterable[PersonName | TaggedWord]
    if kind is AnswerKind.PERSON:
        named = find_persons(words)
    else:
        named = (word for word in words if word.tag.startswith("ns") and len(word.text) > 1)
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    found: list[list[tuple[int, int]]] = [[] for _ in texts]
    for name in named:
        number = bisect_right(starts, name.start) - 1
        found[number].append((name.start - starts[number], name.end - starts[number]))
    return found
