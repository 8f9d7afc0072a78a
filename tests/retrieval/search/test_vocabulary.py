"""The archive's words with vectors: all of them, or the commonest where there are too many; here more than four."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.encoding import Encoder, load_encoder
from retrieval.search.neighbours import build_vocabulary, changed_vocabulary

FEW = {"法院": 3, "调解": 2, "村民": 1}


@pytest.fixture
def encoder(encoder_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Encoder:
    monkeypatch.setattr("retrieval.search.neighbours._MAX_TERMS", 4)
    return load_encoder(cache=encoder_cache / "encoder")


def test_all_words_are_kept_up_without_choosing(encoder: Encoder) -> None:
    vocabulary = build_vocabulary(FEW.items(), 7, encoder)
    assert vocabulary.passages == 0
    # A number and a single character say nothing by themselves.
    changed = changed_vocabulary(vocabulary, {"调解", "2022"}, {"警察", "大象", "象", "166"}, encoder)
    assert changed is not None
    assert changed.terms() == sorted(("法院", "村民", "警察", "大象"))
    anew = build_vocabulary({"法院": 3, "村民": 1, "警察": 1, "大象": 1}.items(), 7, encoder)
    assert changed.terms() == anew.terms()
    np.testing.assert_allclose(changed.vectors(), anew.vectors(), atol=1e-3)
    assert changed.passages == anew.passages == 0


def test_words_that_become_too_many_have_to_be_chosen(encoder: Encoder) -> None:
    vocabulary = build_vocabulary(FEW.items(), 7, encoder)
    assert changed_vocabulary(vocabulary, {"2022", "象"}, {"警察", "大象"}, encoder) is None
    chosen = build_vocabulary({**FEW, "警察": 4, "大象": 5}.items(), 9, encoder, vocabulary)
    assert chosen.terms() == sorted(("法院", "调解", "警察", "大象"))
    assert chosen.passages == 9


def test_chosen_words_take_new_ones_in_while_there_is_room(encoder: Encoder) -> None:
    chosen = build_vocabulary({**FEW, "警察": 4, "大象": 5}.items(), 9, encoder)
    changed = changed_vocabulary(chosen, {"大象"}, {"图书馆", "渌江"}, encoder)
    assert changed is not None
    assert changed.terms() == sorted(("法院", "调解", "警察", "图书馆"))
    assert changed.passages == 9
    assert changed_vocabulary(chosen, (), ("图书馆",), encoder) is chosen
