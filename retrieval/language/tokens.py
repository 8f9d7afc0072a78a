import re
from collections.abc import Iterator

from retrieval.language.folding import fold
from retrieval.language.scripts import HAN, HANGUL, KANA, has_han

__all__ = ["bigrams", "folded_tokens", "meaningful_words", "phrases", "stem", "words"]

_RUN = re.compile(rf"[{HAN}]+|[{KANA}]+|[{HANGUL}]+|[^\W_{HAN}{KANA}{HANGUL}]+(?:[.,·'’][^\W_{HAN}{KANA}{HANGUL}]+)*%?")
_SYLLABLES = re.compile(rf"[{HAN}{KANA}{HANGUL}]")
_HANGUL_RUN = re.compile(rf"[{HANGUL}]")
_KANA_RUN = re.compile(rf"[{KANA}]")
_KATAKANA = re.compile("[\u30a1-\u30fa]")
_KATAKANA_RUN = re.compile("[\u30a1-\u30fa\u30fc]{2,}")
# Korean case and topic particles; those of one syllable only behind two or more.
_PARTICLES = "(?<=[\uac00-\ud7a3]{2})(?:으로|에서|에게|까지|부터|이나|은|는|이|가|을|를|의|에|로|와|과|도|만|인)$"
# Five letters tell most words apart and are the same in most of their forms: crude, and no worse than rules in English,
# German or Russian (McNamee and Mayfield 2004, "Character N-Gram Tokenization for European Language Text Retrieval").
_STEM = 5
_SPACED_PAIR = re.compile(r"(?=(?<![^\W_])([^\W_]+ [^\W_]+))")
_NUMBER = re.compile(r"\d[\d.,]*%?")
_SPACED_WORD = re.compile(rf"(?<![^\W_])[^\W_{HAN}][^\W_]*")


def words(text: str) -> list[str]:
    """Cut ``text`` into its words, folded: Chinese by dictionary with the words inside words, others by spaces.

    Kana and Hangul, for which there is no dictionary here, give their character bigrams.
    """
    return [word for run in _runs(text) for word in _run_words(run)]


def bigrams(text: str) -> list[str]:
    """Cut ``text`` into pairs of neighbouring characters where words have no spaces, into stems elsewhere, folded."""
    return [
        piece
        for run in _runs(text)
        for piece in (_pairs(run) if _SYLLABLES.match(run) else [stem(word) for word in _latin(run)])
    ]


def stem(word: str) -> str:
    """Give the beginning that a folded word has in common with its inflected forms, in any alphabet."""
    return word[:_STEM] if len(word) > _STEM and word.isalpha() else word.removesuffix("s") if len(word) > 3 else word


def folded_tokens(text: str) -> frozenset[str]:
    """Give a folded text's words, cut at whatever is no letter or digit, and their stems; none that begin in Chinese.

    Chinese terms are looked for as characters.
    """
    found = _SPACED_WORD.findall(text)
    return frozenset((*found, *map(stem, found)))


def phrases(text: str) -> list[str]:
    """Give the phrases of a folded text, each once: three characters of Chinese, Japanese or Korean, else two words."""
    found: dict[str, None] = {}
    for run in _runs(text):
        if _SYLLABLES.match(run):
            found.update(dict.fromkeys(run[i : i + 3] for i in range(len(run) - 2)))
    found.update(dict.fromkeys(pair for pair in _SPACED_PAIR.findall(text) if not _SYLLABLES.search(pair)))
    return list(found)


def meaningful_words(text: str) -> list[str]:
    """Cut ``text`` into the words whose meaning can be looked up, folded, each once.

    Chinese by dictionary, others whole as they stand between spaces; Korean without its particles; of Japanese kana
    only the katakana, as hiragana is mostly grammar. No numbers, no single letters.
    """
    found: dict[str, None] = {}
    for run in _runs(text):
        if has_han(run):
            found.update(dict.fromkeys(word for word in _run_words(run) if len(word) > 1))
        elif _HANGUL_RUN.match(run):
            found[re.sub(_PARTICLES, "", run) or run] = None
        elif _KATAKANA.search(run):
            found.update(dict.fromkeys(_KATAKANA_RUN.findall(run)))
        elif not _KANA_RUN.match(run):
            found.update(dict.fromkeys(word for word in _latin(run) if len(word) > 2 and not word[0].isdigit()))
    return list(found)


def _runs(text: str) -> Iterator[str]:
    return (match.group() for match in _RUN.finditer(fold(text)))


def _run_words(run: str) -> list[str]:
    if has_han(run):
        import rjieba

        return [word for word in rjieba.cut_for_search(run) if word.strip()]
    return _pairs(run) if _SYLLABLES.match(run) else _latin(run)


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] if len(run) > 1 else [run]


def _latin(run: str) -> list[str]:
    if _NUMBER.fullmatch(run):
        # 27,8120 and 278120 are one number to a reader, and 99% is found by 99 too.
        plain = run.replace(",", "").rstrip(".")
        return [plain, plain[:-1]] if plain.endswith("%") else [plain]
    parts = re.split(r"[.,·'’]", run.rstrip("%"))
    return [part for part in parts if part]
