import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from bot.cli.terminal import note, one_line

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["ProgressLine"]

_SECONDS_BETWEEN_LINES = 5.0


class ProgressLine:
    """Shows long work on standard error: a bar on a terminal, elsewhere a plain line now and then.

    Give it as a ``ProgressCallback`` inside a ``with``; the bar is gone when the work is done.
    """

    def __init__(self, wish: bool | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the user's wish about colour: whoever wants none gets no bar."""
        self._bar: Progress | None = _bar() if sys.stderr.isatty() and wish is not False else None
        self._task: TaskID | None = None
        self._clock = clock
        self._last_line = self._began = clock()

    def __enter__(self) -> "ProgressLine":
        """Begin to show."""
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave a clean line behind, after an error too."""
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int, label: str) -> None:
        """Show that ``done`` of ``total`` steps are behind, the last one being ``label``."""
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task("", total=total)
            self._bar.update(self._task, completed=done, total=total, description=one_line(label)[:40])
            return
        now = self._clock()
        if now - self._last_line >= _SECONDS_BETWEEN_LINES:
            self._last_line = now
            left = (now - self._began) * (total - done) / done if done else None
            note(f"{done}/{total} {label}" + (f" ({_remaining(left)})" if left is not None and done < total else ""))


def _remaining(seconds: float) -> str:
    """Write the time that is left as a bar does: ``-0:04:10``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"-{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )
