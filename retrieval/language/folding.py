import sys
import unicodedata
from functools import lru_cache
from typing import Protocol, cast

import numpy as np

__all__ = ["fold", "to_simplified", "to_traditional"]

# Characters that only Japanese writes (they stand in JIS X 0208, in neither GB 2312 nor Big5), as OpenCC's tables jp2t
# and t2s write them.
_JAPANESE = (
    "両乗亀亜仏仮価倹僞儁児円処剣剤剰労効勅勧勲単厠厳収唖啓営噛団囲図圏圧塁塩増墻壊壌壜壱売変奨奬嫺嬢実寛対専尭峯巌巣"
    "巻帯帰庁広廃弐弾従徳徴応恵悩悪懐戦戯戻払抜択拝拠拡挿捜掲掻揺摂撃撹擡斉斎晩暁暦曽査栄桜桟棊検楽様権欅歓歩歯歳歴殻"
    "毎気沢浄涙渇済渉渓満滝瀬焼爲牀犠猟獣産畳痩瘻癧発県眞砕稲穂穏穣竈竜竪箚粋粛経絵絶綉継続綫総緑縁縄縦繊繍罎羣聴脳臓"
    "舘艶荘蔵薫薬蛍蝋衆裏覇覚覧観訳説読謡譲賛贋転軽辺逓遅遡酔醤醸釈鈎鉄鉢銭銹鋭鋳錬録鎭関閲陥険隠雑霊頴頼頽顔顕駅駆騒"
    "験髄髪鮃鮎鰐鳬鴎鶏鷄鹸麪麹麺黒黙齢"
)
_FROM_JAPANESE = (
    "两乘龟亚佛假价俭伪俊儿圆处剑剂剩劳效敕劝勋单厕严收哑启营啮团围图圈压垒盐增墙坏壤坛壹卖变奖奖娴娘实宽对专尧峰岩巢"
    "卷带归厅广废贰弹从德征应惠恼恶怀战戏戾拂拔择拜据扩插搜揭搔摇摄击搅抬齐斋晚晓历曾查荣樱栈棋检乐样权榉欢步齿岁历壳"
    "每气泽净泪渴济涉溪满泷濑烧为床牺猎兽产叠瘦瘘疬发县真碎稻穗稳穰灶龙竖札粹肃经绘绝绣继续线总绿缘绳纵纤绣坛群听脑脏"
    "馆艳庄藏薰药萤蜡众里霸觉览观译说读谣让赞赝转轻边递迟溯醉酱酿释钩铁钵钱锈锐铸炼录镇关阅陷险隐杂灵颖赖颓颜显驿驱骚"
    "验髓发鲆鲇鳄凫鸥鸡鸡碱面曲面黑默龄"
)
_SIMPLER = dict(zip(_JAPANESE, _FROM_JAPANESE, strict=True))


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


# The longest text whose folding is kept.
_REMEMBERED = 1000


@lru_cache(maxsize=2)
def _converter(name: str) -> _Converter:
    from opencc import OpenCC

    return cast(_Converter, OpenCC(name))


def to_simplified(text: str) -> str:
    """Write Chinese with simplified characters."""
    return _converter("t2s").convert(text)


def to_traditional(text: str) -> str:
    """Write Chinese with traditional characters."""
    return _converter("s2t").convert(text)


def fold(text: str) -> str:
    """Give the form of ``text`` that is searched: one script, one width, one case.

    Traditional and Japanese characters become simplified, full-width letters and digits half-width, capitals small,
    accents stay. The result has as many characters as ``text``, so that offsets into one are offsets into the other.
    """
    if text.isascii():
        return text.lower()
    return _remembered(text) if len(text) <= _REMEMBERED else _fold(text)


def _fold(text: str) -> str:
    folded = _fold_characters(text)
    try:
        simplified = to_simplified(folded)
    except UnicodeEncodeError:
        # Half a surrogate pair, which a chat may send, is no character of any script.
        return folded
    if len(simplified) == len(text):
        return simplified
    # A phrase of another length, which no phrase of the dictionary has today, would shift all offsets after it.
    return "".join(_simplify_character(character) for character in folded)


def _fold_characters(text: str) -> str:
    """Fold characters one by one, through a table that fills as they are met: a fifth of what a call for each costs."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    found = _FOLDED[codes]
    if not found.all():
        # Not np.unique, which imports numpy's masked arrays: a tenth of a second of the first answer.
        for code in set(codes[found == 0].tolist()):
            _FOLDED[code] = ord(_fold_character(chr(code))) + 1
        found = _FOLDED[codes]
    folded: bytes = (found - np.uint32(1)).astype("<u4", copy=False).tobytes()
    return folded.decode("utf-32-le", "surrogatepass")


def _fold_character(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).casefold()
    if len(plain) != 1:
        plain = character.lower()
    return _SIMPLER.get(plain, plain) if len(plain) == 1 else character


# For each character's code that of the folded one and 1; 0 where it was not met. Only the pages used take memory.
_FOLDED = np.zeros(sys.maxunicode + 1, np.uint32)

# The same passages are candidates of one question after another.
_remembered = lru_cache(maxsize=1 << 12)(_fold)


@lru_cache(maxsize=1 << 16)
def _simplify_character(character: str) -> str:
    simplified = to_simplified(character)
    return simplified if len(simplified) == 1 else character
