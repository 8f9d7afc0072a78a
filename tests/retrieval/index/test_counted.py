import random
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import ArchiveDamagedError
from retrieval.index import LexicalIndex, SynonymGroup, WeightedTerm
from retrieval.index.counted import CountedIndex, TermTexts
from retrieval.index.term_counts import FIELDS, TermCounts, TermVector, dimension_of


def texts(count: int, seed: int = 0) -> list[list[str]]:
    chance = random.Random(seed)
    return [chance.choices([f"词{n}" for n in range(30)], k=chance.randrange(3, 20)) for _ in range(count)]


def vector(words: list[str]) -> TermVector:
    return TermVector.of({field: words if field == "words" else [] for field in FIELDS})


def counted(documents: list[list[str]]) -> TermCounts:
    counts = TermCounts.empty().changed((), map(vector, documents))
    assert counts is not None
    return counts


def test_scores_are_those_of_an_index_of_all() -> None:
    documents = texts(40)
    every = LexicalIndex.build(documents, k1=0.9, b=0.4)
    rows = np.array([1, 5, 6, 20, 39])
    some = TermTexts([vector(documents[row]) for row in rows])
    index = CountedIndex(counted(documents), "words", some, k1=0.9, b=0.4)
    terms = [WeightedTerm("词3"), WeightedTerm("词4", 0.5), WeightedTerm("别处")]
    ours, theirs = index.scores(terms), every.scores(terms, rows)
    assert np.allclose(ours.scores, theirs.scores, atol=1e-6)
    assert ours.scores.max() > 0
    assert ours.ideal == pytest.approx(theirs.ideal)
    single = [SynonymGroup((WeightedTerm("词5", 0.7),), 0.4)]
    assert np.allclose(index.groups_scores(single).scores, every.groups_scores(single, rows).scores, atol=1e-6)
    assert [index.document_frequency(f"词{n}") for n in range(31)] == [
        every.document_frequency(f"词{n}") for n in range(31)
    ]
    assert index.most("别处") == pytest.approx(every.most("别处"))


def test_the_rarity_of_several_words_together_is_estimated() -> None:
    # One word in every second text, another in every second pair of texts: neither makes the other likelier.
    documents = [[*(["甲"] if n % 2 else []), *(["乙"] if n // 2 % 2 else []), "丙"] for n in range(40)]
    group = [SynonymGroup((WeightedTerm("甲"), WeightedTerm("乙")))]
    every = LexicalIndex.build(documents)
    index = CountedIndex(counted(documents), "words", TermTexts([vector(d) for d in documents]), k1=1.2, b=0.75)
    assert index.groups_scores(group).ideal == pytest.approx(every.groups_scores(group).ideal)


def test_counts_follow_what_comes_and_goes(tmp_path: Path) -> None:
    documents = texts(20)
    changed = counted(documents[:12]).changed(map(vector, documents[:5]), map(vector, documents[12:]))
    assert changed is not None
    fresh = counted(documents[5:])
    assert np.array_equal(changed.dimensions, fresh.dimensions)
    assert np.array_equal(changed.counts, fresh.counts)
    assert (changed.passages, changed.lengths.tolist()) == (15, fresh.lengths.tolist())
    changed.save(tmp_path)
    loaded = TermCounts.load(tmp_path)
    assert [loaded.having("words", f"词{n}") for n in range(31)] == [
        sum(f"词{n}" in document for document in documents[5:]) for n in range(31)
    ]
    assert loaded.having("names", "词1") == 0
    assert loaded.mean_length("words") == pytest.approx(np.mean([len(document) for document in documents[5:]]))


def test_what_was_never_counted_cannot_go() -> None:
    assert counted(texts(3)).changed([vector(["别处"])], ()) is None


def test_damaged_counts_are_told(tmp_path: Path) -> None:
    counted(texts(3)).save(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-64])
    with pytest.raises(ArchiveDamagedError, match="Remove it"):
        TermCounts.load(tmp_path)


def test_a_term_has_a_dimension_for_each_field() -> None:
    dimensions = {dimension_of(field, "炎陵") for field in FIELDS}
    assert len(dimensions) == len(FIELDS)
    assert all(0 <= dimension < (1 << 32) - 1 for dimension in dimensions)
    # It is stored in servers, so that it must never change.
    assert dimension_of("words", "炎陵") == 1778079832
