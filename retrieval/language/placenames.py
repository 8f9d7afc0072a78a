"""Names of places without what kind of place they are: 炎陵 for 炎陵县, yanling for Yanling County."""

import re
from collections.abc import Iterator

from retrieval.language.folding import fold

__all__ = ["ENGLISH_DIVISIONS", "bare_place", "named_after_division"]

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

# Those that stand before the name: comté de You, Kreis Yanling, County of You.
_LEADING_DIVISIONS = {
    **dict.fromkeys(("comté", "condado", "contea", "county", "kreis", "landkreis"), "xian"),
    **dict.fromkeys(("city", "ciudad", "stadt", "ville"), "shi"),
    **dict.fromkeys(("bezirk", "district", "distrito", "stadtbezirk"), "qu"),
    **dict.fromkeys(("province", "provincia", "provinz"), "sheng"),
    **dict.fromkeys(("aldea", "dorf", "village"), "cun"),
}
_LED = re.compile(
    rf"\b({'|'.join(_LEADING_DIVISIONS)})\s+(?:(?:de|del|du|of|von)\s+|d['’])?"
    r"((?-i:[A-ZÀ-Ý])[\w'’]*(?:[ -](?-i:[A-Z])\w*)?)",
    re.IGNORECASE,
)
_HAN_DIVISION = re.compile(r"(?<=..)(?:自治[州县区]|[县市区州旗省镇乡村])$")
_LATIN_DIVISION = re.compile(rf"(?:['’]s)?(?:\s+(?:{'|'.join(ENGLISH_DIVISIONS)}))?$")


def bare_place(name: str) -> str:
    """Give a place's name folded and without its division, in Chinese or English; a name of two characters is whole."""
    return _HAN_DIVISION.sub("", _LATIN_DIVISION.sub("", fold(name.strip())))


def named_after_division(text: str) -> Iterator[tuple[str, str]]:
    """Find names with the kind of place before them: the name as it is written, and how the kind sounds in Chinese."""
    return ((match.group(2), _LEADING_DIVISIONS[match.group(1).lower()]) for match in _LED.finditer(text))
