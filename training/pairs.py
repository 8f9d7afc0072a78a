import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Pair", "read_pairs", "write_pairs"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together, and one that is near the first but does not belong to it, or an empty one."""

    anchor: str
    positive: str
    negative: str = ""


def read_pairs(file: Path) -> list[Pair]:
    """Read the pairs of a file that :func:`write_pairs` wrote."""
    with file.open(encoding="utf-8") as lines:
        return [Pair(**json.loads(line)) for line in lines]


def write_pairs(file: Path, pairs: Iterable[Pair]) -> int:
    """Write ``pairs``, one JSON object a line, and give their number."""
    written = 0
    with file.open("w", encoding="utf-8") as lines:
        for pair in pairs:
            lines.write(json.dumps(asdict(pair), ensure_ascii=False) + "\n")
            written += 1
    return written
