import time
from collections import OrderedDict, deque
from collections.abc import Callable
from enum import Enum

__all__ = ["Limits", "Verdict"]

_SECONDS = 60.0
_READERS = 10_000  # remembered at the same time; whoever asked longest ago makes room


class Verdict(Enum):
    """Whether a question is let through; a refusal is told once, and then kept to oneself until there is room."""

    ALLOWED = "allowed"
    TELL = "tell"
    SILENT = "silent"


class Limits:
    """Counts each reader's questions of the last minute."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Let ``per_minute`` questions of each reader through."""
        self._per_minute = per_minute
        self._clock = clock
        self._asked: OrderedDict[int, deque[float]] = OrderedDict()
        self._told: set[int] = set()

    def judge(self, reader: int) -> Verdict:
        """Count a question of ``reader`` and say what becomes of it."""
        now = self._clock()
        asked = self._asked.setdefault(reader, deque())
        self._asked.move_to_end(reader)
        while len(self._asked) > _READERS:
            self._told.discard(self._asked.popitem(last=False)[0])
        while asked and asked[0] <= now - _SECONDS:
            asked.popleft()
        if len(asked) < self._per_minute:
            asked.append(now)
            self._told.discard(reader)
            return Verdict.ALLOWED
        if reader in self._told:
            return Verdict.SILENT
        self._told.add(reader)
        return Verdict.TELL

    def seconds_left(self, reader: int) -> int:
        """Tell in how many seconds the reader may ask again, rounded up; 0 for at once."""
        asked = self._asked.get(reader)
        if not asked or len(asked) < self._per_minute:
            return 0
        return max(1, int(asked[0] + _SECONDS - self._clock()) + 1)
