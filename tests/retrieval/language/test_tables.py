from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from retrieval.language.tables import Arrays, StringTable, load_arrays


class _Builder:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> Arrays:
        self.calls += 1
        return StringTable.lay_out(["a", "法院", "法院官"], "words")


@pytest.fixture
def build() -> _Builder:
    return _Builder()


def _words(arrays: Arrays) -> list[str]:
    table = StringTable.of(arrays, "words")
    return [table[number] for number in range(len(table))]


def test_strings_are_found_by_number_name_and_prefix(build: _Builder) -> None:
    table = StringTable.of(build(), "words")
    assert [table.find(word) for word in ("a", "法院", "法院官", "法", "", "z")] == [0, 1, 2, None, None, None]
    assert table[1] == "法院"
    assert table.has_prefix("法")
    assert not table.has_prefix("b")
    assert not table.has_prefix("\ud800")


def test_arrays_are_made_once(tmp_path: Path, build: _Builder) -> None:
    for _ in range(2):
        assert _words(load_arrays(tmp_path / "deep" / "words", (1, 2), build)) == ["a", "法院", "法院官"]
    assert build.calls == 1


def test_another_stamp_makes_them_anew(tmp_path: Path, build: _Builder) -> None:
    for stamp in ((1,), (2,), (2,)):
        load_arrays(tmp_path / "words", stamp, build)
    assert build.calls == 2


def _flip_a_byte(folder: Path) -> None:
    file = folder / "words_bytes.npy"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)


def _cut_a_file(folder: Path) -> None:
    file = folder / "words_offsets.npy"
    file.write_bytes(file.read_bytes()[:-3])


def _remove_a_file(folder: Path) -> None:
    (folder / "words_bytes.npy").unlink()


def _spoil_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("[1]")


@pytest.mark.parametrize("damage", [_flip_a_byte, _cut_a_file, _remove_a_file, _spoil_the_manifest])
def test_damaged_arrays_are_made_anew(tmp_path: Path, build: _Builder, damage: Callable[[Path], None]) -> None:
    folder = tmp_path / "words"
    load_arrays(folder, (1,), build)
    damage(folder)
    assert _words(load_arrays(folder, (1,), build)) == ["a", "法院", "法院官"]
    assert build.calls == 2
    load_arrays(folder, (1,), build)
    assert build.calls == 2
    assert [file.name for file in tmp_path.iterdir()] == ["words"]


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path, build: _Builder) -> None:
    (tmp_path / "file").write_text("in the way")
    arrays = load_arrays(tmp_path / "file" / "words", (1,), build)
    assert _words(arrays) == ["a", "法院", "法院官"]


def test_without_a_folder_nothing_is_kept(build: _Builder) -> None:
    first, second = (load_arrays(None, (1,), build) for _ in range(2))
    assert build.calls == 2
    assert all(np.array_equal(first[name], second[name]) for name in first)
