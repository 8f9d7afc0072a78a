from dataclasses import dataclass

from starlette.types import Scope

from bot.state import Key
from bot.state import Scope as KeyScope

__all__ = ["Caller", "address_of", "caller_of"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request, and what it may do. ``key`` is None where no key was sent or none is needed."""

    address: str
    scopes: frozenset[KeyScope]
    key: Key | None = None

    @property
    def owner(self) -> str:
        """Give the name under which what this caller makes is kept from others with keys of their own."""
        return f"key:{self.key.id}" if self.key is not None else "rest"

    def allows(self, scope: KeyScope) -> bool:
        """Tell whether the caller may do what ``scope`` is for."""
        return scope in self.scopes or KeyScope.ADMIN in self.scopes


def caller_of(scope: Scope) -> Caller:
    """Give the caller as ``Access`` found it; for an address that everyone may use, one that may do nothing else."""
    caller: Caller | None = scope["state"].get("caller")
    return caller if caller is not None else Caller(address_of(scope), frozenset())


def address_of(scope: Scope) -> str:
    """Give the network address that a request came from; empty when it is not known."""
    client = scope.get("client")
    return str(client[0]) if client else ""
