"""Everything the surfaces say in their own words, by language."""

from bot.wording.messages import LANGUAGE_NAMES, LANGUAGES, Messages, messages

__all__ = ["LANGUAGES", "LANGUAGE_NAMES", "Messages", "messages"]
