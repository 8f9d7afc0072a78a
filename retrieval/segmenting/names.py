"""What the name of a person looks like."""

import re

from retrieval.language.folding import to_simplified

__all__ = ["SURNAMES", "han_names", "is_latin_names"]

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温庞殷章葛管齐阳欧易伍喻单凌"
    "尤傅阎倪牛樊兰翟安颜洪鲁常季施俞柳岳梅路詹申麦辛焦裴翁耿涂关祝纪舒聂包左卜房霍解柴鲍艾邢宁饶佘柯钟甘丘蒙游巫冉车项盛屈冷苗匡晏滕骆褚储楚臧祁符成卓谷华景岑桂揭卫匡瞿谌粟敖粱隆晋仇欧占苟席丛仲简佟阮蓝钟"
    "楼娄裘戚茅虞卞缪宗郁杭嵇邰皮康毕窦苑甄虢闵仝阙阚栾晁巩蔺蒯鞠隗仉逄訾厍邝肇廉荀扈靳郗郏濮逯韶厉璩蒲樓婁畢竇閔闕闞欒鞏藺鄺"
    "張劉陳楊黃趙吳孫馬許韓馮鄧葉蘇魏呂盧鍾譚陸賈韋鄒龍賀顧龔萬錢嚴湯龐齊陽歐簡閻蘭顏魯紀聶寧饒車項騰駱儲衛鄭羅賴"
)
"""The first characters of Chinese names, so far as they are usual, simplified and traditional."""

_SEPARATOR = re.compile(r"[\s\u3000、，,·/／]+")
_SPACED = re.compile(r"(?<!\S)(\S) (\S)(?!\S)")
_HAN_NAME = re.compile(
    rf"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}|(?:欧阳|司马|上官|诸葛|夏侯|皇甫|东方|尉迟|歐陽|司馬|諸葛)[\u4e00-\u9fff]{{1,2}}"
)
_LATIN_NAME = r"[A-ZÀ-ÝА-ЯЁ][\w'’.-]*(?: [A-ZÀ-ÝА-ЯЁ][\w'’.-]*){1,3}"
_LATIN_NAMES = re.compile(
    rf"{_LATIN_NAME}(?:(?:, | and | und | et | y | & ){_LATIN_NAME})*(?:,? (?:at|in) [A-ZÀ-Ý][\w'’ .-]{{2,30}})?$"
)
_MAX_NAMES = 5
_MAX_LINE = 90


def han_names(text: str) -> tuple[str, ...]:
    """Give the Chinese names that a text consists of, () where it holds anything else.

    A name of two characters may be spaced out; a word of the dictionary is no name.
    """
    tokens = [token for token in _SEPARATOR.split(text.strip()) if token]
    if any(len(token) == 1 for token in tokens):
        tokens = _SPACED.sub(r"\1\2", " ".join(tokens)).split()
    if not 0 < len(tokens) <= _MAX_NAMES or not all(_is_name(token) for token in tokens):
        return ()
    return tuple(tokens)


def _is_name(token: str) -> bool:
    if _HAN_NAME.fullmatch(token) is None:
        return False
    import rjieba

    [(word, tag), *more] = rjieba.tag(to_simplified(token))
    return bool(more) or tag.startswith("nr") or not rjieba.has_word(word)


def is_latin_names(text: str) -> bool:
    """Tell whether a line holds nothing but names of people in Latin letters, and perhaps where they write from."""
    return len(text) <= _MAX_LINE and _LATIN_NAMES.match(text) is not None
