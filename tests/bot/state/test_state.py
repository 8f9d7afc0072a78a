import multiprocessing
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, select, text

from bot.state import Feedback, JobStatus, State, StateError, StateFormatError, StateInUseError, UnknownJobError
from bot.state.database import Database
from bot.state.migration import migrate
from bot.state.tables import metadata, schema
from retrieval.types import Span, Turn
from tests.bot.state.conftest import Clock


def _append(url: str, conversation: str, name: str) -> None:
    with State.open(url) as state:
        for number in range(20):
            state.conversations.append(conversation, Turn(f"{name} {number}"))


def test_several_processes_write_at_once(url: str) -> None:
    with State.open(url) as state:
        made = state.conversations.create()
        spawn = multiprocessing.get_context("spawn")
        processes = [spawn.Process(target=_append, args=(url, made.id, name)) for name in "ab"]
        for process in processes:
            process.start()
        for process in processes:
            process.join(60)
        assert [process.exitcode for process in processes] == [0, 0]
        questions = [turn.question for turn in state.conversations.turns(made.id)]
    assert sorted(questions) == sorted(f"{name} {number}" for name in "ab" for number in range(20))


_HOLD = """
import sys
from bot.state.database import Database
with Database(sys.argv[1]).held("telegram"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_only_one_process_holds_a_name_and_a_killed_one_lets_go(url: str) -> None:
    database = Database(url)
    with subprocess.Popen([sys.executable, "-c", _HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with database.held("something else"), pytest.raises(StateInUseError, match="another process works as telegram"):
            database.held("telegram").__enter__()
        process.kill()
        process.wait()
    for attempt in range(100):  # a server needs a moment to notice
        try:
            with database.held("telegram"):
                break
        except StateInUseError:
            assert attempt < 99
            time.sleep(0.05)
    with database.held("telegram"):
        pass  # the end of the block lets go
    database.close()


def test_processes_that_open_at_once_make_the_tables_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.sqlite3'}"
    code = f"from bot.state import State\nwith State.open({url!r}) as state: state.conversations.create()"
    running = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)]
    assert [process.communicate(timeout=60)[1] for process in running] == [b""] * 3
    with sqlite3.connect(tmp_path / "state.sqlite3") as connection:
        assert connection.execute("SELECT version FROM schema").fetchall() == [(1,)]
        assert connection.execute("SELECT count(*) FROM conversations").fetchone() == (3,)
    connection.close()


def test_the_file_is_its_owners_alone_and_in_wal(tmp_path: Path) -> None:
    path = tmp_path / "new" / "what? #1%20.sqlite3"
    with State.open(f"sqlite:///{path}") as state:
        state.conversations.create()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_step_runs_once_and_keeps_what_is_there(url: str) -> None:
    with State.open(url) as state:
        made = state.conversations.create("somebody")
    seen = []

    def step(connection: Connection) -> None:
        seen.append(connection.scalar(text("SELECT count(*) FROM conversations")))
        connection.execute(text("ALTER TABLE conversations ADD COLUMN colour TEXT"))

    database = Database(url)
    migrate(database, (step,))
    migrate(database, (step,))
    with database.reading() as connection:
        assert connection.scalar(select(schema.c.version)) == 2
        assert "colour" in {column["name"] for column in inspect(connection).get_columns("conversations")}
    database.close()
    assert seen == [1]
    with pytest.raises(StateFormatError, match="has version 2, this program knows up to 1"):
        State.open(url)
    assert made.owner == "somebody"


def test_a_step_that_fails_changes_nothing(url: str) -> None:
    State.open(url).close()

    def step(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE conversations ADD COLUMN colour TEXT"))
        raise RuntimeError("power cut")

    database = Database(url)
    with pytest.raises(RuntimeError, match="power cut"):
        migrate(database, (step,))
    with database.reading() as connection:
        assert connection.scalar(select(schema.c.version)) == 1
        assert "colour" not in {column["name"] for column in inspect(connection).get_columns("conversations")}
    database.close()


def test_tables_that_a_later_version_adds_are_made(url: str) -> None:
    with State.open(url) as state, state.database.writing() as connection:
        connection.execute(text("DROP TABLE feedback"))
    with State.open(url) as state, state.database.reading() as connection:
        assert set(inspect(connection).get_table_names()) >= set(metadata.tables)
        assert state.feedback.count() == 0


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "cannot be read"),
        ("mysql://x/y", "'mysql'"),
        ("sqlite://", "memory does not"),
        ("sqlite:///:memory:", "memory does not"),
        ("sqlite:////proc/nowhere/state", "cannot be written"),
        ("postgresql+nonsense://x/y", "wenju\\[postgresql\\]"),
    ],
)
def test_an_address_that_cannot_be_used_is_told(url: str, said: str) -> None:
    with pytest.raises(StateError, match=said) as caught:
        State.open(url)
    assert "WENJU_STATE_URL" in str(caught.value) or "pip install" in str(caught.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("not a database, but long enough to be taken for one" * 10, "utf-8")
    with pytest.raises(StateError, match="not a database"):
        State.open(f"sqlite:///{tmp_path / 'state'}")


def test_a_password_is_never_told() -> None:
    assert "secret" not in Database("postgresql+psycopg://u:secret@127.0.0.1:1/x").name if _has_psycopg() else True
    with pytest.raises(StateError) as caught:
        State.open("postgresql+nonsense://u:secret@127.0.0.1:1/x")
    assert "secret" not in str(caught.value)


def _has_psycopg() -> bool:
    import importlib.util

    return importlib.util.find_spec("psycopg") is not None


def test_feedback_is_kept_latest_first(state: State, clock: Clock) -> None:
    first = Feedback("rest", helpful=True, question="问？", document_id="d", spans=(Span(1, 5), Span(9, 12)))
    first_id = state.feedback.add(first)
    clock.now += 1
    state.feedback.add(Feedback("web", helpful=False, question="<script>", comment="没有\x00答"))
    latest = state.feedback.latest()
    assert [(each.surface, each.helpful, each.comment) for each in latest] == [
        ("web", False, "没有答"),
        ("rest", True, ""),
    ]
    assert latest[1].spans == first.spans
    assert state.feedback.latest(limit=1, offset=1)[0].id == first_id
    assert state.feedback.count() == 2
    assert state.feedback.forget(first_id)
    assert not state.feedback.forget(first_id)


def test_a_job_goes_its_way(state: State, clock: Clock) -> None:
    job = state.jobs.create("upload", "报.txt", owner="key", total=3)
    assert (job.status, job.done, job.total) == (JobStatus.QUEUED, 0, 3)
    state.jobs.advance(job.id, 1)
    assert (state.jobs.get(job.id).status, state.jobs.get(job.id).done) == (JobStatus.RUNNING, 1)
    state.jobs.finish(job.id, "abc")
    done = state.jobs.get(job.id)
    assert (done.status, done.done, done.document_id, done.name) == (JobStatus.DONE, 3, "abc", "报.txt")
    failed = state.jobs.create("upload", "x")
    state.jobs.fail(failed.id, "why")
    assert (state.jobs.get(failed.id).status, state.jobs.get(failed.id).error) == (JobStatus.FAILED, "why")
    clock.now += 100
    assert state.jobs.expire(50) == 2
    with pytest.raises(UnknownJobError):
        state.jobs.get(job.id)


def test_a_job_whose_process_died_has_failed(state: State, clock: Clock) -> None:
    job = state.jobs.create("upload", "x")
    state.jobs.advance(job.id, 1)
    clock.now += 3600
    assert state.jobs.get(job.id).status is JobStatus.FAILED
    assert "again" in state.jobs.get(job.id).error
