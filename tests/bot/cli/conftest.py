"""The console scripts in processes of their own, as a shell starts them."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from tests.bot.cli.forking import Forks

ROOT = Path(__file__).resolve().parents[3]
_MODULES = {"ask": "bot.cli.ask", "wenju": "bot.cli.main"}


@dataclass(frozen=True, slots=True)
class Finished:
    """What a process left behind; its output must have been UTF-8."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Starts console scripts from a project folder with nothing but the given variables set.

    ``run`` forks what has imported this project's folder, if it may; ``command`` is for tests of how a process starts.
    """

    folder: Path
    home: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    forks: Forks | None = None

    def command(self, script: str, *words: str) -> list[str]:
        return [sys.executable, "-c", f"from {_MODULES[script]} import main; main()", *words]

    def environ(self, **variables: str) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "TMPDIR", "WENJU_CACHE")
        }
        fixed = {"HOME": str(self.home), "PYTHONPATH": str(self.folder), "LANG": "C.UTF-8"}
        return {**kept, **fixed, **self.variables, **variables}

    @staticmethod
    def heed_interrupts() -> None:
        """Undo, in a child before it starts, that shells let their background jobs ignore Ctrl-C."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    def run(self, script: str, *words: str, given: bytes = b"", **variables: str) -> Finished:
        # What Python reads of its environment it reads as it starts.
        if self.forks is None or any(name.startswith(("LC_", "PYTHON")) for name in variables):
            done = subprocess.run(
                self.command(script, *words),
                input=given,
                capture_output=True,
                cwd=self.home,
                env=self.environ(**variables),
                timeout=120,
                check=False,
            )
            return Finished(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
        with TemporaryFile() as source, TemporaryFile() as out, TemporaryFile() as err:
            source.write(given)
            source.seek(0)
            code = self.forks.run(_MODULES[script], words, self.home, self.environ(**variables), (source, out, err))
            out.seek(0)
            err.seek(0)
            return Finished(code, out.read().decode("utf-8"), err.read().decode("utf-8"))


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks | None]:
    """Give what starts a command without importing it anew, a second each; None where forks are not safe."""
    if sys.platform != "linux":
        yield None
        return
    started = Forks(ROOT)
    yield started
    started.close()


@pytest.fixture
def shell(seeds_archive_path: Path, tmp_path: Path, forks: Forks | None) -> Shell:
    """Give a shell whose archive is the seeds'."""
    return Shell(ROOT, tmp_path, {"WENJU_ARCHIVE": str(seeds_archive_path)}, forks)


@pytest.fixture
def fresh_shell(tmp_path: Path) -> Shell:
    """Give a shell in a fresh checkout, where nothing was ever built; with two of the seeds, to build quickly."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("bot", "retrieval", "seeds"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "00[0-2]_*.txt"))
    return Shell(folder, tmp_path)
