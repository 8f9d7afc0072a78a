from pathlib import Path

import numpy as np

from retrieval.encoding import load_encoder
from retrieval.index import TermVectors
from retrieval.search import WordVectors


def test_words_have_the_archives_vectors_and_those_of_a_question_the_encoders(encoder_cache: Path) -> None:
    encoder = load_encoder(cache=encoder_cache / "encoder")
    terms = ["法院", "调解"]
    vectors = WordVectors(TermVectors.build(terms, encoder.encode_passages(terms)), encoder)
    words = ("调解", "", "村民", "调解")
    own = vectors.own(words)
    assert own.vectors.shape == (3, vectors.dimension)
    assert own.numbers.tolist() == [1, 0, 2, 1]
    assert not own.vectors[0].any()
    assert not own.vectors[2].any()
    sought = vectors.sought(words)
    expected = encoder.encode_passages(["调解", "村民"])
    # The archive keeps vectors in half precision.
    assert np.allclose(sought.vectors[1:], expected, atol=1e-3)


def test_an_archive_without_words_has_no_vectors(encoder_cache: Path) -> None:
    encoder = load_encoder(cache=encoder_cache / "encoder")
    empty = WordVectors(TermVectors.build([], np.empty((0, encoder.dimension), np.float32)), encoder)
    assert empty.own(("", "法院")).numbers.tolist() == [0, 1]
    assert not empty.own(("法院",)).vectors.any()
    assert empty.own(()).numbers.shape == (0,)
