"""The whole chain on a tiny setting: prepare, train, save, load on both runtimes, ship."""

import json
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoding import Encoder, load_encoder
from retrieval.encoding.delta import SAVED_NAME, read_delta
from retrieval.encoding.universal import UniversalEncoder
from tests.extras import needs
from training.pairs import Pair, read_pairs
from training.prepare import QUESTION_FILES, prepare

pytestmark = needs("datasets", "sentence_transformers")

_FACTS = [
    ("株洲", "炎陵县", "黄桃", "5000吨"),
    ("长沙", "浏阳市", "花炮", "300万箱"),
    ("南京", "高淳区", "螃蟹", "1200吨"),
    ("杭州", "临安区", "山核桃", "900吨"),
    ("成都", "蒲江县", "猕猴桃", "8万吨"),
    ("西安", "周至县", "樱桃", "700吨"),
]


def _question_file(path: Path, facts: list[tuple[str, str, str, str]]) -> None:
    paragraphs = []
    for city, county, fruit, amount in facts:
        text = f"{county}位于{city}。这里的{fruit}很有名。去年全县的{fruit}产量达到{amount}。人们很高兴。"
        asked = [(f"{county}的{fruit}去年产量是多少？", amount), (f"{county}在哪个城市？", city)]
        items = [
            {"question": question, "answers": [{"text": answer, "answer_start": text.index(answer)}]}
            for question, answer in asked
        ]
        paragraphs.append({"context": text, "qas": items})
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}, ensure_ascii=False), encoding="utf-8")


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    for name, facts in zip(QUESTION_FILES, (_FACTS[:3], _FACTS[3:]), strict=True):
        _question_file(folder / name, facts)
    prepare(folder, folder / "no-packages", folder / "pairs", load_encoder("universal-base"), seed=1, limit=40)
    return folder / "pairs"


def test_hard_negatives_lack_the_answer_and_come_from_another_paragraph(pairs: Path) -> None:
    questions = read_pairs(pairs / "questions.jsonl")
    assert len(questions) == 12
    assert all(pair.negative and pair.negative != pair.positive for pair in questions)
    for pair in questions:
        answer = next(amount for *_, amount in _FACTS if amount in pair.positive) if "产量" in pair.positive else None
        assert answer is None or answer not in pair.negative


def test_held_out_words_are_not_trained_on(pairs: Path) -> None:
    trained = {pair.anchor for pair in read_pairs(pairs / "words.jsonl")}
    held_out = {pair.anchor for pair in read_pairs(pairs / "heldout.zh.jsonl")}
    assert len(held_out) == 10
    assert not trained & held_out


def test_training_lowers_the_loss_and_both_runtimes_read_the_result(pairs: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    from training.ship import ship
    from training.train import Settings, load_kinds, train

    settings = Settings(epochs=4, batch=12, kinds={"questions": 12, "words": 30}, learning_rate=3e-4)
    train(load_kinds(pairs, settings), tmp_path / "model", settings)

    questions = read_pairs(pairs / "questions.jsonl")
    tuned, base = load_encoder(f"universal:{tmp_path / 'model'}"), load_encoder("universal-base")
    assert _margin(tuned, questions) > _margin(base, questions) + 0.02

    texts = [pair.positive for pair in questions] + ["", "Hello", "日本語", "한국어", "𠮷"]
    torch_vectors = SentenceTransformer(str(tmp_path / "model"), trust_remote_code=True).encode(texts)
    np.testing.assert_allclose(torch_vectors, tuned.encode_passages(texts), atol=1e-4)

    ship([tmp_path / "model"], "test", tmp_path / "delta.npz")
    assert (tmp_path / "delta.npz").stat().st_size < 4_000_000 < (tmp_path / "model" / SAVED_NAME).stat().st_size
    shipped = UniversalEncoder(delta=tmp_path / "delta.npz")
    assert shipped.name.endswith(f"-test-{read_delta(tmp_path / 'delta.npz').sha256[:16]}")
    np.testing.assert_allclose(shipped.encode_passages(texts), tuned.encode_passages(texts), atol=5e-3)


def _margin(encoder: Encoder, questions: list[Pair]) -> float:
    asked = encoder.encode_queries([pair.anchor for pair in questions])
    right = encoder.encode_passages([pair.positive for pair in questions])
    wrong = encoder.encode_passages([pair.negative for pair in questions])
    return float(((asked * right).sum(1) - (asked * wrong).sum(1)).mean())
