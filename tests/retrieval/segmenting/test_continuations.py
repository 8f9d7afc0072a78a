from retrieval.segmenting.continuations import ContinuationReader
from retrieval.segmenting.cut_traits import Cut

READER = ContinuationReader({"likely": 2.0, "likelier": 3.0, "open": -1.0})


def test_each_paragraph_is_read_on_in_once_by_the_surest() -> None:
    cuts = (
        Cut(0, (), ((2, ("likely",)), (3, ("likely", "unknown")))),
        Cut(1, (), ((2, ("likelier",)), (3, ("likely",)))),
    )
    assert READER.read(cuts) == {1: 2, 0: 3}
    assert READER.read(cuts[:1]) == {0: 2}


def test_a_sentence_may_go_on_nowhere() -> None:
    assert READER.read((Cut(0, ("likely",), ((1, ("likely",)),)), Cut(2, (), ()))) == {}
    assert READER.read((Cut(0, ("likely", "open"), ((1, ("likely",)),)),)) == {0: 1}
    assert READER.read(()) == {}
