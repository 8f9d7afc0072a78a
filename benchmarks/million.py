"""Search in an archive of a million passages: time, memory, and what is found of what there is.

    python -m benchmarks.million CORPUS.json --archive DIR --passages 1000000

Makes the archive in ``DIR`` when it is not there (see :mod:`benchmarks.large`: real sentences put together anew,
vectors that are drawn), opens it in a process of its own, and asks for passages by parts of sentences that stand in it.
``retrieval`` is what grows with the archive: understanding the question, looking up its words and nearest vectors, and
the scores of the passages that come so; ``search`` has the ranking of the best passages' sentences too.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.large import Pool, fill
from benchmarks.stand_in import use
from retrieval import Archive
from retrieval.search import Query, analyse
from retrieval.search.channels import Channels
from retrieval.views import View

__all__ = ["Spread", "main"]

_WARM = 20


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds of the clock and of the processor that questions took."""

    step: str
    median_ms: float
    p99_ms: float
    cpu_median_ms: float
    cpu_p99_ms: float


def main() -> None:
    """Make the archive if need be, and print each measurement as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--cache", type=Path, required=True, help="as WENJU_CACHE names it")
    parser.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    archive: Path = options.archive / "archive"
    use()
    if options.ask:
        _ask(archive, options.cache, json.loads(sys.stdin.read()))
        return
    pool = Pool(options.corpus, options.cache)
    if not archive.exists():
        began, worked = time.monotonic(), time.process_time()
        fill(archive, None, pool, options.passages, options.cache)
        seconds, cpu = time.monotonic() - began, time.process_time() - worked
        _show({"step": "made", "seconds": round(seconds), "cpu_seconds": round(cpu), "megabytes": _peak()})
    chance = random.Random(5)
    questions = [_question(chance.choice(pool.sentences), chance) for _ in range(options.questions)]
    # Memory is that of the asking process alone.
    subprocess.run(
        [sys.executable, "-m", "benchmarks.million", *sys.argv[1:], "--ask"],
        check=True,
        text=True,
        input=json.dumps(questions),
    )
    for part, pattern in (
        ("database", "archive.sqlite3"),
        ("terms", "derived/*/segment-*/*.terms"),
        ("vector lists", "derived/*/segment-*/lists.*"),
        ("all indexes", "derived/*/*/*"),
    ):
        size = sum(path.stat().st_size for path in archive.glob(pattern))
        _show({"step": f"on the disk: {part}", "megabytes": round(size / 1e6)})


def _question(sentence: str, chance: random.Random) -> str:
    """Leave a third out of a sentence."""
    start = chance.randrange(max(1, len(sentence) // 3))
    return sentence[start : start + max(8, 2 * len(sentence) // 3)]


def _ask(path: Path, cache: Path, questions: list[str]) -> None:
    began, worked = time.monotonic(), time.process_time()
    with Archive.open(path, cache=cache) as archive, archive.reading() as view:
        indexes = view.searcher.indexes
        opened = {"step": "opened", "seconds": round(time.monotonic() - began, 2)}
        _show({**opened, "cpu_seconds": round(time.process_time() - worked, 2), "megabytes": _resident()})
        _show({"step": "index", **asdict(indexes.dense.info), "parts": len(indexes.parts())})
        analysed = [analyse(question) for question in questions]
        for query in analysed[:_WARM]:
            view.searcher.search(query, view.snapshot, 10)
        _time("retrieval", analysed[_WARM:], lambda query: _retrieve(view, query))
        _time("search", analysed[_WARM:], lambda query: view.searcher.search(query, view.snapshot, 10))
        _show({"step": "resident after the questions", "megabytes": _resident(), "peak_megabytes": _peak()})


def _retrieve(view: View, query: Query) -> None:
    channels = Channels.of(query, view.searcher.indexes, view.searcher.encoder, view.searcher.lexicon)
    rows = None if view.searcher.indexes.dense.is_exact else channels.pool(view.snapshot, 48, None)
    channels.scores(view.snapshot, rows)


def _time(step: str, queries: list[Query], work: Callable[[Query], object]) -> None:
    wall, cpu = [], []
    for query in queries:
        began, worked = time.monotonic(), time.process_time()
        work(query)
        wall.append(1000 * (time.monotonic() - began))
        cpu.append(1000 * (time.process_time() - worked))
    values = (float(np.quantile(times, share)) for times in (wall, cpu) for share in (0.5, 0.99))
    _show(asdict(Spread(step, *(round(value, 1) for value in values))))


def _resident() -> int:
    """Give the megabytes that this process has in memory now, those included that it shares as mapped files."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return round(pages * resource.getpagesize() / 1e6)


def _peak() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)


def _show(measurement: object) -> None:
    sys.stdout.write(json.dumps(measurement) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
