import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from bot.cli.archives import open_archive
from bot.cli.options import archive_option
from bot.cli.reporting import ExitCode, reporting
from bot.settings import Settings, checkout
from retrieval.errors import MissingExtraError, WenjuError

__all__ = ["train"]

HELP = """Adapt the encoder to an archive. Its own headlines, sentences and passages are
what it learns from; no labels are needed. A fifth of them is held out: a result
that does not find more of them, or forgets words over it, is not kept, and the
command ends with 1.

\b
Examples:
  wenju train --archive papers-archive
  wenju train --output my-encoder --epochs 2
"""


@click.command("train", help=HELP)
@archive_option
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder for the trained encoder; without it ARCHIVE-encoder.",
)
@click.option(
    "--epochs", metavar="N", type=click.FloatRange(0, 50, min_open=True), default=3.0, help="How often to read it all."
)
@reporting
def train(archive: Path | None, output: Path | None, epochs: float) -> ExitCode:
    """Run the training in a process of its own: it needs the checkout's commands, and torch."""
    root = checkout()
    if root is None or not (root / "training").is_dir():
        raise WenjuError("the training commands are not installed with the package: run wenju in its checkout")
    if any(find_spec(name) is None for name in ("sentence_transformers", "datasets", "accelerate")):
        raise MissingExtraError("training an encoder", "training")
    settings = Settings.load()
    with open_archive(settings, archive) as opened:  # what is wrong with it is told before torch is loaded
        path = Path(opened.info().path).absolute()
    folder = (output or path.with_name(f"{path.name}-encoder")).absolute()
    words = ["--archive", str(path), "--output", str(folder), "--epochs", str(epochs)]
    done = subprocess.run([sys.executable, "-m", "training.adapt", *words], cwd=root, check=False)
    return ExitCode.DONE if done.returncode == 0 else ExitCode.ERROR
