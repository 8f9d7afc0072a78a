from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from retrieval.segmenting.headlines import Part
from retrieval.types import BlockKind

__all__ = ["Article", "resume_orphans"]

# So long a run of a headline's characters does not stand in a text by chance; a longer one than the longest is not
# needed to tell.
_MIN_RUN = 5
_MAX_RUN = 12


@dataclass(slots=True)
class Article:
    """An article of a page: its headline, its writers' line and the numbers of its parts, in reading order.

    An article without a headline holds what stands before the first one or belongs to none.
    """

    headline: str = ""
    byline: str = ""
    members: list[int] = field(default_factory=list)
    series: dict[str, set[str]] = field(default_factory=dict)
    has_text: bool = False
    is_brief: bool = False
    awaits_headline: bool = False
    is_report: bool = False
    is_closed: bool = False
    is_item: bool = False

    def sign(self, byline: str) -> None:
        """Add what names the writers; an office signs each of its notices, but once."""
        if byline not in self.byline:
            self.byline = f"{self.byline} {byline}".strip()


def resume_orphans(articles: Sequence[Article], parts: Sequence[Part]) -> None:
    """Give each article that another interrupts below its headline its text back.

    Its text begins where a paragraph below the other article names the headline's words.
    """
    for orphan, other in pairwise(articles):
        if orphan.has_text or not (orphan.headline and orphan.byline):
            continue
        runs = {
            index: _longest_run(orphan.headline, parts[index].text)
            for index in other.members
            if parts[index].kind is BlockKind.PARAGRAPH
        }
        own, *later = runs or [0]
        start = min(later, key=lambda index: (-runs[index], index), default=own)
        if start != own and runs[start] >= _MIN_RUN and runs[start] > runs[own]:
            orphan.members.extend(index for index in other.members if index >= start)
            other.members[:] = [index for index in other.members if index < start]
            orphan.has_text = True


def _longest_run(headline: str, text: str) -> int:
    for length in range(_MAX_RUN, _MIN_RUN - 1, -1):
        if any(headline[at : at + length] in text for at in range(len(headline) - length + 1)):
            return length
    return 0
