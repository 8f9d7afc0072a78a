import unicodedata
from functools import lru_cache
from typing import Protocol, cast

__all__ = ["fold", "to_simplified", "to_traditional"]


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


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

    Traditional characters become simplified, full-width letters and digits half-width, capitals small, accents stay.
    The result has exactly as many characters as ``text``, so that offsets into one are offsets into the other.
    """
    if text.isascii():
        return text.lower()
    folded = "".join(map(_fold_character, text))
    try:
        simplified = to_simplified(folded)
    except UnicodeEncodeError:
        # Half a surrogate pair, which a chat may send, is no character of any script.
        return folded
    if len(simplified) == len(text):
        return simplified
    # A phrase of another length, which no phrase of the dictionary has today, would shift all offsets after it.
    return "".join(_simplify_character(character) for character in folded)


@lru_cache(maxsize=1 << 16)
def _fold_character(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).casefold()
    if len(plain) != 1:
        plain = character.lower()
    return plain if len(plain) == 1 else character


@lru_cache(maxsize=1 << 16)
def _simplify_character(character: str) -> str:
    simplified = to_simplified(character)
    return simplified if len(simplified) == 1 else character
