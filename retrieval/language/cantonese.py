"""Cantonese as it is written in Hong Kong and Macau, in the words of standard Chinese."""

import re

from retrieval.language.folding import fold

__all__ = ["in_standard_words"]

# What Cantonese asks and joins with, folded. Words of both languages stay: 系 is also a department.
_STANDARD = {
    "几多": "多少",
    "边个": "谁",
    "边位": "哪位",
    "边度": "哪里",
    "边处": "哪里",
    "边间": "哪家",
    "边年": "哪年",
    "边日": "哪天",
    "点解": "为什么",
    "点样": "怎样",
    "几时": "什么时候",
    "几耐": "多久",
    "乜嘢": "什么",
    "乜野": "什么",
    "咩": "什么",
    "乜": "什么",
    "嘅": "的",
    "咗": "了",
    "喺": "在",
    "佢哋": "他们",
    "佢": "他",
    "冇": "没有",
    "嚟": "来",
    "啲": "些",
    "唔": "不",
    "睇": "看",
    "搵": "找",
    "嗰": "那",
    "畀": "给",
}
# 这边个 and 一边度过 are standard Chinese.
_NO_SIDE = "(?<![这那旁身左右东西南北上下一两前后里外岸周海路河])"
_WORD = re.compile("|".join(_NO_SIDE + word if word[0] == "边" else word for word in _STANDARD))


def in_standard_words(text: str) -> str:
    """Fold a text, and write the common words of Cantonese as standard Chinese has them: 几多 becomes 多少."""
    return _WORD.sub(lambda match: _STANDARD[match.group()], fold(text))
