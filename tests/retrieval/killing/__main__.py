"""Kills a number of processes of each kind, or of some kinds, and tells what was left of their archives."""

import argparse
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from retrieval.errors import WenjuError
from tests.postgresql import postgresql_server
from tests.retrieval.killing.kinds import KINDS, kill_once

# A process that has ended before its moment was not killed, and another one is tried.
_MOST_TRIES = 3


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.retrieval.killing", description=__doc__)
    parser.add_argument("kills", type=int)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--seed", type=int, default=0, help="the first of the numbers that give the moments")
    options = parser.parse_args()
    kinds = options.kinds or list(KINDS)
    killed: Counter[str] = Counter()
    found: Counter[str] = Counter()
    cache = Path(tempfile.mkdtemp())
    with postgresql_server() if "postgresql" in kinds else nullcontext("") as server:
        for seed in range(options.seed, options.seed + options.kills * _MOST_TRIES):
            for kind in kinds:
                if killed[kind] == options.kills:
                    continue
                folder = Path(tempfile.mkdtemp())
                try:
                    outcome = kill_once(kind, seed, folder, cache, f"{server}postgres?schema=t{seed}")
                except (AssertionError, WenjuError):
                    killed[kind] += 1
                    found[kind] += 1
                    _say(f"{kind} {seed}: NOT SOUND, see {folder}\n{traceback.format_exc()}")
                    continue
                killed[kind] += outcome.killed
                _say(f"{kind} {seed}: {'killed' if outcome.killed else 'ended'} after {outcome.reported} parts, sound")
                shutil.rmtree(folder)
    shutil.rmtree(cache)
    for kind in kinds:
        _say(f"{kind}: {killed[kind]} killed, {found[kind]} not sound")
    return 1 if found else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(_main())
