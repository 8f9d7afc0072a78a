import re
from functools import lru_cache

from retrieval.language.scripts import HAN, HANGUL, KANA

__all__ = ["identify"]

_SCRIPTS = (
    ("ja", re.compile(f"[{KANA}]")),
    ("ko", re.compile(f"[{HANGUL}]")),
    ("zh", re.compile(f"[{HAN}]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_LATIN = re.compile(r"[^\W\d_]+")
# Words that nearly every sentence of a language has, and few of the others.
_FREQUENT = {
    "en": "the of and to in is was were are what which who whom when where why how many much did does do for on by "
    "with from at that this there it be has have had about tell me",
    "de": "der die das und ist war wurde wurden in den dem des ein eine einen wer was wie viele wann wo warum welche "
    "welcher welches für auf von mit zu im sich nicht gibt aus hat haben sind es bei über",
    "fr": "le la les de des du et est était sont qui que quoi quel quelle quels quelles combien où quand pourquoi "
    "comment dans pour par sur avec une un il elle ont été au aux ce cette en a à d l qu",
    "es": "el la los las de del y es era son fue qué quién quiénes cuál cuáles cuántos cuántas cuánto cuándo dónde por "
    "cómo para con una un en se que al ha han está cuanta sobre su",
    "it": "il lo la gli le di del della e è era sono chi che cosa quale quali quanti quante quando dove perché come "
    "per con una un in nel si al ha hanno",
    "pt": "o a os as de do da dos das e é era são foi quem que qual quais quantos quantas quando onde por como para "
    "com uma um em no na se ao tem",
}  # fmt: skip


@lru_cache(maxsize=1)
def _frequent() -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in _FREQUENT.items()}


def identify(text: str) -> str:
    """Tell the language of a question as a BCP 47 tag; ``und`` when nothing shows it.

    A text in several scripts counts as the one with the most letters, Han excepted: kana or Hangul among Chinese
    characters show Japanese or Korean. Chinese is told apart as ``zh-Hant`` when it has traditional characters.
    """
    counts = {language: len(pattern.findall(text)) for language, pattern in _SCRIPTS}
    latin = _LATIN.findall(text.lower())
    letters = sum(map(len, latin))
    # A letter of a syllabic script says as much as about three of an alphabet.
    syllabic = counts["ja"] + counts["ko"] + counts["zh"]
    if 3 * syllabic >= max(letters, counts["ru"], counts["ar"], counts["th"]) and syllabic:
        if counts["ja"] and counts["ja"] >= counts["ko"]:
            return "ja"
        if counts["ko"]:
            return "ko"
        return "zh-Hant" if _is_traditional(text) else "zh"
    other = max(("ru", "ar", "th"), key=lambda language: counts[language])
    if counts[other] >= letters and counts[other]:
        return other
    return _latin_language(latin) if latin else "und"


def _latin_language(words: list[str]) -> str:
    scores = {language: sum(word in known for word in words) for language, known in _frequent().items()}
    best = max(scores.values())
    # English without one function word is the commonest keyword query.
    return next(language for language, score in scores.items() if score == best)


def _is_traditional(text: str) -> bool:
    from retrieval.language.folding import to_simplified, to_traditional

    changed = sum(a != b for a, b in zip(text, to_simplified(text), strict=False))
    if not changed:
        # Most questions are simplified Chinese: the other table, a tenth of a second to load, cannot change that.
        return False
    unchanged = sum(a != b for a, b in zip(text, to_traditional(text), strict=False))
    return changed > unchanged
