"""What the surfaces remember between questions, in SQLite or PostgreSQL; the archive holds nothing of it."""

from bot.state.conversations import MAX_KEPT_TURNS, Conversation, Conversations, KeptTurn, turn_of
from bot.state.errors import (
    StateError,
    StateFormatError,
    StateInUseError,
    UnknownConversationError,
    UnknownJobError,
    UnknownKeyError,
)
from bot.state.feedback import Feedback, FeedbackBook
from bot.state.jobs import Job, Jobs, JobStatus
from bot.state.keys import Key, Keys, NewKey, Scope
from bot.state.state import State

__all__ = [
    "MAX_KEPT_TURNS",
    "Conversation",
    "Conversations",
    "Feedback",
    "FeedbackBook",
    "Job",
    "JobStatus",
    "Jobs",
    "KeptTurn",
    "Key",
    "Keys",
    "NewKey",
    "Scope",
    "State",
    "StateError",
    "StateFormatError",
    "StateInUseError",
    "UnknownConversationError",
    "UnknownJobError",
    "UnknownKeyError",
    "turn_of",
]
