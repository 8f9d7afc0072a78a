"""What can go wrong with an archive in PostgreSQL, and what is then told."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from retrieval.errors import (
    ArchiveDamagedError,
    ArchiveFormatError,
    ArchiveLockedError,
    ArchiveMissingError,
    StorageError,
)
from retrieval.index import Store, StoreHome, store_home
from retrieval.index.postgresql_store import PostgresqlHome
from retrieval.types import LOCAL
from tests.retrieval.index.samples import DIMENSION, encoded, make_document, make_drafts, put


@pytest.fixture
def home(tmp_path: Path, database: str) -> PostgresqlHome:
    return PostgresqlHome(database, tmp_path / "archive")


@pytest.fixture
def store(home: StoreHome) -> Iterator[Store]:
    with home.create(encoder="test", dimension=DIMENSION, backend=LOCAL) as created:
        yield created


def execute(database: str, statement: str) -> list[tuple[object, ...]]:
    """Run a statement in the archive's schema."""
    address, _, schema = database.partition("?schema=")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'SET search_path = "{schema}"'.encode())
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", "cannot be read.*postgresql://USER:PASSWORD@HOST/NAME"),
        ("papers", "cannot be read"),
        ("mysql://x/y", "'mysql'.*not known"),
        ("postgresql+asyncpg://x/y", "'postgresql.asyncpg'.*not known"),
        ("postgresql://x/y?schema=public", "'public' cannot hold an archive"),
        ("postgresql://x/y?schema=pg_mine", "'pg_mine' cannot hold"),
        ('postgresql://x/y?schema=a"; DROP', "cannot hold an archive. Name it by small letters"),
    ],
)
def test_address_that_is_none_is_refused(tmp_path: Path, address: str, message: str) -> None:
    with pytest.raises(StorageError, match=message):
        store_home(tmp_path, address)


@pytest.mark.parametrize(
    ("earlier", "changed", "reason"),
    [
        ("hush-hush", "wrong", "password authentication failed"),
        ("wenju:", "nobody-such:", "password authentication failed"),
        ("/postgres", "/nowhere", 'database "nowhere" does not exist'),
        ("@127.0.0.1:", "@127.0.0.1:1", "connection|port"),
    ],
)
def test_server_that_lets_nobody_in_is_told_with_the_reason_and_without_the_password(
    tmp_path: Path, database: str, earlier: str, changed: str, reason: str
) -> None:
    address = database.replace(earlier, changed) if ":1" not in changed else "postgresql://u:hush-hush@127.0.0.1:1/x"
    with pytest.raises(StorageError, match=f"cannot be reached .*{reason}.*Check") as told:
        store_home(tmp_path, address).open()
    assert "hush" not in str(told.value)
    assert "\n" not in str(told.value)


def test_archive_of_a_newer_version_is_refused_and_set_aside(home: PostgresqlHome, store: Store, database: str) -> None:
    execute(database, "UPDATE meta SET value = '2' WHERE key = 'layout'")
    with pytest.raises(ArchiveFormatError, match=r"format 2, written by a newer wenju.*Upgrade"):
        home.open()
    aside = home.set_aside_unreadable()
    assert aside is not None
    assert execute(database, f"SELECT value FROM {aside}.meta WHERE key = 'layout'") == [("2",)]
    home.create(encoder="new", dimension=2, backend=LOCAL).close()
    assert home.set_aside_unreadable() is None
    # A store that was open all the while sees the new archive too.
    assert store.encoder == "new"


def test_schema_of_another_program_is_left_alone(home: PostgresqlHome, database: str) -> None:
    _, _, schema = database.partition("?schema=")
    execute(database, f"CREATE SCHEMA {schema}")
    # An empty one is taken: an administrator may have made it for a user who may make none.
    with pytest.raises(ArchiveMissingError):
        home.open()
    execute(database, "CREATE TABLE theirs (x int)")
    for work in (home.open, home.set_aside_unreadable, home.drop):
        with pytest.raises(StorageError, match="holds other tables than wenju's"):
            work()
    with pytest.raises(StorageError, match="already"):
        home.create(encoder="test", dimension=2, backend=LOCAL)
    assert execute(database, "SELECT count(*) FROM theirs") == [(0,)]


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("UPDATE documents SET text = 'other'", "'id-a.txt' is not what was written"),
        ("UPDATE documents SET text = '\\xff'", "'id-a.txt' is not what was written"),
        ("ALTER TABLE vectors DROP CONSTRAINT vectors_passage_id_fkey; DELETE FROM passages", "vectors without their"),
        ("DROP TABLE layouts", "'?layouts'? is missing"),
    ],
)
def test_damage_is_found_and_set_aside(
    home: PostgresqlHome, store: Store, database: str, damage: str, finding: str
) -> None:
    put(store, "a.txt", "一\n")
    execute(database, damage)
    with pytest.raises(ArchiveDamagedError, match=f"is damaged.*{finding}.*--rebuild"), home.open() as damaged:
        damaged.check()
    assert home.set_aside_unreadable() is not None
    with pytest.raises(ArchiveMissingError):
        home.open()


def test_damaged_description_and_passage_are_told(home: PostgresqlHome, store: Store, database: str) -> None:
    put(store, "a.txt", "一\n")
    execute(database, "UPDATE passages SET spans = '[[0'")
    with pytest.raises(ArchiveDamagedError, match="passage 1"):
        store.passage(1)
    execute(database, "UPDATE vectors SET vector = '\\x00'")
    with pytest.raises(ArchiveDamagedError, match="has not 8 numbers"):
        list(store.vectors())
    execute(database, "DELETE FROM meta WHERE key = 'token'")
    with pytest.raises(ArchiveDamagedError, match="description"):
        home.open()


def test_dropped_archive_is_gone(home: PostgresqlHome, store: Store) -> None:
    with store.lock(), pytest.raises(ArchiveLockedError):
        home.drop()
    home.drop()
    for work in (home.drop, store.documents):
        with pytest.raises(ArchiveMissingError, match="wenju sync"):
            work()


def test_compacted_archive_has_no_byte_of_what_was_removed(
    store: Store, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.index.postgresql_store._PATIENCE_SECONDS", 0.1)
    for number in range(40):
        put(store, f"{number}.txt", f"word{number:02} {'x' * number}\n")
    with store.writing() as writer:
        for number in range(0, 40, 2):
            writer.remove(f"id-{number}.txt")
    with store.snapshot(), pytest.raises(ArchiveLockedError, match="Another process is using"):
        store.compact()
    store.compact()
    execute(database, "CHECKPOINT")
    ((path,),) = execute(
        database, "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('documents')"
    )
    words = set(re.findall(rb"word\d\d", Path(str(path)).read_bytes()))
    assert words == {f"word{number:02}".encode() for number in range(1, 40, 2)}
    store.check()


def cut(database: str, kind: str) -> None:
    """End the connection that holds one of the two kinds of locks."""
    number = {"lock": 0x57656E6A, "turn": 0x57656E6B}[kind]
    ended = execute(
        database,
        f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = {number}",
    )
    assert ended == [(True,)]


def write_and_lose(store: Store, database: str, kind: str) -> None:
    document = make_document("b.txt", "二\n")
    drafts = make_drafts(document)
    with store.lock(), store.writing() as writer:
        writer.put(document, encoded(drafts))
        cut(database, kind)
        if kind == "turn":
            writer.remove("id-a.txt")


@pytest.mark.parametrize("kind", ["lock", "turn"])
def test_connection_lost_while_writing_leaves_all_as_it_was(store: Store, database: str, kind: str) -> None:
    put(store, "a.txt", "一\n")
    message = r"connection to postgresql://wenju:\*\*\*@.* was lost \(.*\)\. What was told as done is kept: try again"
    with pytest.raises(StorageError, match=message):
        write_and_lose(store, database, kind)
    assert [info.source for info in store.documents()] == ["a.txt"]
    with store.lock():
        put(store, "b.txt", "二\n")
    assert [passage.id for passage in store.iter_passages()] == [1, 2]


def test_connections_that_the_server_has_ended_are_made_anew(store: Store, database: str) -> None:
    put(store, "a.txt", "一\n")
    execute(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'wenju %'")
    assert store.passage(1).text == "一\n"


def test_who_writes_is_named(store: Store, home: StoreHome) -> None:
    with (
        store.lock(),
        pytest.raises(ArchiveLockedError, match=rf"'wenju .* {os.getpid()}' on 127\.0\.0\.1"),
        home.lock(),
    ):
        pass


def test_reader_who_may_not_write_reads(tmp_path: Path, store: Store, database: str) -> None:
    put(store, "a.txt", "一\n")
    address, _, schema = database.partition("?schema=")
    role = f"reader_{schema}"
    execute(database, f"CREATE ROLE {role} LOGIN PASSWORD 'reader'")
    execute(database, f"GRANT USAGE ON SCHEMA {schema} TO {role}")
    execute(database, f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}")
    mine = address.replace("wenju:hush-hush", f"{role}:reader")
    with store_home(tmp_path / "reader", f"{mine}?schema={schema}").open() as reader:
        assert reader.passage(1).text == "一\n"
        with pytest.raises(StorageError, match=r"cannot be used \(permission denied"), reader.writing() as writer:
            writer.remove("id-a.txt")
    with pytest.raises(StorageError, match="permission denied for database"):
        store_home(tmp_path / "reader", f"{mine}?schema=another").create(encoder="test", dimension=2, backend=LOCAL)


def test_database_of_another_encoding_is_refused(tmp_path: Path, database: str) -> None:
    address, _, schema = database.partition("?schema=")
    execute(database, f"CREATE DATABASE {schema} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
    other = address.replace("/postgres", f"/{schema}")
    with pytest.raises(StorageError, match=r"encoding SQL_ASCII\. Make one with: createdb -E UTF8"):
        store_home(tmp_path, other).create(encoder="test", dimension=2, backend=LOCAL)
