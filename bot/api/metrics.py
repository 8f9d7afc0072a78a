"""The counts that Prometheus reads."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from retrieval.types import Answer, ArchiveInfo

__all__ = ["Metrics"]

_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS"})
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counts of one application; of several processes where they share a folder for them."""

    def __init__(self, folder: str | None = None) -> None:
        """Begin to count.

        :param folder: where the processes of one server keep their counts; ``PROMETHEUS_MULTIPROC_DIR`` must name it
            since before the process began. None for one process.
        """
        self._folder = folder
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "wenju_requests", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "wenju_request_seconds",
            "Time from a request's head to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._answers = Counter("wenju_answers", "Questions answered.", ("status",), registry=self._registry)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        # A client may make up methods without end.
        self._requests.labels(route, method if method in _METHODS else "other", str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def count_answer(self, answer: Answer) -> None:
        """Count an answer."""
        self._answers.labels(answer.reply.value if answer.reply is not None else answer.status.value).inc()

    def render(self, archive: ArchiveInfo | None) -> bytes:
        """Give all counts in Prometheus's text format.

        :param archive: what the archive holds now; None while it cannot be used.
        """
        registry = self._registry
        if self._folder is not None:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, path=self._folder)  # type: ignore[no-untyped-call]
        return generate_latest(registry) + generate_latest(_contents(archive))


class _Contents:
    """The archive's numbers, as they are when they are asked for."""

    def __init__(self, archive: ArchiveInfo | None) -> None:
        self._archive = archive

    def collect(self) -> list[GaugeMetricFamily]:
        yes = GaugeMetricFamily(
            "wenju_archive_ready", "Whether the archive can be used.", int(self._archive is not None)
        )
        if self._archive is None:
            return [yes]
        return [
            yes,
            GaugeMetricFamily("wenju_archive_documents", "Documents in the archive.", self._archive.documents),
            GaugeMetricFamily("wenju_archive_passages", "Passages in the archive.", self._archive.passages),
            GaugeMetricFamily("wenju_archive_generation", "Changes of the archive so far.", self._archive.generation),
        ]


def _contents(archive: ArchiveInfo | None) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Contents(archive))
    return registry
