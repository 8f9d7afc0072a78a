import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from retrieval import Archive
from retrieval.encoding import load_encoder
from retrieval.search.lexicon import Lexicon
from tests.postgresql import postgresql_server

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"

# A run of the checks says the same each time; `--hypothesis-profile=drawn` draws examples that no run has seen.
settings.register_profile("drawn", derandomize=False)
settings.register_profile("repeated", derandomize=True, database=None)
settings.load_profile("repeated")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all of its processes."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def _cache_of_commands(shared: Path) -> Path:
    """Commands that tests start find the encoder's cache through the environment, as an operator would set it."""
    path = shared / "cache" / "wenju"
    os.environ["WENJU_CACHE"] = str(path)
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Start a PostgreSQL of our own, on a free loopback port, and give its address up to the database's name."""
    with postgresql_server() as address:
        yield address


@pytest.fixture
def database(postgresql: str) -> str:
    """Give an address where an archive may be made."""
    return f"{postgresql}postgres?schema=t{os.urandom(8).hex()}"


@pytest.fixture(scope="session")
def encoder_cache(shared: Path, _cache_of_commands: Path) -> Path:
    """Encoder and dictionary, unpacked once: ``Archive.open(path, create=True, cache=encoder_cache)`` saves seconds."""
    # Twenty seconds for one process; another one that needs it waits.
    with FileLock(shared / "cache.lock"):
        if not _cache_of_commands.exists():
            lexicon = Lexicon(_cache_of_commands)
            assert lexicon.meanings.translate("法院").terms
            assert lexicon.pinyin.name_terms("炎陵县")
            load_encoder(cache=_cache_of_commands / "encoder").encode_queries(["法院"])
    return _cache_of_commands


@pytest.fixture(scope="session")
def seeds_archive_path(shared: Path, encoder_cache: Path) -> Path:
    """The archive of the seeds, built once with the real encoder; tests only read it."""
    path = shared / "seeds" / "archive"
    path.parent.mkdir(exist_ok=True)
    # A quarter of a minute, as above.
    with FileLock(shared / "seeds.lock"):
        if not path.exists():
            with Archive.open(path, create=True, cache=encoder_cache) as archive:
                report = archive.sync([SEEDS])
            assert len(report.added) == 5
    return path


@pytest.fixture(scope="session")
def seeds_archive(seeds_archive_path: Path, encoder_cache: Path) -> Iterator[Archive]:
    with Archive.open(seeds_archive_path, cache=encoder_cache) as archive:
        yield archive


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here may reach the network: a connection that leaves this machine fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0] if isinstance(address, tuple) else ""
            if host not in ("127.0.0.1", "::1", "localhost"):
                raise AssertionError(f"a test tried to connect to {address!r}; only loopback is allowed")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own environment must not decide what a test shows."""
    for name in (
        "WENJU_ARCHIVE",
        "WENJU_ARCHIVE_URL",
        "WENJU_BACKEND",
        "WENJU_ENCODER",
        "WENJU_TELEGRAM_TOKEN",
        "WENJU_TOP",
        "WENJU_SOURCES",
        "WENJU_STATE_URL",
        "WENJU_MILVUS_URI",
        "WENJU_MILVUS_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that at the end no process works while the other has nothing left to do.

    Of that comes first what needs no encoder's cache, which another process makes meanwhile.
    """
    if not items:
        raise pytest.UsageError("no test was collected")
    first = ("tests/training/test_chain.py", "tests/training/")
    ranks = {item: [not item.nodeid.startswith(each) for each in first] for item in items}
    items.sort(key=ranks.__getitem__)
