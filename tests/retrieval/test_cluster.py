"""Documents in PostgreSQL, passages in Milvus, and two machines that have nothing else in common."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import grpc
import pytest

from retrieval import Archive, BackendChoice
from retrieval.errors import ArchiveMissingError
from retrieval.index.milvus import MilvusServer
from retrieval.index.postgresql_store import PostgresqlHome
from retrieval.types import LOCAL, MILVUS
from tests.retrieval.samples import COURT, LIBRARY, RIVER, write_files

QUESTION = "炎陵县的调解成功率是多少？"


@pytest.fixture
def milvus(tmp_path: Path) -> Iterator[str]:
    """Start a Milvus server on a loopback port: the embedded one's, which knows that too."""
    parts = pytest.importorskip("milvus_lite.adapter.grpc.server")
    database = parts.MilvusLite(str(tmp_path / "milvus"))
    # A client that was idle for minutes, as on a busy machine, may ask whether the server is there.
    server = grpc.server(ThreadPoolExecutor(10), options=[("grpc.http2.max_ping_strikes", 0)])
    parts.milvus_pb2_grpc.add_MilvusServiceServicer_to_server(parts.MilvusServicer(database), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop(grace=2).wait()
    database.close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})


def found(archive: Archive, question: str) -> list[str]:
    return [hit.source for hit in archive.search(question, 9)]


def collections(uri: str) -> int:
    """Count what Milvus has, two collections for each index of an archive."""
    from pymilvus import MilvusClient

    client = MilvusClient(uri)
    names = [name for name in client.list_collections() if name.startswith("wenju_")]
    client.close()
    return len(names) // 2


def test_machines_find_the_same_in_what_one_of_them_has_put_there(
    tmp_path: Path, files: Path, encoder_cache: Path, database: str, milvus: str
) -> None:
    choice = BackendChoice(MILVUS, milvus)

    def machine(name: str) -> Archive:
        return Archive.open(tmp_path / name, create=True, cache=encoder_cache, backend=choice, database=database)

    with machine("one") as one, machine("two") as two:
        one.sync([files])
        assert found(two, QUESTION) == found(one, QUESTION)
        assert two.ask(QUESTION).quotes == one.ask(QUESTION).quotes != ()
        # Nothing was put into Milvus twice.
        assert collections(milvus) == 1
        write_files(files, {"b.txt": LIBRARY, "c.txt": RIVER})
        assert two.sync([files]).removed == ("a.txt",)
        assert collections(milvus) == 1
        assert found(one, "渌江有多长？")[0] == "c.txt"
        assert found(one, QUESTION) == found(two, QUESTION)
        assert "a.txt" not in found(one, QUESTION)
        assert one.check().findings == two.check().findings == ()
        # Made anew on one machine, and noticed on the other.
        generation = one.info().generation
        with closing(PostgresqlHome(database, tmp_path).shelf()) as shelf:
            (name,) = shelf.names()
        MilvusServer(milvus).drop(f"{name}_units")
        assert {finding.part for finding in two.check().findings} == {"indexes"}
        assert one.repair().sound
        assert two.check().findings == ()
        assert (two.info().generation, found(two, "渌江有多长？")[0]) == (generation + 1, "c.txt")
        assert collections(milvus) == 1
    with machine("three") as three:
        assert found(three, "渌江有多长？")[0] == "c.txt"
        assert collections(milvus) == 1
    rebuilt = BackendChoice(LOCAL, milvus)
    Archive.rebuild(tmp_path / "three", [files], cache=encoder_cache, backend=rebuilt, database=database)
    assert collections(milvus) == 0
    with Archive.open(tmp_path / "one", cache=encoder_cache, database=database) as local:
        assert found(local, "渌江有多长？")[0] == "c.txt"


def test_dropped_archive_leaves_nothing_anywhere(
    tmp_path: Path, files: Path, encoder_cache: Path, database: str, milvus: str
) -> None:
    choice = BackendChoice(MILVUS, milvus)
    with Archive.open(tmp_path / "one", create=True, cache=encoder_cache, backend=choice, database=database) as archive:
        archive.sync([files])
    assert collections(milvus) == 1
    Archive.drop(tmp_path / "one", backend=choice, database=database)
    assert collections(milvus) == 0
    assert not (tmp_path / "one" / "derived").exists()
    with pytest.raises(ArchiveMissingError):
        Archive.open(tmp_path / "one", cache=encoder_cache, database=database)


def test_embedded_milvus_is_each_machines_own(tmp_path: Path, files: Path, encoder_cache: Path, database: str) -> None:
    def machine(name: str) -> Archive:
        choice = BackendChoice(MILVUS)
        return Archive.open(tmp_path / name, create=True, cache=encoder_cache, backend=choice, database=database)

    with machine("one") as one, machine("two") as two:
        one.sync([files])
        assert found(two, QUESTION) == found(one, QUESTION)
        write_files(files, {"a.txt": COURT, "c.txt": RIVER})
        one.sync([files])
        assert found(two, "渌江有多长？") == found(one, "渌江有多长？")
        assert two.check().findings == ()
        assert len(list((tmp_path / "two" / "milvus" / "collections").iterdir())) == 1
