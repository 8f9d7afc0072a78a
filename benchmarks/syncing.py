"""Speed and memory of sync, as an operator's commands have them.

    python -m benchmarks.syncing CORPUS.json --passages 10000

``CORPUS.json`` is a question file in SQuAD's layout; its paragraphs, their sentences shuffled and their digits drawn
anew as often as need be, become files of twenty paragraphs. Each command runs in a process of its own; seconds are wall
and CPU time, memory is the process's highest resident size. With ``--stand-in`` vectors are drawn instead of encoded,
and all else is as it is; with ``--keep DIR`` files and archive stay there for other measurements.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from benchmarks.perturbed import PER_FILE, write_files

__all__ = ["Measurement", "main"]

_REAL = "from bot.cli.main import main; main()"
_STAND_IN = f"from benchmarks.stand_in import use; use(); {_REAL}"


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one command took: seconds of the clock, seconds of the processor, and MB of memory at the most."""

    step: str
    seconds: float
    cpu_seconds: float
    megabytes: float


def main() -> None:
    """Run all steps and print each as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--stand-in", action="store_true")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    measure = partial(_measure, _STAND_IN if options.stand_in else _REAL)
    with nullcontext(options.keep) if options.keep else tempfile.TemporaryDirectory() as folder:
        files, archive = Path(folder, "files"), str(Path(folder, "archive"))
        if not files.exists():
            write_files(options.corpus, options.passages, files)
        sync = ["sync", str(files), "--archive", archive]
        _show(measure("first sync", sync))
        time.sleep(2.5)  # so that no file is too young for its times to be trusted
        _show(measure("sync of files read again", [*sync, "--checksum"]))
        _show(measure("sync of nothing new", sync))
        # One in the midst of the archive.
        first = sorted(files.iterdir())[options.passages // PER_FILE // 2]
        first.write_text(f"{first.read_text('utf-8')}\n渌江全长一百六十六公里。\n", "utf-8")
        _show(measure("sync of one changed file", sync))
        first.write_text(f"{first.read_text('utf-8')}\n株洲在湖南省东部。\n", "utf-8")
        _show(measure("sync of one changed file, the second time", sync))
        first.rename(first.with_name("renamed.txt"))
        _show(measure("sync of one renamed file", sync))
        first.with_name("renamed.txt").unlink()
        _show(measure("sync of one removed file", sync))
        _show(measure("doctor", ["doctor", "--archive", archive]))
        _show(measure("backup", ["backup", str(Path(folder, "copy")), "--archive", archive]))
        size = sum(path.stat().st_size for path in Path(archive).rglob("*") if path.is_file())
        sys.stdout.write(json.dumps({"step": "archive on the disk", "megabytes": round(size / 1e6)}) + "\n")


def _measure(code: str, step: str, words: list[str]) -> Measurement:
    began = time.monotonic()
    child = subprocess.Popen([sys.executable, "-c", code, *words], stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"wenju {' '.join(words)} ended with {child.returncode}")
    seconds = time.monotonic() - began
    return Measurement(
        step, round(seconds, 2), round(usage.ru_utime + usage.ru_stime, 2), round(usage.ru_maxrss / 1024, 1)
    )


def _show(measurement: Measurement) -> None:
    sys.stdout.write(json.dumps(asdict(measurement)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
