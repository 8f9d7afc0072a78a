"""The REST surface: the archive over HTTP, with every failure told as RFC 9457 problem details."""

from bot.api.app import create_app
from bot.api.server import AddressError, serve

__all__ = ["AddressError", "create_app", "serve"]
