import os
import sys
from collections.abc import Callable
from enum import IntEnum
from functools import wraps
from typing import ParamSpec

from bot.cli.terminal import note, prepare_streams
from retrieval.errors import WenjuError

__all__ = ["ExitCode", "reporting"]

P = ParamSpec("P")


class ExitCode(IntEnum):
    """What the commands end with. Wrong usage is 2, as everywhere."""

    DONE = 0
    ANSWERED = 0
    ERROR = 1
    NOT_FOUND = 3
    INTERRUPTED = 130  # 128 + SIGINT
    BROKEN_PIPE = 141  # 128 + SIGPIPE: the reader of the output left, as ``head`` does


def reporting(command: Callable[P, ExitCode]) -> Callable[P, None]:
    """Make a command end with its exit code, and with one line instead of a trace where an error was foreseen."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        prepare_streams()
        try:
            code = command(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:
            # The interpreter flushes once more at its end; that must not fail again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = ExitCode.BROKEN_PIPE
        except KeyboardInterrupt:
            note("interrupted; nothing that was finished is lost")
            code = ExitCode.INTERRUPTED
        except (WenjuError, OSError) as error:
            note(f"error: {error}")
            code = ExitCode.ERROR
        raise SystemExit(code)

    return run
