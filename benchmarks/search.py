"""Speed of a warm search, side by side with what users would build instead, on one core.

    python -m benchmarks.search FILE.json… [--passages 2000] [--questions 300] [--archive FOLDER]

FILEs are question files in SQuAD's layout; their paragraphs are the passages, and all systems hold the same ones with
the same encoder. A framework that is not installed is named and left out. Beside the time on the clock stands that of
the processor, which tells more on a machine that others use too.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.search_peers import PEERS, PeerMissingError
from retrieval import Archive
from retrieval.encoding import Encoder, Vectors
from retrieval.evaluation.squad import load_squad

__all__ = ["main"]

_WARM_UP = 10


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class _Timing:
    name: str
    median: float
    slowest: float
    cpu_median: float
    cpu_slowest: float
    recall: float


class _Remembering:
    """An encoder that encodes each passage once for all systems; questions it encodes each time."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, Vectors] = {}

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new == list(texts) and len(new) == 1:
            # A question, of a framework that knows no difference.
            return self._encoder.encode_queries(texts)
        if new:
            self._vectors.update(zip(new, self._encoder.encode_passages(new), strict=True))
        return np.stack([self._vectors[text] for text in texts])


def _read(files: Sequence[Path], passages: int, questions: int) -> tuple[list[str], list[_Question]]:
    texts: dict[str, int] = {}
    asked: list[_Question] = []
    for file in files:
        for paragraph in load_squad(file):
            if paragraph.text not in texts and len(texts) == passages:
                continue
            number = texts.setdefault(paragraph.text, len(texts))
            asked.extend(_Question(question.text, number) for question in paragraph.questions)
    step = max(1, len(asked) // questions)
    return list(texts), asked[::step][:questions]


def _measure(name: str, questions: Sequence[_Question], search: Callable[[str], list[int]]) -> _Timing:
    for question in questions[:_WARM_UP]:
        search(question.text)
    seconds, worked, right = [], [], 0
    for question in questions:
        began, began_work = time.perf_counter(), time.process_time()
        found = search(question.text)
        seconds.append(time.perf_counter() - began)
        worked.append(time.process_time() - began_work)
        right += found[:1] == [question.paragraph]
    median, slowest = (np.percentile(seconds, share) * 1000 for share in (50, 99))
    cpu_median, cpu_slowest = (np.percentile(worked, share) * 1000 for share in (50, 99))
    return _Timing(name, float(median), float(slowest), float(cpu_median), float(cpu_slowest), right / len(questions))


def _wenju(
    texts: Sequence[str], questions: Sequence[_Question], cache: Path | None, kept: Path | None
) -> tuple[list[_Timing], Encoder]:
    with tempfile.TemporaryDirectory(prefix="wenju-benchmark-") as folder:
        place = kept or Path(folder, "archive")
        is_new = not place.exists()
        with Archive.open(place, create=True, cache=cache) as archive:
            if is_new:
                files = Path(folder, "texts")
                files.mkdir()
                for number, text in enumerate(texts):
                    (files / f"{number:05d}.txt").write_bytes(text.encode())
                archive.sync([files])
            info = archive.info()
            if info.documents != len(texts):
                raise SystemExit(f"{place} holds {info.documents} documents, not {len(texts)}; give another folder")

            def search(question: str) -> list[int]:
                return [int(Path(hit.source).stem) for hit in archive.search(question, 5)]

            # What a passage tells is kept once it has come into question.
            names = (f"Wenju ({info.passages} passages)", "Wenju, the same questions again")
            timings = [_measure(name, questions, search) for name in names]
            with archive.reading() as view:
                return timings, view.searcher.encoder


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", help="question files in SQuAD's layout")
    parser.add_argument("--passages", type=int, default=2000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--cache", type=Path, help="folder of the unpacked encoder and dictionary")
    parser.add_argument("--archive", type=Path, help="folder of the archive, kept for the next time of the same files")
    options = parser.parse_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with threadpool_limits(1):
        _run(options)


def _run(options: argparse.Namespace) -> None:
    texts, questions = _read(options.files, options.passages, options.questions)
    timings, encoder = _wenju(texts, questions, options.cache, options.archive)
    shared = _Remembering(encoder)
    shared.encode_passages(texts)
    for name, build in PEERS.items():
        try:
            peer = build(texts, shared)
        except PeerMissingError as missing:
            sys.stderr.write(f"{name}: {missing}\n")
            continue
        timings.append(_measure(name, questions, peer.search))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    sys.stdout.write(f"{len(texts)} paragraphs, {len(questions)} questions, one core, load {load}\n\n")
    sys.stdout.write("| search | median, ms | p99, ms | CPU median, ms | CPU p99, ms | recall@1 |\n")
    sys.stdout.write("| --- | --- | --- | --- | --- | --- |\n")
    for row in timings:
        sys.stdout.write(
            f"| {row.name} | {row.median:.1f} | {row.slowest:.1f} | {row.cpu_median:.1f} "
            f"| {row.cpu_slowest:.1f} | {row.recall:.3f} |\n"
        )


if __name__ == "__main__":
    main()
