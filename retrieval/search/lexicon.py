from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from retrieval.language.dictionary import EnglishChineseDictionary
from retrieval.language.forward import ChineseMeanings
from retrieval.language.pinyin import Pinyin

__all__ = ["Lexicon"]


@dataclass(frozen=True)
class Lexicon:
    """The dictionary and the readings of characters, each opened when first asked for.

    ``cache`` is the folder that keeps their tables, which take seconds to make.
    """

    cache: Path | None = None

    @cached_property
    def dictionary(self) -> EnglishChineseDictionary:
        """Open the English-Chinese dictionary."""
        return EnglishChineseDictionary.load(self.cache)

    @cached_property
    def meanings(self) -> ChineseMeanings:
        """Open the Chinese words' meanings."""
        return ChineseMeanings.load(self.dictionary, self.cache)

    @cached_property
    def pinyin(self) -> Pinyin:
        """Open the readings of Chinese characters."""
        return Pinyin.load(self.cache)
