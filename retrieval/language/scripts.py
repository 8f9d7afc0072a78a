import re

__all__ = ["HAN", "HANGUL", "KANA", "has_cjk", "has_han", "has_kana", "is_cjk"]

# Character classes, for use inside [...] of a regular expression.
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3005\u3007"
KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
HANGUL = "\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e"

_HAN = re.compile(f"[{HAN}]")
_KANA_SYLLABLE = re.compile(f"[{KANA}]")
_CJK = re.compile(f"[{HAN}{KANA}{HANGUL}]")


def has_han(text: str) -> bool:
    """Tell whether ``text`` holds a Chinese character."""
    return _HAN.search(text) is not None


def has_kana(text: str) -> bool:
    """Tell whether ``text`` holds a Japanese syllable, so that its Chinese characters are Japanese."""
    return _KANA_SYLLABLE.search(text) is not None


def has_cjk(text: str) -> bool:
    """Tell whether ``text`` holds a Chinese character, kana or Hangul."""
    return _CJK.search(text) is not None


def is_cjk(character: str) -> bool:
    """Tell whether ``character`` is Chinese, kana or Hangul, which are written without spaces or in syllables."""
    return _CJK.match(character) is not None
