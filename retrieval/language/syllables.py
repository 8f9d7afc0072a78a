import re
import unicodedata
from functools import lru_cache

__all__ = ["MAX_SYLLABLE", "SYLLABLES", "cut_syllables", "plain_pinyin"]

# The syllables of modern standard Chinese without tones, by their first sound; ü is written u.
_BY_INITIAL = (
    " a ai an ang ao e ei en er o ou",
    "b a ai an ang ao ei en eng i ian iao ie in ing o u",
    "c a ai an ang ao e en eng i ong ou u uan ui un uo",
    "ch a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "d a ai an ang ao e ei eng i ian iao ie ing iu ong ou u uan ui un uo",
    "f a an ang ei en eng o ou u",
    "g a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j i ia ian iang iao ie in ing iong iu u uan ue un",
    "k a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "l a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan ue un uo",
    "m a ai an ang ao ei en eng i ian iao ie in ing iu o ou u",
    "n a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan ue uo",
    "p a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "q i ia ian iang iao ie in ing iong iu u uan ue un",
    "r an ang ao e en eng i ong ou u uan ui un uo",
    "s a ai an ang ao e en eng i ong ou u uan ui un uo",
    "sh a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "t a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "w a ai an ang ei en eng o u",
    "x i ia ian iang iao ie in ing iong iu u uan ue un",
    "y a an ang ao e i in ing ong ou u uan ue un",
    "z a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "zh a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
)
SYLLABLES = frozenset(
    initial + final for row in _BY_INITIAL for initial, *finals in [row.split(" ")] for final in finals
)
MAX_SYLLABLE = max(map(len, SYLLABLES))
# An n behind a vowel ends a syllable, so that "yu" begins the next one (Lan'yu) and v is just a v (Denver).
_UMLAUT = re.compile(r"(?<=[ln])(?:u:|u\u0308)|(?<=l)(?:v|yu)|(?<![aeiou]n)(?<=n)(?:v|yu)")
# No name is longer, and each syllable costs a level of recursion.
_MAX_LETTERS = 60
_NO_LETTER = re.compile(r"[^a-z]")


def plain_pinyin(text: str) -> str:
    """Write pinyin in one form: small letters without tones and apostrophes; ü, v, yu and u: after l and n as u."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return _NO_LETTER.sub("", _UMLAUT.sub("u", decomposed))


@lru_cache(maxsize=4096)
def cut_syllables(text: str) -> tuple[str, ...] | None:
    """Cut plain pinyin into the fewest syllables, longer ones first; None if it is no pinyin or too long for a name."""
    if not text:
        return ()
    if len(text) > _MAX_LETTERS:
        return None
    best: tuple[str, ...] | None = None
    for length in range(min(MAX_SYLLABLE, len(text)), 0, -1):
        if text[:length] not in SYLLABLES:
            continue
        rest = cut_syllables(text[length:])
        # A vowel alone begins a name (Emei) but hardly goes on one, while many foreign words would end in one.
        if rest is None or any(len(syllable) == 1 for syllable in rest):
            continue
        if best is None or len(rest) + 1 < len(best):
            best = (text[:length], *rest)
    return best
