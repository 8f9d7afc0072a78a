"""Everything the surfaces say in their own words, by language."""

from bot.wording.messages import LANGUAGES, Messages, messages

__all__ = ["LANGUAGES", "Messages", "messages"]
