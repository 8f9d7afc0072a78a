from collections.abc import Mapping, Sequence
from random import Random

from training.dictionaries import Dictionary

__all__ = ["Glosser", "inverted"]


class Glosser:
    """Writes Chinese word by word in another language, as far as its dictionaries go.

    Texts of mixed languages bring the languages of an encoder together without a line of parallel text. Source: Qin et
    al. 2020, "CoSDA-ML: Multi-Lingual Code-Switching Data Augmentation", https://arxiv.org/abs/2006.06402.
    """

    def __init__(self, english: Dictionary, others: Mapping[str, Dictionary]) -> None:
        """Use ``english`` for Chinese to English and ``others`` from English on, by language."""
        self._english = english
        self._others = others

    def gloss(self, text: str, language: str, share: float, random: Random) -> str:
        """Write about ``share`` of the words of ``text`` in ``language`` (``en`` or one of the others)."""
        import rjieba

        pieces: list[str] = []
        for word in rjieba.cut(text):
            translation = self._translation(word, language, random) if random.random() < share else ""
            pieces.append(f" {translation} " if translation else word)
        return " ".join("".join(pieces).split())

    def _translation(self, word: str, language: str, random: Random) -> str:
        senses = self._english.get(word, ())
        # The first sense is the usual one, half of the time it is the one meant.
        english = _first(senses, random).removeprefix("to ")
        if language == "en" or not english:
            return english
        return _first(self._others[language].get(english.lower(), ()), random)


def inverted(dictionary: Dictionary) -> Dictionary:
    """Turn a dictionary round; a translation's words keep their order."""
    found: dict[str, list[str]] = {}
    for word, senses in dictionary.items():
        for sense in senses:
            found.setdefault(sense.lower(), []).append(word)
    return {sense: tuple(words[:3]) for sense, words in found.items()}


def _first(senses: Sequence[str], random: Random) -> str:
    if not senses:
        return ""
    return senses[0] if len(senses) == 1 or random.random() < 0.7 else random.choice(senses)
