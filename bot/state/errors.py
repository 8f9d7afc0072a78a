from retrieval.errors import WenjuError

__all__ = [
    "StateError",
    "StateFormatError",
    "StateInUseError",
    "UnknownConversationError",
    "UnknownJobError",
    "UnknownKeyError",
]


class StateError(WenjuError):
    """The database of conversations, keys and jobs cannot be opened, read or written."""


class StateFormatError(StateError):
    """The database was written by a newer version of this project."""


class StateInUseError(StateError):
    """Another process does with the database what only one may do at a time."""


class UnknownConversationError(WenjuError):
    """No conversation has the given id: there never was one, it has expired, or it belongs to another key."""


class UnknownKeyError(WenjuError):
    """No API key has the given id."""


class UnknownJobError(WenjuError):
    """No job has the given id."""
