import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from tests.bot.telegram.methods import bad_request

__all__ = ["Hook"]

_PAUSE = 0.05  # Telegram's own pauses grow to minutes


class Hook:
    """A webhook: sends updates one after another, each again until it is taken."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        """Check what ``setWebhook`` was given.

        A server of one's own takes plain HTTP, so this one does on loopback.
        """
        self._url = parameters.get("url", "")
        self._secret = parameters.get("secret_token", "")
        if not self._url.startswith(("https://", "http://127.0.0.1:")):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch("[A-Za-z0-9_-]{0,256}", self._secret):
            raise bad_request("secret token contains unallowed characters")
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def send(self, update: dict[str, Any]) -> bool:
        """Send an update until it is taken; tell whether it was, before the webhook was given up."""
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": self._secret}
        while not self._stopped.is_set():
            request = urllib.request.Request(self._url, json.dumps(update).encode(), headers)
            try:
                with urllib.request.urlopen(request, timeout=60) as response:
                    if response.status == 200:
                        return True
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass  # as the real one, it tries again
            self._stopped.wait(_PAUSE)
        return False
