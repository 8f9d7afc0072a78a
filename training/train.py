"""Trains the encoder's layers: ``python -m training.train --pairs DIR --output DIR``."""

import argparse
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import torch
from datasets import Dataset  # type: ignore[import-not-found,unused-ignore]
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.sentence_transformer.losses import (
    DistillKLDivLoss,
    EmbedDistillLoss,
    MultipleNegativesRankingLoss,
)
from sentence_transformers.sentence_transformer.training_args import BatchSamplers, MultiDatasetBatchSamplers
from sentence_transformers.util import pairwise_dot_score
from torch import Tensor, nn

from retrieval.encoding.delta import SAVED_NAME, read_delta
from retrieval.encoding.torch_module import UniversalModule
from training.pairs import Pair, read_pairs
from training.teaching import WIDTH, Lesson, read_lessons

__all__ = ["KINDS", "Settings", "load_kinds", "main", "train"]

KINDS = {
    "questions": 12_000, "paragraphs": 1500, "glosses": 9000, "parallel": 8000, "neighbours": 2000, "words": 24_000,
}  # fmt: skip
"""The kinds of pairs that :mod:`training.prepare` writes, and how many of each an epoch takes.

What it makes of translations (``crossed``, ``answered``, ``translations``) is trained on only where it is named."""

# Translations and neighbours are found from either side; a question is only ever looked up from its own.
_BOTH_WAYS = ("parallel", "neighbours", "words", "translations")
_ANCHORS = "anchors"
_LESSONS = "lessons"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train.

    ``anchors`` is the number of texts of all languages whose vectors are held near those of the untrained encoder;
    ``lessons`` is the number of questions taken whose sentences the search has ranked; ``kinds`` says how many pairs of
    each kind to train on at most, and ``skip`` how many of each to pass over first.
    """

    epochs: float = 1.0
    batch: int = 96
    learning_rate: float = 1e-4
    scale: float = 20.0
    dropout: float = 0.0
    anchors: int = 0
    lessons: int = 0
    seed: int = 20261122
    threads: int = 1
    steps: int = -1
    kinds: Mapping[str, int] = field(default_factory=lambda: dict(KINDS))
    skip: Mapping[str, int] = field(default_factory=dict)


def load_kinds(folder: Path, settings: Settings) -> dict[str, list[Pair]]:
    """Read the pairs of the kinds that ``settings`` names, as many of each as it says."""
    found = {}
    for kind, most in settings.kinds.items():
        first = settings.skip.get(kind, 0)
        found[kind] = read_pairs(folder / f"{kind}.jsonl")[first : first + most]
    return found


def train(
    found: Mapping[str, Sequence[Pair]],
    output: Path,
    settings: Settings,
    start: Path | None = None,
    lessons: Sequence[Lesson] = (),
) -> SentenceTransformer:
    """Train on pairs by kind and save the model as the folder ``output``.

    :param start: a file of trained layers to go on from; the untrained encoder by default.
    :param lessons: questions with sentences that the search has ranked, as :mod:`training.teaching` gives them.
    """
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    delta = None if start is None else read_delta(start)
    model = SentenceTransformer(modules=[UniversalModule(delta, settings.dropout)], device="cpu")
    datasets = {kind: _dataset(items) for kind, items in found.items() if items}
    losses: dict[str, nn.Module] = {
        kind: MultipleNegativesRankingLoss(
            model,
            scale=settings.scale,
            directions=("query_to_doc", "doc_to_query") if kind in _BOTH_WAYS else ("query_to_doc",),
            partition_mode="per_direction" if kind in _BOTH_WAYS else "joint",
        )
        for kind in datasets
    }
    if settings.anchors:
        datasets[_ANCHORS] = _anchors(found, settings.anchors, model)
        losses[_ANCHORS] = EmbedDistillLoss(model, distance_metric="cosine")
    if lessons:
        datasets[_LESSONS] = _ranked(lessons)
        losses[_LESSONS] = DistillKLDivLoss(model, similarity_fct=partial(_scaled, settings.scale))
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(output / "checkpoints"),
        num_train_epochs=settings.epochs,
        max_steps=settings.steps,
        per_device_train_batch_size=settings.batch,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=0.1,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        multi_dataset_batch_sampler=MultiDatasetBatchSamplers.PROPORTIONAL,
        seed=settings.seed,
        data_seed=settings.seed,
        use_cpu=True,
        logging_steps=20,
        save_steps=200,
        save_total_limit=2,
        save_only_model=True,
        report_to="none",
        disable_tqdm=True,
    )
    SentenceTransformerTrainer(model=model, args=arguments, train_dataset=datasets, loss=losses).train()
    model.save(str(output))
    return model


def _dataset(pairs: Sequence[Pair]) -> Dataset:
    columns = {"anchor": [pair.anchor for pair in pairs], "positive": [pair.positive for pair in pairs]}
    if all(pair.negative for pair in pairs):
        columns["negative"] = [pair.negative for pair in pairs]
    return Dataset.from_dict(columns)


def _ranked(lessons: Sequence[Lesson]) -> Dataset:
    columns: dict[str, list[object]] = {"question": [lesson.question for lesson in lessons]}
    for number in range(WIDTH):
        columns[f"sentence{number}"] = [lesson.sentences[number] for lesson in lessons]
    return Dataset.from_dict({**columns, "label": [lesson.scores for lesson in lessons]})


def _scaled(scale: float, left: Tensor, right: Tensor) -> Tensor:
    # Instead of the loss's temperature, whose square would shrink the gradient beside the other losses'.
    return scale * pairwise_dot_score(left, right)


def _anchors(found: Mapping[str, Sequence[Pair]], count: int, model: SentenceTransformer) -> Dataset:
    kinds = [kind for kind in ("parallel", "words") if found.get(kind)]
    texts = [pair.positive for kind in kinds for pair in found[kind][: count // len(kinds)]]
    return Dataset.from_dict({"sentence": texts, "label": model.encode(texts).tolist()})


def _numbers(given: Sequence[str] | None) -> dict[str, int]:
    parts = [text.partition("=") for text in given or ()]
    return {kind: int(number) for kind, _, number in parts}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    usual = Settings()
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("--pairs", type=Path, required=True, help="folder that training.prepare made")
    parser.add_argument("--output", type=Path, required=True, help="folder for the trained model")
    parser.add_argument("--start", type=Path, help="folder of a model to go on from")
    parser.add_argument("--epochs", type=float, default=usual.epochs)
    parser.add_argument("--batch", type=int, default=usual.batch)
    parser.add_argument("--learning-rate", type=float, default=usual.learning_rate)
    parser.add_argument("--scale", type=float, default=usual.scale)
    parser.add_argument("--dropout", type=float, default=usual.dropout)
    parser.add_argument("--anchors", type=int, default=usual.anchors)
    parser.add_argument("--lessons", type=int, default=usual.lessons, help="how many of the file lessons.jsonl")
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--threads", type=int, default=usual.threads)
    parser.add_argument("--steps", type=int, default=usual.steps)
    parser.add_argument("--kinds", nargs="+", metavar="KIND=PAIRS", help="kinds of pairs, and how many of each at most")
    parser.add_argument("--skip", nargs="+", metavar="KIND=PAIRS", help="how many pairs of a kind to pass over first")
    options = vars(parser.parse_args(arguments))
    pairs, output, start = options.pop("pairs"), options.pop("output"), options.pop("start")
    kinds, skip = _numbers(options.pop("kinds")) or dict(KINDS), _numbers(options.pop("skip"))
    settings = Settings(**options, kinds=kinds, skip=skip)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    began = time.monotonic()
    lessons = read_lessons(pairs / f"{_LESSONS}.jsonl")[: settings.lessons] if settings.lessons else ()
    train(load_kinds(pairs, settings), output, settings, None if start is None else start / SAVED_NAME, lessons)
    logging.getLogger(__name__).info("%s: trained in %.0f s", settings, time.monotonic() - began)


if __name__ == "__main__":
    main()
