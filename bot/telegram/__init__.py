"""The Telegram bot: :func:`run` is the whole of it, :func:`build_application` the part without a network."""

from bot.telegram.application import build_application
from bot.telegram.errors import TelegramConnectionError, TelegramTokenError
from bot.telegram.running import run

__all__ = ["TelegramConnectionError", "TelegramTokenError", "build_application", "run"]
