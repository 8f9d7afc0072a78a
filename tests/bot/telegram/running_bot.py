import asyncio
import contextlib
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.settings import Settings
from bot.state import State
from bot.telegram.application import BotApplication, build_application
from bot.telegram.desk import Desk
from bot.telegram.library import Library
from bot.telegram.limits import Limits
from bot.telegram.metrics import Metrics
from bot.telegram.records import Records
from bot.telegram.running import serve
from tests.bot.telegram.server import TOKEN, BotApiServer

__all__ = ["ADMIN", "RunningBot", "running_bot"]

ADMIN = 4711


@dataclass(frozen=True, slots=True)
class RunningBot:
    """A bot at work, and what it counts and remembers."""

    application: BotApplication
    metrics: Metrics
    state: State


@contextmanager
def running_bot(
    server: BotApiServer,
    archive: Library,
    *,
    token: str = TOKEN,
    state: Path | None = None,
    per_minute: int = 10_000,
    settings: Settings | None = None,
) -> Iterator[RunningBot]:
    """Run the bot in a thread, against the server, until the end of the block; what ends it before is raised there.

    :param state: the file of what it remembers; None for one that ends with it.
    """
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    errors: list[BaseException] = []
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        opened = stack.enter_context(State.open(f"sqlite:///{state or folder / 'state.sqlite3'}"))
        records = stack.enter_context(contextlib.closing(Records(opened, 72)))
        metrics = Metrics()
        desk = Desk(archive, records, Limits(per_minute), metrics, admins=frozenset({ADMIN}))
        application = build_application(desk, token, server.base_url)
        chosen = replace(settings or Settings(), archive=folder, telegram_admins=(ADMIN,))

        async def main() -> None:
            stop = asyncio.Event()
            loops.append((asyncio.get_running_loop(), stop))
            await serve(application, desk, chosen, stop)

        def work() -> None:
            try:
                asyncio.run(main())
            except Exception as error:  # noqa: BLE001  (raised again in the thread of the test)
                errors.append(error)
                with server.changed:
                    server.changed.notify_all()

        thread = threading.Thread(target=work)
        before = len([call for call in server.calls if call.method in ("getUpdates", "setWebhook")])
        thread.start()
        try:
            server.wait_for(
                lambda: (
                    errors
                    or len([call for call in server.calls if call.method in ("getUpdates", "setWebhook")]) > before
                ),
                "the bot's first request for updates",
            )
            yield RunningBot(application, metrics, opened)
        finally:
            if loops and thread.is_alive():
                loop, stop = loops[0]
                loop.call_soon_threadsafe(stop.set)
            thread.join(40)
        assert not thread.is_alive(), "the bot did not stop"
        if errors:
            raise errors[0]
