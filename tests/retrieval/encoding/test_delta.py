from pathlib import Path

import numpy as np
import pytest

from retrieval.encoding.delta import TRAINED, read_delta, write_delta, write_layers
from retrieval.errors import EncoderError


def _base(seed: int = 1) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    random = np.random.default_rng(seed)
    return {name: random.normal(size=(6, 4)).astype(np.float32) for name in TRAINED}


def test_layers_come_back_as_they_were(tmp_path: Path) -> None:
    base, layers = _base(1), _base(2)
    write_layers(tmp_path / "layers.npz", layers, "1")
    delta = read_delta(tmp_path / "layers.npz")
    arrays = delta.over({**base, "table": np.ones(3)})
    assert delta.version == "1"
    assert set(arrays) == {*TRAINED, "table"}
    for name in TRAINED:
        np.testing.assert_array_equal(arrays[name], layers[name])


def test_differences_of_8_bits_come_back_within_half_a_step(tmp_path: Path) -> None:
    base = _base(1)
    layers = {name: array + _base(2)[name] * 0.01 for name, array in base.items()}
    write_delta(tmp_path / "delta.npz", layers, base, "1")
    arrays = read_delta(tmp_path / "delta.npz").over(base)
    for name in TRAINED:
        step = np.abs(layers[name] - base[name]).max(axis=0) / 127
        assert (np.abs(arrays[name] - layers[name]) <= step * 0.51 + 1e-6).all()


def test_unchanged_layers_stay_unchanged(tmp_path: Path) -> None:
    base = _base()
    write_delta(tmp_path / "delta.npz", base, base, "1")
    arrays = read_delta(tmp_path / "delta.npz").over(base)
    for name in TRAINED:
        np.testing.assert_array_equal(arrays[name], base[name])


def test_the_same_layers_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        write_delta(tmp_path / name, _base(2), _base(1), "1")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    write_delta(tmp_path / "c.npz", _base(2), _base(1), "2")
    assert read_delta(tmp_path / "c.npz").sha256 != read_delta(tmp_path / "a.npz").sha256


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "delta.npz"
    write_layers(file, _base(), "1")
    content = file.read_bytes()
    for damaged in (b"", content[: len(content) // 2], b"no archive"):
        file.write_bytes(damaged)
        with pytest.raises(EncoderError, match="cannot be read"):
            read_delta(file)
    with pytest.raises(EncoderError, match="cannot be read"):
        read_delta(tmp_path / "missing.npz")


def test_a_file_that_lacks_a_layer_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", version=np.array("1"), d0=np.zeros((2, 2)))
    with pytest.raises(EncoderError, match="lacks"):
        read_delta(tmp_path / "other.npz")


def test_layers_of_another_encoder_are_refused(tmp_path: Path) -> None:
    write_layers(tmp_path / "layers.npz", _base(), "1")
    with pytest.raises(EncoderError, match="has shape"):
        read_delta(tmp_path / "layers.npz").over({**_base(), "d0": np.zeros((3, 3), np.float32)})
