import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType

from bot.web.texts import wording_json
from bot.wording import LANGUAGES

__all__ = ["Asset", "Assets"]

_FOLDER = "files"
_MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "css": "text/css; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    }
)
_PAGES = "html"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the pages: a style sheet, a script module, a picture."""

    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Assets:
    """The files of the pages. ``version``, in their addresses, changes with them and with the sentences."""

    version: str
    files: Mapping[str, Asset] = field(repr=False)
    pages: Mapping[str, str] = field(repr=False)

    @classmethod
    def load(cls) -> "Assets":
        """Read the files that are installed with this package.

        :raises KeyError: if there is a file of a kind that is not foreseen.
        """
        assets: dict[str, Asset] = {}
        pages: dict[str, str] = {}
        digest = hashlib.sha256()
        for file in sorted(files(__package__).joinpath(_FOLDER).iterdir(), key=lambda each: each.name):
            stem, _, suffix = file.name.rpartition(".")
            media_type, data = _MEDIA_TYPES[suffix], file.read_bytes()
            digest.update(file.name.encode() + b"\0" + data)
            if suffix == _PAGES:
                pages[stem] = data.decode("utf-8")
            else:
                assets[file.name] = Asset(media_type, data)
        for language in LANGUAGES:
            digest.update(wording_json(language))
        return cls(digest.hexdigest()[:16], MappingProxyType(assets), MappingProxyType(pages))
