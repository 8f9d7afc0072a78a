"""Texts in every script, made the same on every run."""

import random

__all__ = ["every_script"]

SENTENCES = (
    "炎陵县的调解成功率是多少？",
    "株洲日報：法院調解了三百一十二宗糾紛。",
    "東京地方裁判所は２０２４年に新しい規則を発表しました。",
    "ｶﾀｶﾅ と ひらがな と 漢字",
    "서울중앙지방법원은 사건을 조정으로 끝냈다.",
    "Суд рассмотрел 1 234 дела за год.",
    "المحكمة الابتدائية في المدينة",
    "ศาลจังหวัดตัดสินคดีเมื่อวันที่ ๑๒",
    "न्यायालय ने फैसला सुनाया",
    "Το δικαστήριο αποφάσισε",
    "בית המשפט המחוזי",
    "The court mediated 312 disputes; 99.3% succeeded.",
    "Türkçe ışık İstanbul, größe, naïve café, ½ ﬁ ﷺ ㎏",
    "e\u0301a\u0308o\u0302\u0323 combining \u0301\u0301\u0301",
    "👩\u200d👩\u200d👧\u200d👦 👍🏽 🇨🇳 emoji",
    "𠀀𪛖𪜀𫝀 CJK Extension B",
    "𝒳𝓎𝔃 mathematical",
    "▁ <html> &amp; {json} [1] #tag @name",
    "https://example.org/a?b=c&d=e 3.14159 1,234,567",
    "line\nbreak\r\nand\ttab\x0cfeed\x0bend",
    "\ufeffmarked \u200bzero\u200dwidth\u00ad \u202eright to left\u202c",
    "\x00\x01\x7f\x85 controls",
)  # fmt: skip
EMPTIES = ("", " ", "\n", "\u3000", "\u00a0\u2003", "\u200b", "\ufeff", "\x00", "\u0301")
# Characters that the model's vocabulary lacks: one piece each, also in runs.
UNKNOWN = ("ꙮ", "ꙮꙮꙮꙮ", "𓀀𓀁𓀂", "中ꙮꙮ文", "a𓀀𓀀𓀀b ꙮ", "ꙮ" * 200, "\U0010ffff\ue000\ufffe")
_RANGES = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x5FF), (0x600, 0x6FF),
    (0x900, 0x97F), (0xE00, 0xE7F), (0x1100, 0x11FF), (0x2000, 0x206F), (0x2100, 0x214F), (0x2500, 0x25FF),
    (0x3000, 0x303F), (0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
    (0xFB50, 0xFDFF), (0xFF00, 0xFFEF), (0x1F300, 0x1F6FF), (0x20000, 0x2A6DF), (0x1D400, 0x1D7FF),
)  # fmt: skip


def every_script() -> list[str]:
    """Give several hundred texts: sentences, nothing, unknown characters, single blocks of Unicode, and mixtures."""
    chance = random.Random(2026)
    texts = [*SENTENCES, *EMPTIES, *UNKNOWN]
    for first, last in _RANGES:
        for length in (1, 2, 3, 5, 8, 40):
            texts.append("".join(chr(chance.randint(first, last)) for _ in range(length)))
    for _ in range(120):
        words = ["".join(chr(chance.randint(*chance.choice(_RANGES))) for _ in range(chance.randint(1, 6)))]
        words += chance.choices(SENTENCES, k=chance.randint(0, 3))
        chance.shuffle(words)
        texts.append(chance.choice(("", " ", "\n", "\u3000")).join(words))
    return texts
