"""What the errors of Milvus and of its connection mean here."""

from collections.abc import Iterator
from contextlib import contextmanager

from retrieval.errors import BackendError, MissingExtraError

SCHEMES = ("http://", "https://", "tcp://", "unix:")
_EMBEDDED = ".db"
# What a server says of a collection that is not there.
_GONE = ("not found", "not exist", "can't find")
_MOST_SAID = 200


def is_embedded(uri: str) -> bool:
    """Tell whether an address is a path for the Milvus that is embedded in the process."""
    return uri.endswith(_EMBEDDED) and not uri.startswith(SCHEMES)


def shown(uri: str) -> str:
    """Give an address as it may be told: without a user's name and password."""
    scheme, mark, rest = uri.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}" if mark else uri


@contextmanager
def told(uri: str) -> Iterator[None]:
    """Turn errors of Milvus in the block into this project's.

    :raises BackendError: in their place.
    :raises MissingExtraError: if the client is not installed.
    """
    try:
        from grpc import RpcError
        from pymilvus.exceptions import MilvusException
    except ImportError as error:
        raise MissingExtraError("the backend 'milvus'", "milvus") from error
    try:
        yield
    except (MilvusException, RpcError) as error:
        raise _meaning(error, uri, shown(uri)) from error


def _meaning(error: Exception, uri: str, name: str) -> BackendError:
    from pymilvus.exceptions import ConnectionConfigException

    finding = " ".join(str(getattr(error, "message", "") or error).split())[:_MOST_SAID]
    if "collection" in finding.lower() and any(gone in finding.lower() for gone in _GONE):
        return BackendError(
            f"Milvus at {name} lacks what this archive is searched by ({finding}). Name the server that the archive "
            "was synced with in WENJU_MILVUS_URI, or make its indexes anew with: wenju doctor --repair"
        )
    if is_embedded(uri) and isinstance(error, ConnectionConfigException):
        return BackendError(
            f"The embedded Milvus at {name} cannot be opened ({finding}): it serves one process at a time. "
            "End the other one, or run a Milvus server and name it in WENJU_MILVUS_URI"
        )
    return BackendError(
        f"Milvus at {name} does not answer as it should ({finding}). Start it, or name another in "
        "WENJU_MILVUS_URI, as http://HOST:19530"
    )
