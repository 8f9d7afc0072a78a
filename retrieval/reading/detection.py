import codecs
import re
import unicodedata
from collections import Counter
from functools import cache

from retrieval.reading.frequent import HANGUL, KANA, KANJI, RUSSIAN, SIMPLIFIED, TRADITIONAL
from retrieval.reading.western import western_score

__all__ = ["detect_encoding"]

# Enough text for certainty; reading more of a large file only takes longer.
_SAMPLE_BYTES = 1 << 16

# What one character says about the decoding that produced it. A right decoding of running Chinese has about seven
# frequent characters in ten, a wrong one hardly any, so right and wrong means lie about one apart.
_FREQUENT = 1.0
_NEUTRAL = 0.0
_ORDINARY = -0.5
_RARE = -1.5
_IMPOSSIBLE = -4.0
# What a Cyrillic encoding read as another one shows: upper case within words, letters and marks in wrong places.
_BROKEN_WORD = -60.0

# Letters of an alphabet look alike in any order, so a wrong reading of one comes closer to a right one.
# Measured on Chinese encyclopedia paragraphs in GB18030, Big5 and UTF-16: of 2,081 whole ones none is read wrongly or
# refused; cut to 30 characters none of 2,097 is read wrongly and 15 are refused; cut to 8, 1 and 129 of 2,047.
_LEAST_SCORE = 0.15
_LEAST_ALPHABETIC_SCORE = 0.7
_LEAST_CHARACTERS = 4
_LEAST_ALPHABETIC_CHARACTERS = 20
_LEAST_LEAD = 0.45

# Each group is one encoding; the first of its codecs that can read the bytes stands for it.
_ENCODINGS = (
    ("gb18030",),
    ("cp950", "big5hkscs"),
    ("cp932",),
    ("euc_jp",),
    ("cp949",),
    ("cp1251",),
    ("koi8_r",),
    ("iso8859_5",),
    ("cp866",),
    ("cp1252",),
    ("utf-16-le",),
    ("utf-16-be",),
)

_CYRILLIC = frozenset({"cp1251", "koi8_r", "iso8859_5", "cp866"})
_PUNCTUATION = frozenset("“”‘’—…·～　、。〈〉《》「」『』【】〔〕・") | {chr(code) for code in range(0xFF01, 0xFF5F)}
_BROKEN = re.compile(
    r"[а-яё][А-ЯЁ]|[ЂЃЉЊЌЋЏЅђѓљњќћџѕ]|[‘“†‡‰€‚„…][а-яё]|[а-яё][‘“†‡‰€№][а-яё]|[A-Za-z][а-яё]|[а-яё][A-Za-z]"
)
_JAPANESE = KANJI | KANA
_CHINESE = SIMPLIFIED | TRADITIONAL
_ALL = _CHINESE | _JAPANESE | HANGUL | RUSSIAN
_TYPICAL = {
    "gb18030": _CHINESE,
    "cp950": TRADITIONAL,
    "big5hkscs": TRADITIONAL,
    "cp932": _JAPANESE,
    "euc_jp": _JAPANESE,
    "cp949": HANGUL,
    **dict.fromkeys(_CYRILLIC, RUSSIAN),
    "utf-16-le": _ALL,
    "utf-16-be": _ALL,
}


def detect_encoding(data: bytes) -> str | None:
    """Say which encoding the bytes are in, if that is certain.

    Every encoding that can read the bytes is scored by how much its text looks like text of its script. The best one
    is certain when it looks like running text and the next best does not.

    :param data: bytes that are not UTF-8 and begin with no byte order mark.
    :return: the name of a Python codec, which may still fail on bytes beyond the sample, or None.
    """
    scored: list[tuple[float, str]] = []
    for group in _ENCODINGS:
        for codec in group:
            text = _decode_sample(data, codec)
            if text is not None:
                scored.append((_score(text, codec), codec))
                break
    scored.sort(key=lambda pair: -pair[0])
    if not scored:
        return None
    score, codec = scored[0]
    least = _LEAST_ALPHABETIC_SCORE if codec in _CYRILLIC or codec == "cp1252" else _LEAST_SCORE
    lead = score - scored[1][0] if len(scored) > 1 else score
    return codec if score >= least and lead >= _LEAST_LEAD else None


def _decode_sample(data: bytes, codec: str) -> str | None:
    start = 0
    if not codec.startswith("utf-16"):
        found = re.search(rb"[\x80-\xff]", data)
        if found is None or b"\0" in data:
            return None
        # No multi-byte encoding uses the line feed inside a character, so a line begins with a whole one.
        start = data.rfind(b"\n", 0, found.start()) + 1
        start = max(start, found.start() - _SAMPLE_BYTES // 2)
    sample = data[start : start + _SAMPLE_BYTES]
    try:
        return codecs.getincrementaldecoder(codec)().decode(sample, final=start + len(sample) == len(data))
    except UnicodeDecodeError:
        return None


def _score(text: str, codec: str) -> float:
    """Give the mean worth of the characters that tell something; 1.0 is text of frequent characters only."""
    if codec == "cp1252":
        return western_score(text)
    wide = codec.startswith("utf-16")
    total = 0.0
    number = 0
    for character, count in Counter(text).items():
        if wide or character > "\x7f":
            total += count * _worth(character, codec)
            number += count
    if codec in _CYRILLIC:
        total += _BROKEN_WORD * len(_BROKEN.findall(text))
    least = _LEAST_ALPHABETIC_CHARACTERS if codec in _CYRILLIC else _LEAST_CHARACTERS
    return total / number if number >= least else _IMPOSSIBLE


def _worth(character: str, codec: str) -> float:
    if character in _TYPICAL[codec] or (character in _PUNCTUATION and codec not in _CYRILLIC):
        return _FREQUENT
    if character <= "\x7f":
        return _FREQUENT if character.isprintable() or character in "\t\n\f\r" else _IMPOSSIBLE
    if character in _ordinary(codec):
        return _ORDINARY
    category = unicodedata.category(character)
    if category in {"Cc", "Cn", "Co", "Cs"}:
        return _IMPOSSIBLE
    if codec in _CYRILLIC:
        return _NEUTRAL if "А" <= character <= "Я" or character in "ё«»–—…№" else _RARE
    if "\uff61" <= character <= "\uff9f":
        return _RARE
    if category == "Lo":
        return _NEUTRAL if character in KANA else _RARE
    return _NEUTRAL if category[0] == "S" else _ORDINARY


@cache
def _ordinary(codec: str) -> frozenset[str]:
    """Give the characters that the encoding's standard sorts among the common ones (its first level)."""
    if codec == "gb18030":
        return _rows("gb2312", 0xB0, 0xD7)
    if codec in {"cp950", "big5hkscs"}:
        return _rows("big5", 0xA4, 0xC6)
    if codec in {"cp932", "euc_jp"}:
        return _rows("euc_jp", 0xB0, 0xCF)
    if codec == "cp949":
        return _rows("euc_kr", 0xB0, 0xC8)
    if codec.startswith("utf-16"):
        return _rows("gb2312", 0xB0, 0xD7) | _rows("big5", 0xA4, 0xC6) | _rows("euc_kr", 0xB0, 0xC8)
    return frozenset()


def _rows(codec: str, first: int, last: int) -> frozenset[str]:
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    pairs = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in trails)
    return frozenset("".join(pair.decode(codec, errors="ignore") for pair in pairs)) - {chr(c) for c in range(0x80)}
