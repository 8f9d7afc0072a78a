"""Console scripts in processes of their own that need not import anything: each is a fork of one that has."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import IO, Any

__all__ = ["Forks", "serve"]

_MAIN = "from tests.bot.cli.forking import serve; serve()"
# What the commands import before or while they work, but for torch, FastAPI and other parts that one of them needs.
_IMPORTED = (
    "bot.cli.main", "bot.state.conversations", "bot.state.state", "numpy.ma", "opencc", "rjieba", "sentencepiece",
    "retrieval.answering.answerer", "retrieval.archive", "retrieval.copying",
    "retrieval.engine", "retrieval.evaluation.answers", "retrieval.evaluation.retrieval", "retrieval.examining",
    "retrieval.opening", "retrieval.originals", "retrieval.readable", "retrieval.search.explaining",
    "retrieval.syncing", "retrieval.upkeep", "retrieval.viewing",
)  # fmt: skip
_SECONDS = 120


class Forks:
    """Starts console scripts by forking a process that has imported them, and has only one thread."""

    def __init__(self, folder: Path) -> None:
        """Start that process, which imports from ``folder``; it ends with ``close``."""
        self._socket, other = socket.socketpair()
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(folder), "LANG": "C.UTF-8"}
        environment |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "PYTHONDONTWRITEBYTECODE"), "1")
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _MAIN, str(other.fileno())], env=environment, pass_fds=[other.fileno()]
            )
        self._answers = self._socket.makefile("r", encoding="ascii")

    def run(
        self,
        module: str,
        words: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        streams: Sequence[IO[bytes]],
    ) -> int:
        """Run the ``main`` of a module to its end, and give the exit code; that of a signal is negative.

        :param streams: files for standard input, output and errors.
        """
        order = {"module": module, "words": list(words), "folder": str(folder), "environment": dict(environment)}
        socket.send_fds(self._socket, [b"."], [stream.fileno() for stream in streams])
        self._socket.sendall(json.dumps(order).encode("ascii") + b"\n")
        number = int(self._answers.readline())
        late = threading.Timer(_SECONDS, os.kill, (number, 9))
        late.start()
        try:
            return os.waitstatus_to_exitcode(int(self._answers.readline()))
        finally:
            late.cancel()

    def close(self) -> None:
        """End the process that is forked."""
        self._answers.close()
        self._socket.close()
        self._process.wait(60)


def serve() -> None:
    """Import what the commands need, then fork for each order; in the fork, run it and end as any Python does."""
    for name in _IMPORTED:
        import_module(name)
    with socket.socket(fileno=int(sys.argv[1])) as orders, orders.makefile("r", encoding="ascii") as lines:
        while True:
            _, descriptors, _, _ = socket.recv_fds(orders, 1, 3)
            if not descriptors:
                return
            order = json.loads(lines.readline())
            number = os.fork()
            if not number:
                break
            for descriptor in descriptors:
                os.close(descriptor)
            orders.sendall(b"%d\n" % number)
            orders.sendall(b"%d\n" % os.waitpid(number, 0)[1])
    _become(order, descriptors)
    import_module(order["module"]).main()


def _become(order: dict[str, Any], descriptors: Sequence[int]) -> None:
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.argv = ["-c", *order["words"]]
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
