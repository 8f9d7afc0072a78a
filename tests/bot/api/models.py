"""A language model that writes when it is let."""

import threading
from dataclasses import dataclass, field, replace

from retrieval.types import Answer, Summary

__all__ = ["SENTENCE", "PatientModel"]

SENTENCE = "成功率是<b>99%</b>。"


@dataclass
class PatientModel:
    """Writes one sentence over the first quote once ``free`` is set; ``asked`` counts the answers that came to it."""

    free: threading.Event = field(default_factory=threading.Event)
    asked: int = 0

    def summarise(self, answer: Answer) -> Answer:
        self.asked += 1
        assert self.free.wait(60)
        return replace(answer, summary=Summary(((SENTENCE, (1,)),), dropped=0))
