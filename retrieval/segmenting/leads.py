"""How a report begins that nobody has signed: its first sentence says when, and it speaks of other things."""

import re

from retrieval.segmenting.dates import DAY, WEEKDAY

__all__ = ["names_day", "terms"]

_HAN_DAY = re.compile(
    r"\d{1,2}月(?:\d{1,2}日|上旬|中旬|下旬|末|底|初|起)|(?<![\d月年])\d{1,2}日(?![元均])|[昨前][日天晚早晨]|今[晨早晚明]|近日|日前|连日来|連日來|下月|即日起"
    r"|本[周週]|[上下][周週]|来週|先週|다음 ?달|이달|오는 |(?<!\d)\d{1,2}일"
)
_LATIN_DAY = re.compile(
    r"\b(?:yesterday|tomorrow|tonight|(?:last|next|this) (?:week|month|night)|gestern|morgen"
    r"|\w{3,7}tag(?:morgen|mittag|nachmittag|abend|nacht)|Sonnabend"
    r"|(?:kommend|nächst|vergangen)e[nr]? Woche|hier|demain|la semaine (?:dernière|prochaine)|ayer|mañana"
    r"|la semana (?:pasada|próxima)|ieri|domani|вчера|завтра|на (?:прошлой|будущей) неделе)\b",
    re.IGNORECASE,
)
_DAYS = (_HAN_DAY, DAY, WEEKDAY, _LATIN_DAY)
# The first sentence of a report, in characters; an alphabet needs more of them.
_LEAD = 60
_LEAD_LATIN = 160
_WORD = re.compile(r"[^\W\d_]{5,}|[\uac00-\ud7a3]{2,}")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_KATAKANA_RUN = re.compile(r"[\u30a1-\u30fc]{3,}")
_CJK = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]+")
# Words that are alike so far are one word, whatever their endings.
_STEM = 6
_STEM_HANGUL = 2


def names_day(text: str) -> bool:
    """Tell whether the first sentence of a text says on which day something was or will be."""
    lead = text[: _LEAD if _CJK.search(text, 0, 8) or "\uac00" <= text[:1] <= "\ud7a3" else _LEAD_LATIN]
    return any(pattern.search(lead) for pattern in _DAYS)


def terms(text: str) -> set[str]:
    """Give what a text speaks of: the stems of its longer words, and of Chinese all pairs of characters."""
    found = {
        word[:_STEM_HANGUL] if "\uac00" <= word[0] <= "\ud7a3" else word.casefold()[:_STEM]
        for word in _WORD.findall(_CJK.sub(" ", text))
    }
    for run in _HAN_RUN.findall(text):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    found.update(_KATAKANA_RUN.findall(text))
    return found
