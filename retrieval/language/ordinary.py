import json
from functools import lru_cache
from importlib.resources import files

__all__ = ["is_ordinary"]


def is_ordinary(word: str) -> bool:
    """Tell whether the segmenter takes a word for a place's name that is none: 东西, 上路, 台风.

    The words are those of CC-CEDICT whose meanings name nothing (``training/ordinary.py`` lists them).

    :param word: folded, simplified characters.
    """
    return word in _ordinary()


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    return frozenset(json.loads(files("retrieval.language").joinpath("ordinary.json").read_text(encoding="utf-8")))
