import time
from collections import OrderedDict
from collections.abc import Callable

__all__ = ["RateLimit"]

_MAX_CALLERS = 20_000


class RateLimit:
    """Token buckets: as many requests a minute as laid down, and at most so many at once, for each caller.

    It counts for this process only. Of more callers than fit, those that have been quiet longest are forgotten.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow each caller ``per_minute`` requests; 0 for any number."""
        self._most = float(per_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str, cost: float = 1.0) -> float:
        """Count a request; 0 if it may pass, else the seconds until it may.

        :param cost: 0 asks without counting.
        """
        if not self._most:
            return 0.0
        now = self._clock()
        tokens, counted = self._buckets.pop(caller, (self._most, now))
        tokens = min(self._most, tokens + (now - counted) * self._most / 60)
        passes = tokens >= 1
        self._buckets[caller] = (tokens - cost if passes else tokens, now)
        if len(self._buckets) > _MAX_CALLERS:
            self._buckets.popitem(last=False)
        return 0.0 if passes else (1 - tokens) * 60 / self._most

    @property
    def per_minute(self) -> int:
        """Give the limit."""
        return int(self._most)
