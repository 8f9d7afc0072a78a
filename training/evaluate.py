"""Measures encoders side by side: ``python -m training.evaluate --benchmarks DIR [--pairs DIR] ENCODER...``."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.encoding import Encoder, Vectors
from retrieval.reading import find_sources, read_document
from retrieval.segmenting import segment
from retrieval.segmenting.sentences import split_sentences
from training.declaration import declaration_pairs
from training.pairs import Pair, read_pairs
from training.reducing import load

__all__ = ["Measure", "main", "question_measures"]

_SETS = (
    ("XQuAD zh/zh", "xquad.zh.json", "xquad.zh.json"),
    ("XQuAD zh/en", "xquad.zh.json", "xquad.en.json"),
    ("XQuAD zh/ru", "xquad.zh.json", "xquad.ru.json"),
    ("XQuAD en/en", "xquad.en.json", "xquad.en.json"),
    ("XQuAD en/zh", "xquad.en.json", "xquad.zh.json"),
    ("XQuAD ru/ru", "xquad.ru.json", "xquad.ru.json"),
    ("CMRC trial", "cmrc2018_trial.json", "cmrc2018_trial.json"),
    ("DRCD test", "drcd_dev_test.json", "drcd_dev_test.json"),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """The share of ``count`` questions whose text is found first, and among the first five."""

    name: str
    first: float
    five: float
    count: int


def _ranks(scores: Vectors, gold: Sequence[Sequence[int]]) -> list[int]:
    # A tie counts against the encoder.
    return [int((row >= row[list(right)].max()).sum()) for row, right in zip(scores, gold, strict=True)]


def _measure(name: str, ranks: Sequence[int]) -> Measure:
    return Measure(name, float(np.mean([r <= 1 for r in ranks])), float(np.mean([r <= 5 for r in ranks])), len(ranks))


class _Corpus:
    """Texts by the vectors of their sentences and of themselves."""

    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        sentences = [[text[s.start : s.end] for s in split_sentences(text)] or [text] for text in texts]
        self._starts = np.cumsum([0, *map(len, sentences[:-1])])
        self._sentences = encoder.encode_passages([sentence for found in sentences for sentence in found])
        self._texts = encoder.encode_passages(texts)

    def scores(self, questions: Vectors) -> Vectors:
        best = np.maximum.reduceat(questions @ self._sentences.T, self._starts, axis=1)
        return np.asarray(np.maximum(best, questions @ self._texts.T), dtype=np.float32)


def question_measures(benchmarks: Path, encoder: Encoder) -> list[Measure]:
    """Measure the dense channel alone: a paragraph's score is that of its best sentence or of itself."""
    corpora: dict[str, _Corpus] = {}
    asked: dict[str, tuple[Vectors, list[tuple[int]]]] = {}
    measures = []
    for name, corpus_file, question_file in _SETS:
        for file in (corpus_file, question_file):
            if file not in asked:
                articles = json.loads((benchmarks / file).read_text(encoding="utf-8"))["data"]
                paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
                items = [(item["question"], n) for n, paragraph in enumerate(paragraphs) for item in paragraph["qas"]]
                asked[file] = encoder.encode_queries([text for text, _ in items]), [(n,) for _, n in items]
                corpora[file] = _Corpus([paragraph["context"] for paragraph in paragraphs], encoder)
        vectors, gold = asked[question_file]
        measures.append(_measure(name, _ranks(corpora[corpus_file].scores(vectors), gold)))
    return measures


def seed_measures(seeds: Path, questions: Path, split: str, encoder: Encoder) -> list[Measure]:
    """Measure questions over an archive's passages, by language; a passage that holds a gold quote is right."""
    passages = [passage for file in find_sources([seeds]).sources for passage in segment(read_document(file))]
    texts = [passage.text for passage in passages]
    corpus = _Corpus(texts, encoder)
    lines = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    by_language: dict[str, list[tuple[str, list[int]]]] = {}
    for line in lines:
        gold = [n for n, text in enumerate(texts) if any(quote in text for quote in line["quotes"])]
        if line.get("split") == split and gold and not line["history"]:
            by_language.setdefault(line["lang"], []).append((line["question"], gold))
    measures = []
    for language, items in sorted(by_language.items()):
        scores = corpus.scores(encoder.encode_queries([text for text, _ in items]))
        measures.append(_measure(f"seeds {language}", _ranks(scores, [right for _, right in items])))
    return measures


def pair_measure(name: str, pairs: Sequence[Pair], encoder: Encoder) -> Measure:
    """Measure how often a text's translation is the nearest of all, from either side."""
    left = encoder.encode_passages([pair.anchor for pair in pairs])
    right = encoder.encode_passages([pair.positive for pair in pairs])
    gold = [(n,) for n in range(len(pairs))]
    return _measure(name, _ranks(left @ right.T, gold) + _ranks(right @ left.T, gold))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument(
        "encoders", nargs="+", help="universal-base, universal:FOLDER, …, with @int8, @half or @256 for smaller vectors"
    )
    parser.add_argument("--benchmarks", type=Path, help="folder of the question files")
    parser.add_argument("--pairs", type=Path, help="folder that training.prepare made, for its held-out words")
    parser.add_argument("--declaration", type=Path, help="folder of the Universal Declaration's translations")
    parser.add_argument("--seeds", type=Path, help="folder of an archive's texts")
    parser.add_argument("--questions", type=Path, help="file of questions over them")
    parser.add_argument("--split", default="tune", help="which of these questions")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    options = parser.parse_args(arguments)
    parts: list[Callable[[Encoder], list[Measure]]] = []
    if options.benchmarks:
        parts.append(lambda encoder: question_measures(options.benchmarks, encoder))
    if options.seeds and options.questions:
        parts.append(lambda encoder: seed_measures(options.seeds, options.questions, options.split, encoder))
    if options.pairs:
        parts.append(
            lambda encoder: [
                pair_measure(f"words {file.stem.removeprefix('heldout.')}", read_pairs(file), encoder)
                for file in sorted(options.pairs.glob("heldout.*.jsonl"))
            ]
        )
    if options.declaration:
        parts.append(
            lambda encoder: [
                pair_measure(f"declaration {language}", pairs, encoder)
                for language, pairs in declaration_pairs(options.declaration).items()
            ]
        )
    table: dict[str, list[Measure]] = {}
    for name in options.encoders:
        began, encoder = time.monotonic(), load(name)
        table[name] = [measure for part in parts for measure in part(encoder)]
        sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    sys.stdout.write("set | questions | " + " | ".join(options.encoders) + "\n")
    for rows in zip(*table.values(), strict=True):
        figures = " | ".join(f"{row.first:.3f} / {row.five:.3f}" for row in rows)
        sys.stdout.write(f"{rows[0].name} | {rows[0].count} | {figures}\n")
    if options.json:
        figures_by_name = {
            name: {m.name: [m.first, m.five, m.count] for m in measures} for name, measures in table.items()
        }
        options.json.write_text(json.dumps(figures_by_name, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
