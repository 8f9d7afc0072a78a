from pathlib import Path

import numpy as np

from retrieval.encoding import load_encoder
from tests.extras import needs

pytestmark = needs("sentence_transformers")

_TEXTS = [
    "", " ", "?", "a", "𠮷𠮷", "中文的句子，很短。", "繁體中文的句子。", "日本語のテストです。", "한국어 문장입니다.",
    "Ein deutscher Satz mit Umlauten: äöüß.", "Русское предложение.", "جملة عربية", "ประโยคภาษาไทย",
    "Türkçe bir cümle ışık.", "emoji 😀 and 𝒳", "long " * 3000,
]  # fmt: skip


def test_the_module_gives_the_numpy_runtimes_vectors() -> None:
    from sentence_transformers import SentenceTransformer

    from retrieval.encoding.torch_module import UniversalModule

    model = SentenceTransformer(modules=[UniversalModule()], device="cpu")
    expected = load_encoder("universal-base").encode_passages(_TEXTS)
    np.testing.assert_allclose(model.encode(_TEXTS, batch_size=5), expected, atol=1e-4)
    assert model.get_embedding_dimension() == 512


def test_a_saved_folder_loads_again_on_both_runtimes(tmp_path: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    from retrieval.encoding.torch_module import UniversalModule

    module = UniversalModule()
    with torch.no_grad():
        module.layers["d0"] *= 1.1
    model = SentenceTransformer(modules=[module], device="cpu")
    model.save(str(tmp_path / "model"))
    loaded = SentenceTransformer(str(tmp_path / "model"), device="cpu", trust_remote_code=True)
    expected = model.encode(_TEXTS)
    np.testing.assert_array_equal(loaded.encode(_TEXTS), expected)
    light = load_encoder(f"universal:{tmp_path / 'model'}")
    np.testing.assert_allclose(light.encode_passages(_TEXTS), expected, atol=1e-4)
    assert np.abs(expected - load_encoder("universal-base").encode_passages(_TEXTS)).max() > 1e-3
    assert light.name.startswith(f"universal:{tmp_path / 'model'}#")


def test_only_the_layers_train() -> None:
    from retrieval.encoding.delta import TRAINED
    from retrieval.encoding.torch_module import UniversalModule

    module = UniversalModule()
    names = {name.removeprefix("layers.") for name, parameter in module.named_parameters() if parameter.requires_grad}
    assert names == set(TRAINED)
    assert sum(parameter.numel() for parameter in module.parameters()) == 3_386_112
