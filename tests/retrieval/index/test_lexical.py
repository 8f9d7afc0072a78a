import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index import LexicalIndex, Postings, SynonymGroup, WeightedTerm

# "\U00020000" sorts after "\uffff" in UTF-8 but before it in UTF-16; "\ud800" is half of a surrogate pair.
TERMS = st.sampled_from(["攸县", "调解", "率", "e\u0301", "é", "👩‍👧", "\U00020000", "\uffff", "\ud800", "", "a", "b"])
DOCUMENTS = st.lists(st.lists(TERMS, max_size=12), max_size=12)
WEIGHTS = st.floats(0, 3)
K1 = st.floats(0.1, 3)
B = st.floats(0, 1)
MEMBERS = st.lists(st.builds(WeightedTerm, TERMS, WEIGHTS), max_size=5)
GROUPS = st.lists(st.builds(SynonymGroup, MEMBERS.map(tuple), WEIGHTS), max_size=5)


def reference(
    documents: list[list[str]], groups: Sequence[SynonymGroup], k1: float, b: float
) -> tuple[list[float], float]:
    """Score by the textbook, one document and one group after the other."""
    mean = sum(map(len, documents)) / len(documents) if documents else 0
    scores, ideal = [0.0] * len(documents), 0.0
    for group in groups:
        best: dict[str, float] = {}
        for member in group.members:
            best[member.term] = max(member.weight, best.get(member.term, 0))
        frequencies = []
        for document in documents:
            counts = Counter(document)
            frequencies.append(sum(weight * counts[term] for term, weight in best.items()))
        holding = sum(frequency > 0 for frequency in frequencies)
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        ideal += group.weight * idf * (k1 + 1)
        for row, frequency in enumerate(frequencies):
            if frequency > 0:
                norm = k1 * (1 - b + b * len(documents[row]) / mean)
                scores[row] += group.weight * idf * frequency * (k1 + 1) / (frequency + norm)
    return scores, ideal


@given(DOCUMENTS, st.lists(st.builds(WeightedTerm, TERMS, WEIGHTS), max_size=8), K1, B)
@settings(max_examples=60, deadline=None)
def test_scores_are_the_textbook_s(documents: list[list[str]], terms: list[WeightedTerm], k1: float, b: float) -> None:
    index = LexicalIndex.build(documents, k1=k1, b=b)
    result = index.scores(terms)
    scores, ideal = reference(
        documents, [SynonymGroup((WeightedTerm(term.term),), term.weight) for term in terms], k1, b
    )
    assert result.scores.dtype == np.float32
    np.testing.assert_allclose(result.scores, scores, rtol=1e-5, atol=1e-6)
    assert result.ideal == pytest.approx(ideal)
    assert all(result.scores <= result.ideal * (1 + 1e-6) + 1e-9)


@given(DOCUMENTS, GROUPS, K1, B)
@settings(max_examples=60, deadline=None)
def test_group_scores_are_the_textbook_s(
    documents: list[list[str]], groups: list[SynonymGroup], k1: float, b: float
) -> None:
    result = LexicalIndex.build(documents, k1=k1, b=b).groups_scores(groups)
    scores, ideal = reference(documents, groups, k1, b)
    np.testing.assert_allclose(result.scores, scores, rtol=1e-5, atol=1e-6)
    assert result.ideal == pytest.approx(ideal)


def test_hand_computed_score() -> None:
    index = LexicalIndex.build([["a", "a", "b"], ["b"], ["c", "c"]], k1=1.2, b=0.75)
    result = index.scores([WeightedTerm("a", 2.0)])
    idf = math.log(1 + 2.5 / 1.5)
    expected = 2 * idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2))
    np.testing.assert_allclose(result.scores, [expected, 0, 0], rtol=1e-6)
    assert result.ideal == pytest.approx(2 * idf * 2.2)


def test_absent_term_counts_with_full_rarity_in_the_ideal() -> None:
    index = LexicalIndex.build([["a"], ["a"], ["b"]])
    assert index.scores([WeightedTerm("pizza")]).ideal == pytest.approx(math.log(1 + 3.5 / 0.5) * 2.2)
    assert index.scores([WeightedTerm("pizza")]).scores.tolist() == [0, 0, 0]
    assert (index.document_frequency("a"), index.document_frequency("pizza")) == (2, 0)
    assert index.rarity("pizza") > index.rarity("b") > index.rarity("a") > 0


def test_synonyms_count_as_one_term() -> None:
    index = LexicalIndex.build([["court", "tribunal"], ["court", "court"], ["x", "y"]])
    both = SynonymGroup((WeightedTerm("court"), WeightedTerm("tribunal")))
    scores = index.groups_scores([both]).scores
    assert scores[0] == scores[1] > scores[2] == 0


def test_equal_rows_score_equal_to_the_bit() -> None:
    index = LexicalIndex.build([["a", "b", "c"]] * 50)
    scores = index.scores([WeightedTerm("a", 0.1), WeightedTerm("b", 0.7), WeightedTerm("c", 1.3)]).scores
    assert len(set(scores.tolist())) == 1


@given(DOCUMENTS, GROUPS, st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_how_rows_are_cut_into_segments_changes_no_score(
    documents: list[list[str]], groups: list[SynonymGroup], size: int
) -> None:
    terms = [member for group in groups for member in group.members]
    whole = LexicalIndex.build(documents)
    cut = LexicalIndex([Postings.build(documents[n : n + size]) for n in range(0, len(documents), size)])
    at = np.arange(0, len(documents), 2)
    for every, some, expected in (
        (cut.scores(terms), cut.scores(terms, at), whole.scores(terms)),
        (cut.groups_scores(groups), cut.groups_scores(groups, at), whole.groups_scores(groups)),
    ):
        np.testing.assert_array_equal(every.scores, expected.scores)
        np.testing.assert_array_equal(some.scores, expected.scores[at])
        assert every.ideal == some.ideal == expected.ideal
    assert dict(cut.document_frequencies()) == dict(whole.document_frequencies())
    assert len(cut) == len(documents)


@given(DOCUMENTS, GROUPS, st.integers(1, 5))
@settings(max_examples=50, deadline=None)
def test_few_rows_get_the_same_scores_for_a_common_term_as_all(
    documents: list[list[str]], groups: list[SynonymGroup], size: int
) -> None:
    terms = [member for group in groups for member in group.members]
    index, other = (
        LexicalIndex([Postings.build(documents[n : n + size]) for n in range(0, len(documents), size)])
        for _ in range(2)
    )
    expected = index.scores(terms)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("retrieval.index.lexical._COMMON", 0)
        for at in (np.arange(0, len(documents), 2), np.arange(1, len(documents), 3), np.arange(0)):
            some = other.scores(terms, at)
            np.testing.assert_array_equal(some.scores, expected.scores[at])
            assert some.ideal == expected.ideal


def test_accumulated_scores_are_shares_of_the_ideal_and_leave_common_terms_out() -> None:
    index = LexicalIndex.build([["a", "b"], ["a", "a"], ["a"], ["c", "c", "a"]])
    terms = [WeightedTerm("a"), WeightedTerm("b", 2.0), WeightedTerm("zzz")]
    totals = np.zeros(4, np.float32)
    index.accumulate(totals, terms, 0.5, 100)
    expected = index.scores(terms)
    np.testing.assert_allclose(totals, 0.5 * expected.scores / expected.ideal, rtol=1e-5)
    totals = np.ones(4, np.float32)
    index.accumulate(totals, terms, 0.5, 3)
    assert (totals > 1).tolist() == [True, False, False, False]
    totals = np.zeros(4, np.float32)
    index.accumulate(totals, [WeightedTerm("a")], 1.0, 1)
    assert (totals > 0).all()


@pytest.mark.parametrize("weight", [-0.1, math.inf, math.nan])
def test_weights_that_cannot_be_are_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="a weight must be"):
        WeightedTerm("a", weight)
    with pytest.raises(ValueError, match="a weight must be"):
        SynonymGroup((), weight)
