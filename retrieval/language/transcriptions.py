"""Chinese names as Russian and Korean write them: Чжучжоу and 주저우 for zhuzhou."""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from retrieval.language.scripts import HANGUL
from retrieval.language.syllables import SYLLABLES, cut_syllables

__all__ = ["transcribed_names"]


def _pairs(written: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in written.split())


_INITIAL = re.compile(r"zh|ch|sh|[bpmfdtnlgkhjqxrzcs]")
# Palladius: https://en.wikipedia.org/wiki/Cyrillization_of_Chinese. The finals of syllables without an initial differ.
_RUSSIAN_INITIALS = _pairs("b=б p=п m=м f=ф d=д t=т n=н l=л g=г k=к h=х j=цз q=ц x=с zh=чж ch=ч sh=ш r=ж z=цз c=ц s=с")
_RUSSIAN_FINALS = _pairs(
    "a=а o=о e=э ai=ай ei=эй ao=ао ou=оу an=ань en=энь ang=ан eng=эн ong=ун i=и ia=я ie=е "
    "iao=яо iu=ю ian=янь in=инь iang=ян ing=ин iong=юн u=у ua=уа uo=о uai=уай ui=уй uan=уань "
    "un=унь uang=уан v=юй ve=юэ van=юань vn=юнь"
)
_RUSSIAN_WHOLE = _pairs(
    "a=а o=о e=э ai=ай ei=эй ao=ао ou=оу an=ань en=энь ang=ан er=эр ya=я ye=е yao=яо you=ю "
    "yan=янь yin=инь yang=ян ying=ин yong=юн yi=и yu=юй yue=юэ yuan=юань yun=юнь wa=ва wo=во "
    "wai=вай wei=вэй wan=вань wen=вэнь wang=ван weng=вэн wu=у zi=цзы ci=цы si=сы hui=хуэй"
)
# The rules of South Korea's National Institute of the Korean Language for Chinese, initials and finals as letters.
_KOREAN_INITIALS = _pairs(
    "b=ㅂ p=ㅍ m=ㅁ f=ㅍ d=ㄷ t=ㅌ n=ㄴ l=ㄹ g=ㄱ k=ㅋ h=ㅎ j=ㅈ q=ㅊ x=ㅅ zh=ㅈ ch=ㅊ sh=ㅅ r=ㄹ z=ㅉ c=ㅊ s=ㅆ"
)
_KOREAN_FINALS = _pairs(
    "a=ㅏ o=ㅗ e=ㅓ ai=ㅏ,ㅣ ei=ㅔ,ㅣ ao=ㅏ,ㅗ ou=ㅓ,ㅜ an=ㅏㄴ en=ㅓㄴ ang=ㅏㅇ eng=ㅓㅇ ong=ㅜㅇ er=ㅓㄹ i=ㅣ ia=ㅑ "
    "ie=ㅖ iao=ㅑ,ㅗ iu=ㅠ ian=ㅖㄴ in=ㅣㄴ iang=ㅑㅇ ing=ㅣㅇ iong=ㅠㅇ u=ㅜ ua=ㅘ uo=ㅝ uai=ㅘ,ㅣ ui=ㅜ,ㅣ "
    "uan=ㅘㄴ un=ㅜㄴ uang=ㅘㅇ v=ㅟ ve=ㅞ van=ㅟ,ㅏㄴ vn=ㅟㄴ"
)
_KOREAN_WHOLE = _pairs(
    "ya=야 ye=예 yao=야오 you=유 yan=옌 yin=인 yang=양 ying=잉 yong=융 yi=이 yu=위 yue=웨 yuan=위안 yun=윈 "
    "wa=와 wo=워 wai=와이 wei=웨이 wan=완 wen=원 wang=왕 weng=웡 wu=우"
)
# Behind ㅈ, ㅉ and ㅊ the y is not written, and zh, ch, sh, r, z, c, s before i take ㅡ.
_WITHOUT_Y = dict(zip("ㅑㅖㅛㅠ", "ㅏㅔㅗㅜ", strict=True))
_BUZZING = frozenset(("zh", "ch", "sh", "r", "z", "c", "s"))
_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAILS = {"": 0, "ㄴ": 4, "ㄹ": 8, "ㅇ": 21}
_FIRST_SYLLABLE = 0xAC00
_KOREAN_DIVISIONS = {"현": "xian", "시": "shi", "구": "qu", "성": "sheng", "진": "zhen", "향": "xiang", "촌": "cun"}

_CYRILLIC = re.compile("[А-ЯЁ][а-яё]+(?:-[А-Яа-яЁё]+)*")
_CYRILLIC_RUN = re.compile(rf"{_CYRILLIC.pattern}(?: {_CYRILLIC.pattern})*")
_HANGUL_WORD = re.compile(f"[{HANGUL}]+")
# Endings of the cases behind a consonant; names in -нь drop the soft sign before them.
_CASES = re.compile("(?<=н)(?:ом|ем|ами|а|у|е|я|ю|и|ы)$")
_MAX_SYLLABLES = 5
_MAX_FORMS = 24


def transcribed_names(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Find names that may be Chinese, with the sounds that each may have: pinyin without tones, joined.

    A Russian name is one with a capital that the Palladius system could have written, in any case of the language; a
    Korean one is a word, or its beginning, that the official transcription could have written.
    """
    yield from _russian_names(text)
    for match in _HANGUL_WORD.finditer(text):
        forms = list(dict.fromkeys(_korean_forms(match.group())))
        if forms:
            yield match.group(), tuple(forms[:_MAX_FORMS])


def _russian_names(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for run in _CYRILLIC_RUN.finditer(text):
        before: list[str] = []
        for match in _CYRILLIC.finditer(run.group()):
            forms = [form for stem in _stems(match.group()) for form in _readings(stem, _russian(), least=1)]
            # Surname and given name: Линь Тао.
            whole = [surname + form for surname in before for form in forms]
            told = [*whole, *(form for form in forms if len(cut_syllables(form) or ()) > 1)]
            if told:
                yield match.group(), tuple(dict.fromkeys(told))[:_MAX_FORMS]
            before = forms


def _stems(name: str) -> Iterator[str]:
    """Give what the name may be in the nominative."""
    plain = name.lower().replace("-", "").replace("ё", "е").replace("ъ", "")
    yield plain
    bare = _CASES.sub("", plain)
    if bare != plain:
        yield from (f"{bare}ь", bare) if plain[-1] in "яюием" else (bare, f"{bare}ь")


def _korean_forms(word: str) -> Iterator[str]:
    """Read a word's beginnings: what follows the name is a kind of place, a particle or both."""
    for length in range(len(word), 1, -1):
        stem = word[:length]
        division = _KOREAN_DIVISIONS.get(stem[-1], "")
        if division:
            for form in _readings(stem[:-1], _korean(), least=1):
                yield f"{form}{division}"
                if len(stem) > 2:
                    yield form
        if length >= len(word) - 2:
            yield from _readings(stem, _korean())


def _readings(name: str, table: Mapping[str, tuple[str, ...]], least: int = 2) -> Iterator[str]:
    for cut in _cuts(name, table, _MAX_SYLLABLES):
        if len(cut) >= least:
            yield from ("".join(chosen) for chosen in itertools.product(*(table[part] for part in cut)))


def _cuts(name: str, table: Mapping[str, tuple[str, ...]], most: int) -> Iterator[tuple[str, ...]]:
    """Cut a name into syllables of ``table`` in every way, longer ones first."""
    if not name:
        yield ()
    elif most:
        for length in range(min(6, len(name)), 0, -1):
            if name[:length] in table:
                yield from ((name[:length], *rest) for rest in _cuts(name[length:], table, most - 1))


@lru_cache(maxsize=1)
def _russian() -> Mapping[str, tuple[str, ...]]:
    return _table(_to_russian)


@lru_cache(maxsize=1)
def _korean() -> Mapping[str, tuple[str, ...]]:
    return _table(_to_korean)


def _table(write: Callable[[str], str]) -> Mapping[str, tuple[str, ...]]:
    written: defaultdict[str, list[str]] = defaultdict(list)
    for syllable in sorted(SYLLABLES):
        for text in {write(syllable)} - {""}:
            written[text].append(syllable)
    return {text: tuple(syllables) for text, syllables in written.items()}


def _to_russian(syllable: str) -> str:
    if syllable in _RUSSIAN_WHOLE:
        return _RUSSIAN_WHOLE[syllable]
    initial, final = _split(syllable)
    return _RUSSIAN_INITIALS[initial] + _RUSSIAN_FINALS[final] if initial and final in _RUSSIAN_FINALS else ""


def _to_korean(syllable: str) -> str:
    if syllable in _KOREAN_WHOLE:
        return _KOREAN_WHOLE[syllable]
    initial, final = _split(syllable)
    if final not in _KOREAN_FINALS:
        return ""
    lead = _KOREAN_INITIALS.get(initial, "ㅇ")
    first, *rest = _KOREAN_FINALS[final].split(",")
    if initial in _BUZZING and final == "i":
        first = "ㅡ"
    if lead in "ㅈㅉㅊ":
        first = _WITHOUT_Y.get(first[0], first[0]) + first[1:]
    return _block(lead, first) + "".join(_block("ㅇ", letters) for letters in rest)


def _split(syllable: str) -> tuple[str, str]:
    match = _INITIAL.match(syllable)
    initial = match.group() if match else ""
    final = syllable[len(initial) :]
    # u is ü behind j, q and x.
    return initial, f"v{final[1:]}" if initial in ("j", "q", "x") and final.startswith("u") else final


def _block(lead: str, letters: str) -> str:
    vowel, tail = letters[0], letters[1:]
    return chr(_FIRST_SYLLABLE + (_LEADS.index(lead) * len(_VOWELS) + _VOWELS.index(vowel)) * 28 + _TAILS[tail])
