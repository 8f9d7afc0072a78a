import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from starlette.types import Scope

from bot.api.callers import Caller
from bot.api.contents import Contents
from bot.api.gate import ArchiveGate, StateGate
from bot.api.metrics import Metrics
from bot.api.options import ApiOptions
from bot.api.pool import QuestionPool
from bot.api.problems import RefusedError
from bot.state import Conversation, UnknownConversationError
from retrieval.archive import Archive
from retrieval.types import Answer, AnswerStatus, Filters, Turn

__all__ = ["HISTORY_TURNS", "Desk"]

HISTORY_TURNS = 20
"""Of a kept conversation so many turns are the history of its next question."""
_SUMMARIES = 8
"""So many wait for the language model at a time, and as many behind them; who comes later gets the quotes alone."""
_logger = logging.getLogger(__name__)
T = TypeVar("T")


class Desk:
    """Where the routes hand in questions: it has the archive, the state, the threads and the counts."""

    def __init__(
        self, archive: ArchiveGate, state: StateGate, pool: QuestionPool, metrics: Metrics, options: ApiOptions
    ) -> None:
        """Answer from ``archive`` in the threads of ``pool``; summaries are waited for in threads of their own."""
        self.archive_gate = archive
        self.state_gate = state
        self.metrics = metrics
        self.options = options
        self.contents = Contents()
        self._pool = pool
        self._summaries = QuestionPool(_SUMMARIES, _SUMMARIES, options.question_seconds)

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
        """Answer a question, without a summary.

        :raises RefusedError: if too many wait, or it takes too long.
        :raises QuestionError: if it cannot be asked.
        """
        answer = await self.search(
            scope, question, lambda: archive.ask(question, history=history, top=top, filters=filters)
        )
        self.metrics.count_answer(answer)
        return answer

    def summarises(self, answer: Answer) -> bool:
        """Tell whether a language model is asked for a summary of this answer."""
        return self.options.summarise is not None and answer.status is AnswerStatus.ANSWERED and bool(answer.quotes)

    async def summarised(self, answer: Answer) -> Answer:
        """Give the answer with its summary, or as it is where none can be had in time: that costs nobody the quotes."""
        summarise = self.options.summarise
        if summarise is None or not self.summarises(answer):
            return answer
        try:
            return await self._summaries.run(lambda: summarise(answer))
        except RefusedError as error:
            _logger.warning("no summary: %s", error)
            return answer

    def close(self) -> None:
        """End the threads once they have done what they are at."""
        self._pool.close()
        self._summaries.close()

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
