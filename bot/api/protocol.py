import asyncio
import sys
from heapq import nsmallest
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

__all__ = ["HEAD_SECONDS", "MAX_CONNECTIONS", "PatientProtocol", "raise_file_limit"]

HEAD_SECONDS = 15.0
"""The time that the head of a request may take, and a connection may wait for its first one."""
MAX_CONNECTIONS = 2000
"""Of more connections, those that have waited longest without a request are closed."""
_SHARE_CLOSED = 40


class PatientProtocol(H11Protocol):
    """uvicorn's protocol with an end to its patience: a connection that sends no whole request does not stay.

    uvicorn itself limits the time between requests and the size of a head, but not the time that a head takes.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """Make the protocol of one connection."""
        super().__init__(config, server_state, app_state, _loop)
        self._deadline: asyncio.TimerHandle | None = None
        self._since = self.loop.time()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            waiting = [each for each in self.connections if isinstance(each, PatientProtocol) and each.is_waiting]
            # Several at once, so that a flood of connections does not have all the others looked at for each.
            for longest in nsmallest(max(1, MAX_CONNECTIONS // _SHARE_CLOSED), waiting, key=lambda each: each._since):
                longest.transport.abort()
                # The loop tells it of its end only after all the connections that have come meanwhile.
                self.connections.discard(longest)
        self._arm()

    def data_received(self, data: bytes) -> None:
        """Read on; while that does not complete a request's head, the time that began with it goes on."""
        super().data_received(data)
        if self.is_waiting:
            if self._deadline is None:
                self._arm()
        else:
            self._disarm()

    def on_response_complete(self) -> None:
        """Wait for the next request; a body that is still on its way has its time."""
        self._since = self.loop.time()
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY and not self.transport.is_closing():
            self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._disarm()
        super().connection_lost(exc)

    @property
    def is_waiting(self) -> bool:
        """Tell whether no request is being answered or received."""
        return self.cycle is None or (self.cycle.response_complete and self.conn.their_state is not h11.SEND_BODY)

    def _arm(self) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abort()


def raise_file_limit(wanted: int = MAX_CONNECTIONS + 512) -> None:
    """Let this process open as many files as its connections need, as far as the system permits."""
    if sys.platform == "win32":  # which has no such limit
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
