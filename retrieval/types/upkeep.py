from dataclasses import dataclass

from retrieval.types.archives import VectorIndexInfo

__all__ = ["CheckReport", "Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with an archive: in which part of it, what, and whether a repair has put it right."""

    part: str
    problem: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check of an archive found; ``documents`` and ``passages`` are what was looked at.

    ``index`` tells how its vectors are searched; None where that is not known, as of a copy.
    """

    documents: int
    passages: int
    findings: tuple[Finding, ...] = ()
    index: VectorIndexInfo | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong, or no longer."""
        return all(finding.repaired for finding in self.findings)
