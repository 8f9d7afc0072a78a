"""Compares the two runtimes on texts of every script: ``python -m training.parity [ENCODER] [--count 10000]``."""

import argparse
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch

from retrieval.encoding import DEFAULT_ENCODER, load_encoder
from retrieval.encoding.delta import SAVED_NAME, SHIPPED, read_delta
from retrieval.encoding.torch_module import UniversalModule

__all__ = ["LARGEST", "Parity", "every_script", "main", "measure"]

LARGEST = 1e-4
"""No number of a vector may differ by more."""

_FEWEST_LETTERS = 10
_LONGEST = 10
_BLOCK = 64
_BETWEEN = (" ", " ", " ", "", "\n", ", ", ". ", "。", "،", " 3.5% ", " ١٢ ", " №7 ", "\u200d", "😀")
_BASE = "universal-base"
_TRAINED = "universal:"


@dataclass(frozen=True, slots=True)
class Parity:
    """The largest difference between numpy's and torch's vectors of ``texts``, and the text that it was found in."""

    texts: int
    scripts: int
    difference: float
    worst: str


def every_script() -> dict[str, str]:
    """Give the letters of each script of Unicode, by the first word of their names; tiny scripts are left out."""
    found: dict[str, list[str]] = {}
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character)[0] in "LM":
            found.setdefault(unicodedata.name(character, "").partition(" ")[0], []).append(character)
    return {name: "".join(letters) for name, letters in sorted(found.items()) if len(letters) >= _FEWEST_LETTERS}


def measure(spec: str, count: int, seed: int) -> Parity:
    """Encode ``count`` made-up texts on both runtimes; every script has its turn, alone or beside another.

    :param spec: ``universal``, ``universal-base`` or ``universal:FOLDER``.
    """
    scripts = every_script()
    names, random = list(scripts), Random(seed)
    texts = [_text([scripts[names[number % len(names)]], scripts[random.choice(names)]], random)
             for number in range(count)]  # fmt: skip
    texts.sort(key=len)
    numpy_vectors = load_encoder(spec).encode_passages(texts)
    module = UniversalModule(None if spec == _BASE else read_delta(_layers(spec))).eval()
    worst, difference = "", 0.0
    with torch.inference_mode():
        for first in range(0, count, _BLOCK):
            block = texts[first : first + _BLOCK]
            vectors = module(module.preprocess(block))["sentence_embedding"].numpy()
            apart = np.abs(vectors - numpy_vectors[first : first + _BLOCK]).max(axis=1)
            if float(apart.max()) > difference:
                worst, difference = block[int(apart.argmax())], float(apart.max())
    return Parity(count, len(names), difference, worst)


def _text(letters: Sequence[str], random: Random) -> str:
    # Mostly of the first script.
    words = [
        "".join(random.choices(letters[random.random() < 0.2], k=random.randint(1, 8)))
        for _ in range(random.randint(1, _LONGEST))
    ]
    return "".join(word + random.choice(_BETWEEN) for word in words)


def _layers(spec: str) -> Path:
    return SHIPPED if spec == DEFAULT_ENCODER else Path(spec.removeprefix(_TRAINED), SAVED_NAME)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 when a difference is too large."""
    parser = argparse.ArgumentParser(prog="python -m training.parity", description=__doc__)
    parser.add_argument("encoder", nargs="?", default=DEFAULT_ENCODER, help="universal, universal-base, universal:DIR")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20261123)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    found = measure(options.encoder, options.count, options.seed)
    sys.stdout.write(
        f"{options.encoder}: {found.texts} texts of {found.scripts} scripts, largest difference {found.difference:.1e} "
        f"(allowed {LARGEST:.0e}), in {found.worst[:40]!r}\n"
    )
    return int(found.difference > LARGEST)


if __name__ == "__main__":
    sys.exit(main())
