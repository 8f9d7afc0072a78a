"""Names of places without what kind of place they are: 炎陵 for 炎陵县, yanling for Yanling County."""

import re

from retrieval.language.folding import fold

__all__ = ["ENGLISH_DIVISIONS", "bare_place"]

ENGLISH_DIVISIONS = {
    "city": "shi",
    "county": "xian",
    "district": "qu",
    "prefecture": "zhou",
    "province": "sheng",
    "road": "lu",
    "street": "jie",
    "town": "zhen",
    "township": "xiang",
    "village": "cun",
}
"""English words for kinds of places, and how the Chinese ones sound."""

_HAN_DIVISION = re.compile(r"(?<=..)(?:自治[州县区]|[县市区州旗省镇乡村])$")
_LATIN_DIVISION = re.compile(rf"(?:['’]s)?(?:\s+(?:{'|'.join(ENGLISH_DIVISIONS)}))?$")


def bare_place(name: str) -> str:
    """Give a place's name folded and without its division, in Chinese or English; a name of two characters is whole."""
    return _HAN_DIVISION.sub("", _LATIN_DIVISION.sub("", fold(name.strip())))
