from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the packages that training/README.md names")

from torch import Tensor  # noqa: E402

from retrieval.answering import pointer as shipped  # noqa: E402
from retrieval.answering.pointer import Pointer  # noqa: E402
from retrieval.answering.text_units import FIXED  # noqa: E402
from retrieval.encoding import load_encoder  # noqa: E402
from retrieval.search import WordRows  # noqa: E402
from tests.training.test_reading import write_examples  # noqa: E402
from training.highlights import Batches, Network, save, train  # noqa: E402
from training.meanings import Meanings, words_of  # noqa: E402
from training.reading import Example, Picker  # noqa: E402

TRANSLATIONS = {"图书馆": ("library",), "夏天": ("summer",)}


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    return write_examples(tmp_path_factory.mktemp("reading"))


def test_the_trained_network_scores_as_the_pointer_does(
    some: list[Example], encoder_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(1)
    meanings = Meanings(words_of(some, TRANSLATIONS), load_encoder(cache=encoder_cache / "encoder"))
    names = ["<pad>", "<other>", *sorted({name for example in some for name in example.own.units.names} - {"<other>"})]
    numbers = {name: number for number, name in enumerate(names)}
    network = Network(len(names), meanings.vectors.shape[1])
    train(network, some * 16, Batches(numbers, meanings, Picker(1, TRANSLATIONS)), rounds=2)
    save(network, names, tmp_path / "pointer.npz")
    monkeypatch.setattr(shipped, "files", lambda _: tmp_path)
    shipped.load_pointer.cache_clear()
    pointer = shipped.load_pointer()
    shipped.load_pointer.cache_clear()
    for example in some:
        ours, theirs = _scores(pointer, meanings, example), _expected(network, meanings, numbers, example)
        assert np.abs(ours[theirs > -100] - theirs[theirs > -100]).max() < 0.05
        assert (ours[theirs <= -100] <= -100).all()


def _rows(meanings: Meanings, words: tuple[str, ...]) -> WordRows:
    return WordRows(meanings.vectors.numpy(), meanings.ids(words).numpy())


def _scores(pointer: Pointer, meanings: Meanings, example: Example) -> np.ndarray:
    own = example.own
    return pointer.scores(
        example.asked, own.units, own.marks, _rows(meanings, example.asked.words), _rows(meanings, own.units.words)
    )


def _expected(network: Network, meanings: Meanings, numbers: dict[str, int], example: Example) -> np.ndarray:
    own, asked = example.own, example.asked
    marks = np.concatenate((own.units.fixed, own.marks), axis=1)
    assert marks.shape[1] > len(FIXED)
    network.eval()
    with torch.no_grad():
        runs = network(
            _ids(numbers, own.units.names),
            torch.from_numpy(marks)[None],
            torch.from_numpy(own.units.sentence.astype(np.int64))[None],
            _ids(numbers, asked.names),
            torch.from_numpy(asked.facts)[None],
            meanings.vectors[meanings.ids(own.units.words)][None],
            meanings.vectors[meanings.ids(asked.words)][None],
        )[0].numpy()
    size = len(runs)
    by_length = np.full((size, 40), -10_000.0, np.float32)
    for extra in range(min(40, size)):
        by_length[: size - extra, extra] = np.diagonal(runs, extra)
    return by_length


def _ids(numbers: dict[str, int], names: tuple[str, ...]) -> Tensor:
    ids: Tensor = torch.tensor([[numbers.get(name, 1) for name in names]])
    return ids
