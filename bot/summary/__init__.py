"""An optional short summary above the quotes, by a language model, each sentence checked against them."""

from bot.summary.summariser import summarise, summariser

__all__ = ["summarise", "summariser"]
