import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sentencepiece import SentencePieceProcessor

from retrieval.encoding.piece_table import PieceTable
from retrieval.encoding.pieces import PieceTokenizer
from retrieval.encoding.weights import encoder_files
from tests.retrieval.encoding.texts import every_script

_MODEL = encoder_files().pieces
# Many cuts of these are equally likely: which one is taken depends on how the sums are rounded.
TIES = tuple(
    (start * times + end) * repeats
    for start, times, end, repeats in (
        ("a", 3, "い", 7), ("い", 3, "a", 6), ("a", 2, "", 19), ("い", 3, "b", 8), ("о", 3, "好", 11),
        ("о", 3, "b", 17), ("1", 1, "", 40), ("=", 3, " ", 20), ("中", 1, "", 33), ("ha", 1, "", 25),
        (" .", 2, "-", 12),
    )
)  # fmt: skip
# The model has three pieces that were never trained and always win.
SPECIAL = (
    "extra_token_id_1",
    "a extra_token_id_2b",
    "中extra_token_id_3extra_token_id_1",
    "extra_token_id",
    "<s>x</s>",
)


@pytest.fixture(scope="module")
def folder(encoder_cache: Path) -> Path:
    """Give a folder that holds a table."""
    return encoder_cache / "encoder" / "pieces"


@pytest.fixture(scope="module")
def table(folder: Path) -> PieceTable:
    return PieceTable.load(_MODEL, folder)


@pytest.fixture(scope="module")
def library() -> PieceTokenizer:
    """Give the tokenizer that has no folder for a table and so leaves all to the library."""
    return PieceTokenizer(_MODEL)


def test_cuts_as_the_library_does(table: PieceTable, library: PieceTokenizer) -> None:
    texts = [*every_script(), *TIES, *SPECIAL]
    for text, row in zip(texts, library.encode(texts), strict=True):
        assert (table.encode(text) or [0]) == row[1:-1], text


def test_cuts_pieces_put_together_at_random_as_the_library_does(table: PieceTable, library: PieceTokenizer) -> None:
    processor = SentencePieceProcessor(model_file=str(_MODEL))
    texts = [
        "".join(processor.id_to_piece([number, (number * 7919) % 128_000, (number * 104_729) % 128_000]))
        for number in range(3, 128_000, 1009)
    ]
    for text, row in zip(texts, library.encode(texts), strict=True):
        assert table.encode(text) == row[1:-1], text


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def zero(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


@pytest.mark.parametrize("damage", [cut_short, zero, Path.unlink], ids=["cut short", "zeroed", "lost"])
def test_damaged_table_is_made_anew(folder: Path, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    copy = tmp_path / "pieces"
    shutil.copytree(folder, copy)
    damage(copy / "scores.npy")
    expected = PieceTable.load(_MODEL, folder).encode("调解成功率是多少？")
    assert PieceTable.load(_MODEL, copy).encode("调解成功率是多少？") == expected
    assert (copy / "scores.npy").read_bytes() == (folder / "scores.npy").read_bytes()


def test_questions_and_bulk_are_cut_alike(tmp_path: Path, library: PieceTokenizer) -> None:
    tokenizer = PieceTokenizer(_MODEL, tmp_path)
    question = ["炎陵县的调解成功率是多少？", "", "ꙮ"]
    expected = library.encode(question)
    assert tokenizer.encode(question) == expected
    assert (tmp_path / "pieces" / "manifest.json").is_file()
    bulk = ["株洲市中级人民法院" * 300, *question]
    assert tokenizer.encode(bulk) == library.encode(bulk)
    assert tokenizer.encode(question) == expected


def test_bulk_makes_no_table(tmp_path: Path) -> None:
    PieceTokenizer(_MODEL, tmp_path).encode(["法院" * 2000])
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_missing_or_read_only_is_done_without(ordinary_home: Path, library: PieceTokenizer) -> None:
    (ordinary_home / "read-only").mkdir(0o555)
    for folder in (ordinary_home / "read-only", ordinary_home / "missing"):
        assert PieceTokenizer(_MODEL, folder).encode(["调解"]) == library.encode(["调解"])
    assert list((ordinary_home / "read-only").iterdir()) == []
    assert not (ordinary_home / "missing").exists()
