import sys
from pathlib import Path

import pytest

from retrieval.encoding import DEFAULT_ENCODER, load_encoder, spec_of
from retrieval.errors import EncoderError, MissingExtraError


def test_default_is_the_bundled_encoder_and_its_name_says_how_to_load_it(encoder_cache: Path) -> None:
    encoder = load_encoder(cache=encoder_cache / "encoder")
    spec, mark, digest = encoder.name.partition("#")
    assert (spec, mark) == (DEFAULT_ENCODER, "#")
    assert len(digest) >= 16
    assert load_encoder(spec_of(encoder.name), encoder_cache / "encoder").name == encoder.name
    assert encoder.dimension == 512


@pytest.mark.parametrize(
    "spec", ["", "other", "universal:", "sentence-transformers", "sentence-transformers:", "UNIVERSAL"]
)
def test_unknown_encoder_is_told_with_those_there_are(spec: str) -> None:
    with pytest.raises(
        EncoderError, match=f"there is no encoder '{spec}'; use 'universal', .*'sentence-transformers:MODEL'"
    ):
        load_encoder(spec)


def test_folder_without_trained_layers_is_told(tmp_path: Path, encoder_cache: Path) -> None:
    with pytest.raises(EncoderError, match=r"layers\.npz cannot be read"):
        load_encoder(f"universal:{tmp_path}", encoder_cache / "encoder")


@pytest.mark.parametrize(
    "spec", ["universal", "universal#0123", "sentence-transformers:a/b", "sentence-transformers:/a#b#0123"]
)
def test_spec_of_a_name_is_what_stands_before_the_digest(spec: str) -> None:
    assert spec_of(f"{spec}#89ab") == spec


def test_missing_extra_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(
        MissingExtraError, match=r"'sentence-transformers'.* pip install 'wenju\[sentence-transformers\]'"
    ):
        load_encoder("sentence-transformers:any")
