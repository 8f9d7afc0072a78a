from collections.abc import Callable, Sequence
from typing import TypeVar

from starlette.types import Scope

from bot.api.callers import Caller
from bot.api.contents import Contents
from bot.api.gate import ArchiveGate, StateGate
from bot.api.metrics import Metrics
from bot.api.options import ApiOptions
from bot.api.pool import QuestionPool
from bot.state import Conversation, UnknownConversationError
from retrieval.archive import Archive
from retrieval.types import Answer, Filters, Turn

__all__ = ["HISTORY_TURNS", "Desk"]

HISTORY_TURNS = 20
"""Of a kept conversation so many turns are the history of its next question."""
T = TypeVar("T")


class Desk:
    """Where the routes hand in questions: it has the archive, the state, the threads and the counts."""

    def __init__(
        self, archive: ArchiveGate, state: StateGate, pool: QuestionPool, metrics: Metrics, options: ApiOptions
    ) -> None:
        """Answer from ``archive`` in the threads of ``pool``."""
        self.archive_gate = archive
        self.state_gate = state
        self.metrics = metrics
        self.options = options
        self.contents = Contents()
        self._pool = pool

    async def search(self, scope: Scope, query: str, work: Callable[[], T]) -> T:
        """Do ``work``, a search for ``query``, in a thread.

        :raises RefusedError: if too many wait, or it takes too long.
        """
        self._note(scope, query)
        return await self._pool.run(work)

    async def answer(
        self,
        scope: Scope,
        archive: Archive,
        question: str,
        *,
        history: Sequence[Turn] = (),
        top: int = 3,
        filters: Filters | None = None,
    ) -> Answer:
        """Answer a question.

        :raises RefusedError: if too many wait, or it takes too long.
        :raises QuestionError: if it cannot be asked.
        """

        def work() -> Answer:
            found = archive.ask(question, history=history, top=top, filters=filters)
            return self.options.summarise(found) if self.options.summarise is not None else found

        answer = await self.search(scope, question, work)
        self.metrics.count_answer(answer)
        return answer

    def conversation(self, caller: Caller, conversation_id: str) -> Conversation:
        """Give a conversation of this caller's.

        :raises UnknownConversationError: if there is none, or it is another's: the caller is not to learn which.
        """
        found = self.state_gate.state().conversations.get(conversation_id)
        if found.owner != caller.owner:
            raise UnknownConversationError(f"no conversation has the id {conversation_id[:80]!r}: begin one")
        return found

    def _note(self, scope: Scope, question: str) -> None:
        if self.options.log_questions:
            scope["state"]["question"] = question
