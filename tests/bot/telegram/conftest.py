from collections.abc import Iterator
from itertools import count

import pytest

from retrieval import Archive
from tests.bot.telegram.running_bot import running_bot
from tests.bot.telegram.server import BotApiServer

_CHATS = count(1000)


@pytest.fixture(scope="session")
def telegram(seeds_archive: Archive) -> Iterator[BotApiServer]:
    """Give a server with the bot running on it; tests share it and keep to chats of their own."""
    with BotApiServer() as server, running_bot(server, seeds_archive):
        yield server


@pytest.fixture(scope="module")
def server(archive: Archive) -> Iterator[BotApiServer]:
    """Give a server with a bot of its own, over the archive that the module makes."""
    with BotApiServer() as running, running_bot(running, archive):
        yield running


@pytest.fixture(scope="module")
def brisk() -> Iterator[None]:
    """Let many messages go to one chat without a second between them, which ``test_pacing`` shows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.telegram.pacing._SECONDS_EACH", 0.01)
        yield


@pytest.fixture
def chat() -> int:
    """Give a private chat that no other test uses."""
    return next(_CHATS)


@pytest.fixture
def group() -> int:
    """Give a group that no other test uses."""
    return -next(_CHATS)
