"""Milvus as this project speaks to it: one connection, and its errors in this project's words."""

import logging
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from retrieval.errors import BackendError
from retrieval.index._milvus_errors import SCHEMES, is_embedded, shown, told

__all__ = ["FieldKind", "MilvusField", "MilvusServer"]

_CONNECT_SECONDS = 5.0
_CALL_SECONDS = 60.0
# The servers of one process over files, by file: whoever closes the last connection ends the server.
_embedded_users: Counter[str] = Counter()
_embedded_lock = threading.Lock()


class FieldKind(Enum):
    """What a field of a collection holds."""

    NUMBER = "number"
    DENSE = "dense"
    SPARSE = "sparse"


@dataclass(frozen=True, slots=True)
class MilvusField:
    """A field of a collection: ``dimension`` is a dense vector's, ``indexed`` tells of a number that is filtered by."""

    name: str
    kind: FieldKind
    dimension: int = 0
    indexed: bool = False


class MilvusServer:
    """A connection to a Milvus server, or to files through the Milvus that is embedded in this process.

    It is made when first needed, and any thread may use it. Every method can raise ``BackendError``.
    """

    def __init__(self, uri: str, token: str | None = None) -> None:
        """Take note of where the server is; nothing is opened yet.

        :param uri: ``http://HOST:19530``, or the path of a folder that ends with ``.db`` for the embedded one.
        :raises BackendError: if it is neither.
        """
        if not is_embedded(uri) and not uri.startswith(SCHEMES):
            raise BackendError(
                f"{shown(uri)!r} is no address of a Milvus server. Give one as http://HOST:19530, or a path that ends "
                "with .db for the Milvus embedded in this process"
            )
        self.uri = uri
        self._token = token
        self._opening = threading.Lock()
        self._opened: Any = None
        self._loaded: set[str] = set()

    @property
    def name(self) -> str:
        """Its address without a user's name and password."""
        return shown(self.uri)

    @property
    def is_embedded(self) -> bool:
        """Whether it runs in this process."""
        return is_embedded(self.uri)

    def close(self) -> None:
        """Let go of the connection; the next call makes another."""
        with self._opening:
            client, self._opened, self._loaded = self._opened, None, set()
        if client is None:
            return
        client.close()
        if self.is_embedded:
            self._leave()

    def create(self, name: str, fields: Sequence[MilvusField]) -> None:
        """Make a collection whose rows are seen by everybody once they are acknowledged."""
        with told(self.uri):
            from pymilvus import DataType

            client = self._client()
            schema = client.create_schema(auto_id=True, enable_dynamic_field=False)
            # Drawn by the server: rows that a killed update left never meet those of the next one.
            schema.add_field("key", DataType.INT64, is_primary=True, auto_id=True)
            indexes = client.prepare_index_params()
            for field in fields:
                if field.kind is FieldKind.DENSE:
                    schema.add_field(field.name, DataType.FLOAT_VECTOR, dim=field.dimension)
                    indexes.add_index(field.name, index_type="AUTOINDEX", metric_type="IP")
                elif field.kind is FieldKind.SPARSE:
                    schema.add_field(field.name, DataType.SPARSE_FLOAT_VECTOR)
                    indexes.add_index(field.name, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
                else:
                    schema.add_field(field.name, DataType.INT64)
                    if field.indexed:
                        indexes.add_index(field.name, index_type="INVERTED")
            client.create_collection(
                name, schema=schema, index_params=indexes, consistency_level="Strong", timeout=_CALL_SECONDS
            )

    def drop(self, name: str) -> None:
        """Remove a collection; nothing happens if it is not there."""
        with told(self.uri):
            client = self._client()
            if client.has_collection(name, timeout=_CALL_SECONDS):
                client.drop_collection(name, timeout=_CALL_SECONDS)
            self._loaded.discard(name)

    def has(self, name: str) -> bool:
        """Tell whether a collection is there."""
        with told(self.uri):
            return bool(self._client().has_collection(name, timeout=_CALL_SECONDS))

    def insert(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Put rows into a collection."""
        with told(self.uri):
            done = self._client().insert(name, [dict(row) for row in rows], timeout=_CALL_SECONDS)
        if done["insert_count"] != len(rows):
            raise BackendError(
                f"Milvus at {self.name} took {done['insert_count']} of {len(rows)} rows. Look at its log, and sync "
                "again"
            )

    def settle(self, name: str) -> None:
        """Let a collection put what was inserted where it is searched fastest, if it does not do so by itself.

        The embedded one searches what it has not written yet a hundred times slower; a server does not, and allows this
        but every ten seconds.
        """
        if not self.is_embedded:
            return
        with told(self.uri):
            self._client().flush(name, timeout=_CALL_SECONDS)

    def delete(self, name: str, condition: str) -> None:
        """Remove the rows that fulfil a condition, and let their place be taken."""
        with told(self.uri):
            client = self._ready(name)
            client.delete(name, filter=condition, timeout=_CALL_SECONDS)
            client.compact(name, timeout=_CALL_SECONDS)

    def count(self, name: str) -> int:
        """Count the rows of a collection."""
        with told(self.uri):
            rows = self._ready(name).query(name, filter="", output_fields=["count(*)"], timeout=_CALL_SECONDS)
            return int(rows[0]["count(*)"])

    def rows(self, name: str, condition: str, fields: Sequence[str], most: int | None = None) -> list[dict[str, Any]]:
        """Give fields of the rows that fulfil a condition, of all or of ``most`` of them."""
        limited = {} if most is None else {"limit": most}
        with told(self.uri):
            found = self._ready(name).query(
                name, filter=condition, output_fields=list(fields), timeout=_CALL_SECONDS, **limited
            )
            return [dict(row) for row in found]

    def nearest(
        self, name: str, field: str, vector: Any, most: int, condition: str, number: str
    ) -> list[tuple[int, float]]:
        """Find the rows of the highest inner products that fulfil a condition, best first.

        :param number: the field that is given of each, before the product.
        """
        with told(self.uri):
            found = self._ready(name).search(
                name,
                [vector],
                anns_field=field,
                limit=most,
                filter=condition,
                output_fields=[number],
                search_params={"metric_type": "IP"},
                timeout=_CALL_SECONDS,
            )
            return [(int(hit["entity"][number]), float(hit["distance"])) for hit in found[0]]

    def _client(self) -> Any:
        with self._opening:
            if self._opened is None:
                self._opened = self._connect()
            return self._opened

    def _ready(self, name: str) -> Any:
        """Give the client when a collection can be searched: an embedded one, just opened, does not by itself."""
        client = self._client()
        if name not in self._loaded:
            client.load_collection(name, timeout=_CALL_SECONDS)
            self._loaded.add(name)
        return client

    def _connect(self) -> Any:
        from pymilvus import MilvusClient

        # What it logs as an error is raised as one too.
        for name in ("grpc", "pymilvus", "milvus_lite"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        if not self.is_embedded:
            return MilvusClient(uri=self.uri, token=self._token or "", timeout=_CONNECT_SECONDS)
        try:
            Path(self.uri).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BackendError(
                f"The embedded Milvus cannot be kept at {self.uri}: {error.strerror}. Check who owns the folder"
            ) from error
        with _embedded_lock:
            client = MilvusClient(uri=self.uri)
            _embedded_users[self.uri] += 1
        return client

    def _leave(self) -> None:
        from milvus_lite.server_manager import server_manager_instance

        with _embedded_lock:
            _embedded_users[self.uri] -= 1
            if not _embedded_users[self.uri]:
                del _embedded_users[self.uri]
                server_manager_instance.release_server(self.uri)
