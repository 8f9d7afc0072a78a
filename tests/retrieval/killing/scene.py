import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.retrieval.samples import COURT, LIBRARY, RIVER

__all__ = ["Scene"]

_TEXTS = (COURT, LIBRARY, RIVER)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a process is killed: its archive, and files of which every text that they ever had is known."""

    folder: Path
    cache: Path
    database: str = ""
    versions: dict[str, list[str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    @property
    def archive(self) -> Path:
        """The folder of the archive."""
        return self.folder / "archive"

    @property
    def files(self) -> Path:
        """The folder of the files."""
        return self.folder / "files"

    def copy(self, number: int) -> Path:
        """Give the folder of one of the archive's copies."""
        return self.folder / "copies" / str(number)

    def fill(self, count: int) -> None:
        """Write the first files."""
        self.files.mkdir()
        for number in range(count):
            self.write(f"{number:02}.txt")

    def write(self, name: str) -> None:
        """Give a file a text that none had before."""
        number = sum(map(len, self.versions.values()))
        text = f"{_TEXTS[number % 3]}\n第{number}号，编号{_mark(number)}。\n"
        self.versions.setdefault(name, []).append(text)
        # As editors do: nobody sees half of it.
        new = self.folder / "new"
        new.write_bytes(text.encode())
        new.replace(self.files / name)

    def change(self, chance: random.Random) -> None:
        """Write a new file, or change, remove or rename one."""
        names = sorted(path.name for path in self.files.iterdir())
        name, new = chance.choice(names), f"{len(self.versions):02}.txt"
        step = chance.randrange(4)
        if step == 0:
            self.write(new)
        elif step == 1 or len(names) < 4:
            self.write(name)
        elif step == 2:
            self.gone.add(name)
            (self.files / name).unlink()
        else:
            self.gone.add(name)
            self.versions[new] = [self.versions[name][-1]]
            (self.files / name).rename(self.files / new)

    def texts(self) -> dict[str, str]:
        """Give the files' texts as they are now."""
        return {path.name: path.read_bytes().decode() for path in self.files.iterdir()}

    def lost_marks(self) -> list[bytes]:
        """Give what stood in files once, and stands in none any more."""
        now = "".join(self.texts().values())
        numbers = range(sum(map(len, self.versions.values())))
        return [_mark(number).encode() for number in numbers if _mark(number) not in now]


def _mark(number: int) -> str:
    return str(7_351_008 + 9_973 * number)
