from retrieval.errors import WenjuError

__all__ = ["TelegramConnectionError", "TelegramTokenError"]


class TelegramTokenError(WenjuError):
    """The bot's token is missing, is not one, or is not known to Telegram. The message never holds the token."""


class TelegramConnectionError(WenjuError):
    """Telegram cannot be reached when the bot starts."""
