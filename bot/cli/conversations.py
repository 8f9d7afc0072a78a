from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from bot.settings import Settings
from bot.state import Conversations, State, turn_of
from retrieval.types import Answer, Turn

__all__ = ["Conversing", "KeptConversation", "kept_conversation"]

_HISTORY_TURNS = 20


class Conversing(Protocol):
    """What follow-up questions refer to."""

    def history(self) -> Sequence[Turn]:
        """Give what was asked before, oldest first."""

    def append(self, answer: Answer) -> None:
        """Take note of an answer."""


class KeptConversation:
    """A conversation of the command line, under the name that the user gave it."""

    def __init__(self, conversations: Conversations, name: str) -> None:
        """Go on with the conversation ``name``, or begin it."""
        self._conversations = conversations
        # No surface that strangers reach makes ids with a colon, so none of them leads here.
        self._id = conversations.create("cli", f"cli:{name}"[:200]).id

    def history(self) -> Sequence[Turn]:
        """Give what was asked before, oldest first."""
        return self._conversations.turns(self._id, _HISTORY_TURNS)

    def append(self, answer: Answer) -> None:
        """Keep a question and what answered it."""
        turn = turn_of(answer)
        if turn is not None:
            self._conversations.append(self._id, turn)


@contextmanager
def kept_conversation(settings: Settings, name: str) -> Iterator[KeptConversation]:
    """Lend the conversation ``name`` of the state that the settings name; old ones are forgotten on the way.

    :raises StateError: if the state cannot be used.
    """
    with State.open(settings.state_address) as state:
        state.conversations.expire(settings.conversation_days * 86_400.0)
        yield KeptConversation(state.conversations, name)
