import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from retrieval.language.cedict import read_entries
from retrieval.language.english import is_stop
from retrieval.language.scripts import has_han
from retrieval.language.tables import Arrays, StringTable

__all__ = ["MAX_PHRASE", "invert"]

MAX_PHRASE = 4
# These weights were tuned on the even questions of XQuAD (English questions, Chinese paragraphs).
_MAX_TRANSLATIONS = 25
_PARTIAL_WEIGHT = 0.5
_PART_WEIGHT = 0.5
_SINGLE_CHARACTER_WEIGHT = 0.5
# Translations with a smaller share of the best one's weight are noise.
_MIN_SHARE = 0.05
_SEPARATORS = str.maketrans("", "", "，·")


def invert(source: Path) -> Arrays:
    """Give the tables ``keys`` and ``terms`` and the links between them from a CC-CEDICT file.

    The translations of key ``i`` are ``numbers[starts[i] : starts[i + 1]]``, with ``weights`` that are comparable
    between keys. A translation of several words is followed by these, with less weight.

    :raises DictionaryError: if the file cannot be read.
    """
    import rjieba

    links: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for term, key, weight in _links(source):
        links[key][term] = max(weight, links[key].get(term, 0.0))
    terms = {term for translations in links.values() for term in translations}
    frequencies = {term: rjieba.suggest_freq(term) if rjieba.has_word(term) else 0 for term in terms}
    parts = {term: _parts(term) for term in frequencies}
    names = sorted({*parts, *(part for of in parts.values() for part in of)}, key=str.encode)
    number_of = {name: number for number, name in enumerate(names)}
    keys = sorted(links, key=str.encode)
    starts, numbers, weights = [0], list[int](), list[float]()
    for key in keys:
        # A frequent word is likelier meant; the logarithm keeps a rare but exact one near.
        rated = [(weight * math.log(2 + frequencies[term]), term) for term, weight in links[key].items()]
        least = _MIN_SHARE * max(rated)[0]
        best = sorted((pair for pair in rated if pair[0] >= least), key=lambda pair: (-pair[0], pair[1]))
        expanded = {term: weight for weight, term in best[:_MAX_TRANSLATIONS]}
        for weight, term in best[:_MAX_TRANSLATIONS]:
            for part in parts[term]:
                expanded[part] = max(expanded.get(part, 0.0), _PART_WEIGHT * weight)
        numbers.extend(number_of[term] for term in expanded)
        weights.extend(expanded.values())
        starts.append(len(numbers))
    return {
        **StringTable.lay_out(keys, "keys"),
        **StringTable.lay_out(names, "terms"),
        "starts": np.array(starts, np.uint32),
        "numbers": np.array(numbers, np.uint32),
        "weights": np.array(weights, np.float16),
    }


def _parts(term: str) -> list[str]:
    import rjieba

    return [part for part in rjieba.cut_for_search(term) if 1 < len(part) < len(term)] if len(term) > 2 else []


def _links(source: Path) -> Iterator[tuple[str, str, float]]:
    """Give each Chinese term with an English key and how central the key is to the term's definition."""
    from retrieval.language.glosses import glosses

    for entry in read_entries(source):
        term = entry.simplified.lower().translate(_SEPARATORS)
        if not has_han(term):
            continue
        single = _SINGLE_CHARACTER_WEIGHT if len(term) == 1 else 1.0
        for gloss in glosses(entry):
            weight = single / math.sqrt(1 + gloss.rank)
            if len(gloss.words) <= MAX_PHRASE:
                yield term, " ".join(gloss.words), weight
            if gloss.length > 1:
                for word in gloss.words:
                    if is_stop(word):
                        continue
                    share = 1.0 if word == gloss.head else 0.5
                    yield term, word, _PARTIAL_WEIGHT * weight * share / gloss.length
