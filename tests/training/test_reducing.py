import numpy as np
import pytest

from training.reducing import load

TEXTS = ["炎陵县的黄桃很有名。", "The mediators settled 312 disputes.", "仲裁成功率"]


def test_eight_bits_stay_near_and_are_fewer_values() -> None:
    full, reduced = load("universal"), load("universal@int8")
    vectors = reduced.encode_passages(TEXTS)
    assert np.abs(vectors - full.encode_passages(TEXTS)).max() < 0.002
    assert all(len(np.unique(row)) <= 255 for row in vectors)
    np.testing.assert_array_equal(reduced.encode_queries(TEXTS), full.encode_queries(TEXTS))


def test_fewer_numbers_are_the_first_ones_at_length_one() -> None:
    full, reduced = load("universal"), load("universal@256")
    assert reduced.dimension == 256
    vectors = reduced.encode_passages(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    first = full.encode_passages(TEXTS)[:, :256]
    np.testing.assert_allclose(vectors, first / np.linalg.norm(first, axis=1, keepdims=True), atol=1e-6)


def test_another_reduction_is_refused() -> None:
    with pytest.raises(ValueError, match="'int4'; write one of int8, half, 256 after the @"):
        load("universal@int4")
