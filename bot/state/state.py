import time
from collections.abc import Callable
from types import TracebackType

from bot.state.conversations import Conversations
from bot.state.database import Database
from bot.state.feedback import FeedbackBook
from bot.state.jobs import Jobs
from bot.state.keys import Keys
from bot.state.migration import migrate

__all__ = ["State"]


class State:
    """What the surfaces remember: conversations, feedback, keys, jobs. Any thread and process may use it.

    ``database`` is for the modules of this package that add tables of their own.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        """Use ``State.open`` instead."""
        self.database = database
        self.conversations = Conversations(database, clock)
        self.feedback = FeedbackBook(database, clock)
        self.keys = Keys(database, clock)
        self.jobs = Jobs(database, clock)

    @classmethod
    def open(cls, url: str, *, clock: Callable[[], float] = time.time) -> "State":
        """Open the database at ``url``, as ``sqlite:///FILE`` or ``postgresql://…``; make or migrate its tables.

        :param clock: gives the time, in seconds since 1970.
        :raises StateError: if it cannot be opened.
        :raises StateFormatError: if a newer version of this project has written it.
        """
        database = Database(url)
        try:
            migrate(database)
        except BaseException:
            database.close()
            raise
        return cls(database, clock)

    def __enter__(self) -> "State":
        """Give the state itself; leaving the block closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.database.close()
