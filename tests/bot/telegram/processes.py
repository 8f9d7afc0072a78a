import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.bot.telegram.server import TOKEN, BotApiServer

__all__ = ["bot_process"]

_MAIN = "from bot.cli.main import main; main()"


@contextmanager
def bot_process(
    server: BotApiServer, archive: Path, state: Path, errors: IO[bytes] | None = None, **variables: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run ``wenju telegram`` as an operator would, in a process that may be killed; it ends with the block.

    :param errors: takes what the process writes to its standard error; None for our own.
    """
    environ = {
        **os.environ,
        "WENJU_ARCHIVE": str(archive),
        "WENJU_STATE_URL": f"sqlite:///{state}",
        "WENJU_TELEGRAM_TOKEN": TOKEN,
        "WENJU_TELEGRAM_BASE_URL": server.base_url,
        "WENJU_TELEGRAM_QUESTIONS_PER_MINUTE": "600",
        **variables,
    }
    with subprocess.Popen([sys.executable, "-c", _MAIN, "telegram"], env=environ, stderr=errors) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(60)
