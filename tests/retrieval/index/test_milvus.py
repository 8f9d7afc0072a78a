import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import BackendError, MissingExtraError
from retrieval.index import VectorBlock
from retrieval.index.milvus import MilvusServer
from retrieval.index.milvus_passages import MilvusPassages, PassageWeights, passing_condition
from retrieval.index.milvus_vectors import MilvusVectors, rows_of
from retrieval.index.term_counts import FIELDS, TermVector, dimension_of
from tests.retrieval.index.samples import make_units

WIDTH = 8


def weights(passage_id: int, words: list[str]) -> PassageWeights:
    terms = TermVector.of({field: words if field == "words" else [] for field in FIELDS})
    return PassageWeights(passage_id, terms, terms.frequencies.astype(np.float32))


@pytest.mark.parametrize(
    ("passing", "written"),
    [
        (None, "passage <= 200"),
        (np.ones(150, bool), "passage <= 200"),
        (np.arange(150) == 3, "passage in [4]"),
        (np.arange(150) >= 80, "(passage >= 131 and passage <= 200)"),
        (np.isin(np.arange(150), [0, *range(50, 140)]), "(passage >= 101 and passage <= 190) or passage in [1]"),
    ],
)
def test_conditions_name_runs_by_their_ends(passing: np.ndarray | None, written: str) -> None:
    ids = np.array([*range(1, 51), *range(101, 201)])
    assert passing_condition(ids, passing) == written


def test_ids_are_found_among_those_of_a_state() -> None:
    assert rows_of(np.array([2, 5, 9]), [9, 1, 5, 10]).tolist() == [2, -1, 1, -1]


def test_passages_are_found_by_terms_and_vectors_and_leave_nothing(tmp_path: Path) -> None:
    server = MilvusServer(str(tmp_path / "lite.db"))
    passages = MilvusPassages(server, MilvusPassages.new_name())
    passages.create(WIDTH)
    units = make_units(np.random.default_rng(0), 6, WIDTH)
    block = VectorBlock(np.array([1, 1, 2, 2, 3, 4]), np.array([0, 1, 0, 1, 0, 0], np.int32), units)
    # The fourth has no term at all.
    words = [["甲", "乙"], ["乙", "乙"], ["丙"], []]
    passages.insert([weights(n, some) for n, some in enumerate(words, 1)], [block])
    passages.settle()
    assert passages.counts() == (4, 6)

    query = {dimension_of("words", "乙"): 0.5, dimension_of("words", "丙"): 0.1}
    found = passages.nearest_terms(query, 10, "passage <= 4")
    assert [(n, round(score, 5)) for n, score in found] == [(2, 1.0), (1, 0.5), (3, 0.1)]
    assert [n for n, _ in passages.nearest_terms(query, 10, "passage in [1, 3]")] == [1, 3]
    assert passages.score_terms(query, [3, 4]) == pytest.approx({3: 0.1})
    assert [terms.lengths.tolist() for terms in passages.terms([4, 1])] == [[0, 0, 0, 0], [2, 0, 0, 0]]

    index = MilvusVectors(passages, np.array([1, 2, 3]), WIDTH, 5)
    near = index.nearest(units[3], 3)
    assert near.rows[0] == 1
    assert near.scores[0] == pytest.approx(1.0)
    assert sorted(near.rows.tolist()) == [0, 1, 2]
    assert index.nearest(units[3], 3, np.array([True, False, True])).rows.tolist().count(1) == 0
    assert len(index.nearest(units[3], 3, np.zeros(3, bool)).rows) == 0

    passages.delete([2])
    passages.delete_after(3)
    assert passages.counts() == (2, 3)
    assert [n for n, _ in passages.nearest_terms(query, 10, "passage <= 4")] == [1, 3]
    with pytest.raises(BackendError, match="1 rows for 2 passages"):
        passages.terms([1, 2])
    # A killed update's ids are given anew.
    passages.insert([weights(4, ["丁"])], [VectorBlock(np.array([4]), np.zeros(1, np.int32), units[:1])])
    server.close()

    again_server = MilvusServer(str(tmp_path / "lite.db"))
    again = MilvusPassages(again_server, passages.name)
    assert again.exist()
    assert again.counts() == (3, 4)
    assert [n for n, _ in again.nearest_terms({dimension_of("words", "丁"): 1.0}, 10, "passage <= 4")] == [4]
    again.drop()
    again.drop()
    assert not again.exist()
    with pytest.raises(BackendError, match="doctor --repair"):
        again.counts()
    again_server.close()


def test_an_address_is_checked() -> None:
    with pytest.raises(BackendError, match=r"'milvus' is no address .* http://HOST:19530"):
        MilvusServer("milvus")


def test_a_server_that_is_not_there_is_named_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.index.milvus._CONNECT_SECONDS", 0.5)
    cure = r"http://127\.0\.0\.1:9/db .* Start it, or name another in WENJU_MILVUS_URI"
    with pytest.raises(BackendError, match=cure) as raised:
        MilvusServer("http://root:secret@127.0.0.1:9/db").has("anything")
    assert "secret" not in str(raised.value)


def test_a_missing_package_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus.exceptions", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'wenju\[milvus\]'"):
        MilvusServer(str(tmp_path / "lite.db")).has("anything")
