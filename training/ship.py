"""Writes the delta that the package ships: ``python -m training.ship --model DIR --version V``."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval.encoding.delta import SAVED_NAME, SHIPPED, TRAINED, read_delta, write_delta
from retrieval.encoding.weights import encoder_files, load_weights

__all__ = ["main", "ship"]


def ship(models: Sequence[Path], version: str, output: Path, share: float = 1.0) -> None:
    """Write how the mean of trained ``models`` differs from the package's weights, in 8 bits.

    :param share: how far to go from the package's weights (0) to the models' mean (1). Less than all of the way often
        keeps more of what the encoder could do before. Source: Wortsman et al. 2022, "Robust fine-tuning of zero-shot
        models", https://arxiv.org/abs/2109.01903.
    """
    base = load_weights(encoder_files().weights).arrays
    trained = [read_delta(model / SAVED_NAME).over(base) for model in models]
    layers = {}
    for name in TRAINED:
        old = np.asarray(base[name], dtype=np.float32)
        mean = np.mean([np.asarray(arrays[name], dtype=np.float64) for arrays in trained], axis=0)
        layers[name] = (old + share * (mean - old)).astype(np.float32)
    write_delta(output, layers, base, version)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m training.ship", description=__doc__)
    parser.add_argument("--model", type=Path, nargs="+", required=True, help="folders of trained models")
    parser.add_argument("--version", required=True, help="the delta's version, as in 2026.11")
    parser.add_argument("--share", type=float, default=1.0, help="how far to go, 0 to 1")
    parser.add_argument("--output", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    ship(options.model, options.version, options.output, options.share)


if __name__ == "__main__":
    main()
