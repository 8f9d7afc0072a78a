"""The web surface: a page to ask, a page that shows a source at the quote, a page of the whole archive."""

from bot.web.mounting import mount_web

__all__ = ["mount_web"]
