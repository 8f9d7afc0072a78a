from dataclasses import dataclass

from bot.telegram.hosting import Request, Response
from bot.telegram.metrics import Metrics

__all__ = ["Status"]

_LONGEST_SILENCE = 180.0  # seconds; a request for updates ends after 25, and in between the bot calls once a minute


@dataclass(frozen=True, slots=True)
class Status:
    """Tells whether the bot is in touch with Telegram (``/healthz``) and what it has counted (``/metrics``)."""

    metrics: Metrics

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        if request.method not in ("GET", "HEAD"):
            return Response(405)
        if request.path == "/metrics":
            return Response(200, self.metrics.text(), "text/plain; version=0.0.4; charset=utf-8")
        if request.path != "/healthz":
            return Response(404)
        silence = self.metrics.silence()
        well = silence <= _LONGEST_SILENCE
        return Response.json(
            200 if well else 503, {"status": "ok" if well else "silent", "heard_seconds_ago": round(silence, 1)}
        )
