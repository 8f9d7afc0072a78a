import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from telegram.ext import AIORateLimiter

__all__ = ["Pacing"]

_FLOOD_RETRIES = 5
_SECONDS_EACH = 1.0
_AT_ONCE = 5  # Telegram lets a short burst through
_CHATS = 1000  # remembered before those that have rested are forgotten
_SIGN = "sendChatAction"

_Result: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]


class Pacing(AIORateLimiter):
    """Keeps to what Telegram takes without a flood wait, and waits when it asks for one.

    30 requests a second in all and 20 messages a minute to a group are the library's; to these come one message a
    second to one chat after the first five, and that a typing sign is no message to a group.
    """

    def __init__(self) -> None:
        """Begin with all chats at rest."""
        super().__init__(max_retries=_FLOOD_RETRIES)
        self._rested: dict[int | str, float] = {}

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, _Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> _Result:
        """Make a request when it is its turn. ``data`` is what it sends, of which only the chat is looked at."""
        chat = data.get("chat_id")
        if endpoint == _SIGN:
            data = {"chat_id": 0}  # of no group, so that it counts among the 30 only
        elif chat is not None and endpoint.startswith(("send", "edit")):
            await asyncio.sleep(self._wait(chat))
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)

    def _wait(self, chat: int | str) -> float:
        """Count a message to the chat and give the seconds until it may go out."""
        now = asyncio.get_running_loop().time()
        if len(self._rested) >= _CHATS:
            self._rested = {each: rested for each, rested in self._rested.items() if rested > now}
        rested = max(self._rested.get(chat, now), now) + _SECONDS_EACH
        self._rested[chat] = rested
        return max(0.0, rested - _AT_ONCE * _SECONDS_EACH - now)
