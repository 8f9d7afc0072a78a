from dataclasses import dataclass
from typing import Any

from retrieval.types.documents import Passage

__all__ = [
    "ChannelScore",
    "Hit",
]


@dataclass(frozen=True, slots=True)
class ChannelScore:
    """What one channel of the search gave a passage."""

    channel: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query; the greater ``score``, the better. Ties go by passage id."""

    passage: Passage
    source: str
    score: float
    channels: tuple[ChannelScore, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the hit as JSON-ready values."""
        return {
            "passage_id": self.passage.id,
            "document_id": self.passage.document_id,
            "source": self.source,
            "kind": self.passage.kind.value,
            "text": self.passage.text,
            "spans": [[span.start, span.end] for span in self.passage.spans],
            "score": self.score,
            "channels": {channel.channel: channel.score for channel in self.channels},
            "context": self.passage.context.to_dict(),
        }
