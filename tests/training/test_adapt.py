import shutil
from pathlib import Path

import pytest

from retrieval import Archive
from retrieval.encoding import load_encoder
from retrieval.errors import EncoderError
from tests.extras import needs

pytestmark = needs("datasets", "sentence_transformers")

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def test_an_archive_too_small_to_learn_from_is_refused_before_training(tmp_path: Path, encoder_cache: Path) -> None:
    from training.adapt import adapt

    (tmp_path / "one.txt").write_text("炎陵县的黄桃很有名。去年全县的黄桃产量达到5000吨。人们都很高兴。", "utf-8")
    with Archive.open(tmp_path / "archive", create=True, cache=encoder_cache) as archive:
        archive.sync([tmp_path / "one.txt"])
    with pytest.raises(EncoderError, match=r"gives \d+ pairs .* needs 100; add more documents"):
        adapt(tmp_path / "archive", tmp_path / "encoder")
    assert not (tmp_path / "encoder").exists()


def test_an_encoder_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    from training.adapt import adapt

    (tmp_path / "encoder").mkdir()
    with pytest.raises(EncoderError, match="is there already; name another with --output"):
        adapt(tmp_path / "archive", tmp_path / "encoder")


def test_what_is_kept_finds_more_and_what_is_not_leaves_nothing(tmp_path: Path, seeds_archive_path: Path) -> None:
    from training.adapt import adapt
    from training.train import Settings

    archive = shutil.copytree(seeds_archive_path, tmp_path / "archive")
    output = tmp_path / "encoder"
    result = adapt(archive, output, Settings(steps=6, batch=32, learning_rate=5e-5))
    assert result.pairs > 200
    assert result.better == (result.after > result.before and result.words_after >= result.words_before - 0.01)
    if result.better:
        assert load_encoder(f"universal:{output}").dimension == 512
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", *(["encoder"] if result.better else [])]

    # Training that wrecks the encoder finds fewer, and is thrown away.
    wrecked = adapt(archive, tmp_path / "wrecked", Settings(steps=2, batch=32, learning_rate=0.5))
    assert not wrecked.better
    assert not (tmp_path / "wrecked").exists()
