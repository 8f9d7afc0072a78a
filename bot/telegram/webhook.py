import hmac
import json
import logging
from urllib.parse import urlsplit

from bot.telegram.hosting import Request, Response
from bot.telegram.intake import Intake
from bot.telegram.metrics import Metrics
from retrieval.errors import WenjuError

__all__ = ["SECRET_HEADER", "Webhook"]

SECRET_HEADER = "x-telegram-bot-api-secret-token"
_LOGGER = logging.getLogger(__name__)


class Webhook:
    """Takes the updates that Telegram sends. A refusal makes Telegram keep the update and send it again."""

    def __init__(self, intake: Intake, metrics: Metrics, url: str, secret: str) -> None:
        """Take updates for the path of ``url`` from whoever knows ``secret``."""
        self._intake = intake
        self._metrics = metrics
        self._path = urlsplit(url).path or "/"
        self._secret = secret.encode()

    async def __call__(self, request: Request) -> Response:
        """Answer one request; 200 says that the update is written down."""
        if request.path != self._path:
            return Response(404)
        if request.method != "POST":
            return Response(405)
        # Compared in a time that does not depend on how much of it is right.
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode("latin-1"), self._secret):
            _LOGGER.warning("A request to the webhook did not have Telegram's secret.")
            return Response(403)
        try:
            payload = json.loads(request.body)
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
            return Response(400)
        if not isinstance(payload, dict) or not isinstance(payload.get("update_id"), int):
            return Response(400)
        if self._intake.is_full:
            return Response(503)
        self._metrics.heard()
        try:
            await self._intake.take([payload])
        except WenjuError as error:
            _LOGGER.error("An update could not be written down, Telegram sends it again: %s", error)
            return Response(503)
        return Response(200)
