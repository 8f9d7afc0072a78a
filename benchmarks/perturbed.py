"""As many passages as one wants from the paragraphs of a question file."""

import json
import random
import re
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

__all__ = ["PER_FILE", "read_passages", "write_files"]

PER_FILE = 20
_BETWEEN = "\n\n"
_SENTENCE = re.compile(r"(?<=[。！？.!?])")


def write_files(corpus: Path, count: int, folder: Path, characters: int | None = None) -> None:
    """Write ``count`` passages into files of twenty: paragraphs of a file in SQuAD's layout.

    Their sentences are shuffled and their digits drawn anew, as often as need be, the same in each run. With
    ``characters``, a passage ends with the sentence that reaches so many.
    """
    data = json.loads(corpus.read_text("utf-8"))["data"]
    paragraphs = [paragraph["context"] for article in data for paragraph in article["paragraphs"]]
    chance = random.Random(7)
    folder.mkdir(parents=True)
    for start in range(0, count, PER_FILE):
        chosen = range(start, min(count, start + PER_FILE))
        texts = [_perturbed(paragraphs[number % len(paragraphs)], chance, characters) for number in chosen]
        Path(folder, f"{start // PER_FILE:06}.txt").write_text(f"{_BETWEEN.join(texts)}\n", "utf-8")


def read_passages(folder: Path) -> Sequence[str]:
    """Read the passages that ``write_files`` wrote."""
    return [text for file in sorted(folder.iterdir()) for text in file.read_text("utf-8").strip().split(_BETWEEN)]


def _perturbed(text: str, chance: random.Random, characters: int | None) -> str:
    sentences = [part.replace("\n", " ") for part in _SENTENCE.split(text) if part.strip()]
    chance.shuffle(sentences)
    if characters is not None:
        reached = next((n for n, length in enumerate(accumulate(map(len, sentences)), 1) if length >= characters), None)
        sentences = sentences[:reached]
    return re.sub(r"\d", lambda _: str(chance.randrange(10)), "".join(sentences))
