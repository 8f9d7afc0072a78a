"""The console scripts in processes of their own, as a shell starts them."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Finished:
    """What a process left behind; its output must have been UTF-8."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Starts console scripts from a project folder with nothing but the given variables set."""

    folder: Path
    home: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def command(self, script: str, *words: str) -> list[str]:
        module = {"ask": "bot.cli.ask", "wenju": "bot.cli.main"}[script]
        return [sys.executable, "-c", f"from {module} import main; main()", *words]

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


@pytest.fixture
def shell(seeds_archive_path: Path, tmp_path: Path) -> Shell:
    """Give a shell whose archive is the seeds'."""
    return Shell(ROOT, tmp_path, {"WENJU_ARCHIVE": str(seeds_archive_path)})


@pytest.fixture
def fresh_shell(tmp_path: Path) -> Shell:
    """Give a shell in a fresh checkout, where nothing was ever built; with two of the seeds, to build quickly."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("bot", "retrieval", "seeds"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "00[0-2]_*.txt"))
    return Shell(folder, tmp_path)
