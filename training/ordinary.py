"""List the words that the segmenter takes for places and CC-CEDICT does not: ``python -m training.ordinary``."""

import json
import re
from pathlib import Path

import rjieba

from retrieval.language.folding import fold
from training.dictionaries import read_cedict

_OUTPUT = Path(__file__).resolve().parent.parent / "retrieval" / "language" / "ordinary.json"
_PLACE = "ns"
_HAN = re.compile("[\u4e00-\u9fff]{2,4}")
# A meaning that names something has a capital; these are of a place without naming it.
_OF_PLACES = re.compile(
    r"[A-Z]|county|city|province|town|district|prefecture|country|state|river|lake|mountain|island|region|area|capital|village"
)


def _main() -> None:
    words = {
        fold(word)
        for word, senses in read_cedict().items()
        if senses and _HAN.fullmatch(word) and not any(map(_OF_PLACES.search, senses))
    }
    tagged = ((word, rjieba.tag(word)) for word in sorted(words))
    found = [word for word, tags in tagged if len(tags) == 1 and tags[0][1].startswith(_PLACE)]
    _OUTPUT.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _main()
