from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.answering import pointer as shipped
from retrieval.answering.pointer import Pointer
from retrieval.encoding import load_encoder
from retrieval.search import WordRows
from tests.extras import needs
from tests.training.test_reading import write_examples
from training.reading import Example, Picker

if TYPE_CHECKING:
    from training.meanings import Meanings

pytestmark = needs("torch")

TRANSLATIONS = {"图书馆": ("library",), "夏天": ("summer",)}


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    return write_examples(tmp_path_factory.mktemp("reading"))


def test_the_trained_network_scores_as_the_pointer_does(
    some: list[Example], encoder_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from tests.training.networks import run_scores
    from training.batches import Batches
    from training.highlights import train
    from training.meanings import Meanings, words_of
    from training.network import Network, save

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
        ours, theirs = _scores(pointer, meanings, example), run_scores(network, meanings, numbers, example)
        assert np.abs(ours[theirs > -100] - theirs[theirs > -100]).max() < 0.05
        assert (ours[theirs <= -100] <= -100).all()


def test_a_student_learns_what_its_teachers_give_each_run(
    some: list[Example], encoder_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from training import highlights
    from training.batches import Batches
    from training.meanings import Meanings, words_of
    from training.network import Network, load, save
    from training.teachers import Teachers

    torch.manual_seed(1)
    meanings = Meanings(words_of(some, TRANSLATIONS), load_encoder(cache=encoder_cache / "encoder"))
    known = sorted({name for example in some for name in example.own.units.names} - {"<other>"})
    names, fewer = ["<pad>", "<other>", *known], ["<pad>", "<other>", *reversed(known[::2])]
    dimension = meanings.vectors.shape[1]
    first, second = Network(len(names), dimension), Network(len(fewer), dimension)
    save(first, names, tmp_path / "first.npz")
    save(second, fewer, tmp_path / "second.npz")
    again, same = load(tmp_path / "first.npz")
    assert same == names
    torch.testing.assert_close(again.state_dict(), first.state_dict(), atol=2e-3, rtol=2e-3)

    batches = Batches({name: number for number, name in enumerate(names)}, meanings, Picker(1, TRANSLATIONS))
    inputs, gold = batches.make(some)
    teachers = Teachers([tmp_path / "first.npz", tmp_path / "second.npz"], names)
    shares = teachers.shares(inputs)
    assert shares.shape == (len(some), gold.shape[1] * 40 + 1)
    torch.testing.assert_close(shares.sum(1), torch.ones(len(some)))

    student = Network(len(names), dimension)

    def apart() -> float:
        student.eval()
        with torch.no_grad():
            scores = torch.nn.functional.pad(student(*inputs).flatten(1), (0, 1))
            return float(torch.nn.functional.cross_entropy(scores, shares))

    # These teachers know nothing: what they say is learned alone.
    monkeypatch.setattr(highlights, "_TAUGHT", 1.0)
    before = apart()
    highlights.train(student, some * 16, batches, rounds=3, teachers=teachers)
    assert apart() < before


def _rows(meanings: "Meanings", words: tuple[str, ...]) -> WordRows:
    return WordRows(meanings.vectors.numpy(), meanings.ids(words).numpy())


def _scores(pointer: Pointer, meanings: "Meanings", example: Example) -> np.ndarray:
    own = example.own
    return pointer.scores(
        example.asked, own.units, own.marks, _rows(meanings, example.asked.words), _rows(meanings, own.units.words)
    )
