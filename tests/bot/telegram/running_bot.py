import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.telegram.application import BotApplication, build_application
from bot.telegram.handlers import Library
from bot.telegram.running import serve
from tests.bot.telegram.server import TOKEN, BotApiServer

__all__ = ["running_bot"]


@contextmanager
def running_bot(server: BotApiServer, archive: Library, token: str = TOKEN) -> Iterator[BotApplication]:
    """Run the bot in a thread, against the server, until the end of the block; what ends it before is raised there."""
    application = build_application(archive, token, server.base_url, top=3)
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    errors: list[BaseException] = []

    async def main() -> None:
        stop = asyncio.Event()
        loops.append((asyncio.get_running_loop(), stop))
        await serve(application, stop)

    def work() -> None:
        try:
            asyncio.run(main())
        except Exception as error:  # noqa: BLE001  (raised again in the thread of the test)
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        server.wait_for_calls("getUpdates")
        yield application
    finally:
        if loops and thread.is_alive():
            loop, stop = loops[0]
            loop.call_soon_threadsafe(stop.set)
        thread.join(20)
    assert not thread.is_alive(), "the bot did not stop"
    if errors:
        raise errors[0]
