from dataclasses import dataclass

__all__ = ["CheckReport", "Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with an archive: in which part of it, what, and whether a repair has put it right."""

    part: str
    problem: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check of an archive found; ``documents`` and ``passages`` are what was looked at."""

    documents: int
    passages: int
    findings: tuple[Finding, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong, or no longer."""
        return all(finding.repaired for finding in self.findings)
