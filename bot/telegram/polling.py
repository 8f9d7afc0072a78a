import asyncio
import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.telegram.intake import Intake
from bot.telegram.metrics import Metrics
from retrieval.errors import WenjuError

__all__ = ["poll"]

_LOGGER = logging.getLogger(__name__)
_WAIT_SECONDS = 25  # that Telegram holds a request open for
_SLACK_SECONDS = 10.0
_LONGEST_PAUSE = 30.0
_FULL_PAUSE = 0.2


async def poll(bot: Bot, intake: Intake, metrics: Metrics, allowed: Sequence[str]) -> None:
    """Fetch updates until cancelled. The next request, which makes Telegram forget them, comes once they are kept.

    :raises telegram.error.InvalidToken: if Telegram does not know the token any more.
    """
    offset, pause = 0, 1.0
    async with HTTPXRequest(1, read_timeout=_WAIT_SECONDS + _SLACK_SECONDS) as request:
        while True:
            if intake.is_full:
                await asyncio.sleep(_FULL_PAUSE)
                continue
            try:
                updates = await _fetch(request, bot, offset, allowed)
                metrics.heard()
                await intake.take(updates)
            except InvalidToken:
                raise
            except (TelegramError, WenjuError) as error:
                seconds, pause = _told(error, pause, bot.token), min(2 * pause, _LONGEST_PAUSE)
                await asyncio.sleep(seconds)
            else:
                pause = 1.0
                if updates:
                    offset = max(update["update_id"] for update in updates) + 1


async def _fetch(request: HTTPXRequest, bot: Bot, offset: int, allowed: Sequence[str]) -> list[dict[str, Any]]:
    # Not Bot.get_updates: it raises for a whole batch when one update in it has a shape that it does not know.
    parameters = {"offset": offset, "timeout": _WAIT_SECONDS, "allowed_updates": _json_list(allowed)}
    updates: list[dict[str, Any]] = await request.post(f"{bot.base_url}/getUpdates?{urlencode(parameters)}")  # type: ignore[assignment]
    return updates


def _json_list(words: Sequence[str]) -> str:
    return "[" + ",".join(f'"{word}"' for word in words) + "]"


def _told(error: TelegramError | WenjuError, pause: float, token: str) -> float:
    """Log why updates could not be fetched or kept, and give the seconds to wait."""
    if isinstance(error, Conflict):
        _LOGGER.error(
            "Another program fetches updates with this bot's token, so questions are lost between the two. "
            "Stop the other one, or give each its own token."
        )
    else:
        reason = str(error).replace(token, "[token]")
        _LOGGER.warning("Fetching updates failed and will be tried again: %s", reason)
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return float(wait if isinstance(wait, int) else wait.total_seconds())
    return pause
