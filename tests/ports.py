import os
import socket
from itertools import count

__all__ = ["free_port"]

# Below those that systems give to outgoing connections, of which some tests open thousands.
_PORTS = range(20_000, 32_000)
_NUMBERS = count(os.getpid() * 97)


def free_port() -> int:
    """Find a port of this machine for a server in a process of its own, which has to be named before it starts."""
    while True:
        port = _PORTS[next(_NUMBERS) % len(_PORTS)]
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
