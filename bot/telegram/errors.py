from retrieval.errors import WenjuError

__all__ = ["ListenError", "TelegramConnectionError", "TelegramTokenError", "WebhookError"]


class TelegramTokenError(WenjuError):
    """The bot's token is missing, is not one, or is not known to Telegram. The message never holds the token."""


class TelegramConnectionError(WenjuError):
    """Telegram cannot be reached when the bot starts."""


class ListenError(WenjuError):
    """The bot cannot listen on the address of its webhook or of its status."""


class WebhookError(WenjuError):
    """Telegram does not take the webhook's address or secret."""
