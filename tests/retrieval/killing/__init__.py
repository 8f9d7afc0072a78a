"""Kills processes that work on an archive at random moments and checks what is left.

By hand, for any number of kills of each kind, or of some: python -m tests.retrieval.killing 40 sync watch
"""

from tests.retrieval.killing.kinds import KINDS, Outcome, kill_once

__all__ = ["KINDS", "Outcome", "kill_once"]
