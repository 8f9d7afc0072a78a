import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

__all__ = ["Metrics"]


class Metrics:
    """What the bot counts for Prometheus, in a registry of its own; nothing in it tells who asked or what."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin at zero, with Telegram heard of now."""
        self._clock = clock
        self._heard = clock()
        self._registry = CollectorRegistry()
        self._updates = Counter(
            "wenju_telegram_updates", "Updates from Telegram, by what became of them", ["fate"], registry=self._registry
        )
        self._answers = Counter(
            "wenju_telegram_answers", "Questions, by how they were answered", ["status"], registry=self._registry
        )
        self._seconds = Histogram(
            "wenju_telegram_answer_seconds",
            "Time from a question's turn to its answer's being sent",
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
            registry=self._registry,
        )
        self._errors = Counter("wenju_telegram_errors", "Errors that a user was told of", registry=self._registry)
        self._waiting = Gauge("wenju_telegram_waiting", "Updates not answered yet", registry=self._registry)

    def update(self, fate: str, count: int = 1) -> None:
        """Count updates that were ``taken``, ``repeated``, ``ignored``, ``passing`` or ``broken``."""
        self._updates.labels(fate).inc(count)

    def answer(self, status: str) -> None:
        """Count a question by the status of its answer."""
        self._answers.labels(status).inc()

    def error(self) -> None:
        """Count an error."""
        self._errors.inc()

    def waiting(self, count: int) -> None:
        """Note how many updates are not answered yet."""
        self._waiting.set(count)

    @contextmanager
    def timing(self) -> Iterator[None]:
        """Measure a question's time."""
        with self._seconds.time():
            yield

    def heard(self) -> None:
        """Note that Telegram was heard of just now."""
        self._heard = self._clock()

    def silence(self) -> float:
        """Give the seconds since Telegram was last heard of."""
        return self._clock() - self._heard

    def value(self, name: str, **labels: str) -> float:
        """Give the present value of a sample by its name, 0.0 when there is none yet."""
        return self._registry.get_sample_value(name, labels) or 0.0

    def text(self) -> bytes:
        """Write all in Prometheus's text format."""
        return generate_latest(self._registry)
