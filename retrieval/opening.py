"""How an archive's store and engine come together: opened, or made."""

from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.encoding import DEFAULT_ENCODER, spec_of
from retrieval.engine import Engine
from retrieval.errors import ArchiveMissingError, BackendMismatchError, StorageError
from retrieval.index import Store, StoreHome
from retrieval.types import LOCAL, BackendChoice

__all__ = ["OpenedParts", "make_parts", "open_parts"]


@dataclass(frozen=True, slots=True)
class OpenedParts:
    """What an archive works with; whoever has them closes them."""

    store: Store
    engine: Engine


def open_parts(
    folder: Path, home: StoreHome, encoder: str | None, cache: Path | None, backend: BackendChoice
) -> OpenedParts:
    """Open the store at ``home`` and an engine over it, whose files are in ``folder``.

    :raises ArchiveError: the subclass that fits, as ``Archive.open`` tells.
    """
    store = home.open()
    try:
        with store.snapshot() as snapshot:
            built_with, made_with = snapshot.encoder, snapshot.backend
        if backend.name not in (None, made_with):
            raise BackendMismatchError(
                f"the archive at {folder} was made with the backend {made_with}, not {backend.name}. Leave out "
                "--backend and WENJU_BACKEND, or change it with: "
                f"wenju sync --rebuild --backend {backend.name} PATH…"
            )
        spec = encoder or spec_of(built_with)
        engine = Engine(folder, spec, cache, replace(backend, name=made_with), home.shelf())
        if spec.partition(":")[0] != spec_of(built_with).partition(":")[0]:
            raise engine.mismatch(built_with)
        return OpenedParts(store, engine)
    except BaseException:
        store.close()
        raise


def make_parts(
    folder: Path, home: StoreHome, encoder: str | None, cache: Path | None, backend: BackendChoice
) -> OpenedParts:
    """Make an empty store at ``home``, or open the one that another process has made meanwhile.

    :raises ArchiveLockedError: if another process is making it.
    :raises EncoderError: if the encoder cannot be loaded.
    :raises StorageError: if it cannot be made.
    """
    if folder.exists() and not folder.is_dir():
        raise StorageError(f"{folder} is a file; give a folder for the archive")
    with home.lock():
        chosen = replace(backend, name=backend.name or LOCAL)
        engine = Engine(folder, encoder or DEFAULT_ENCODER, cache, chosen, home.shelf())
        loaded = engine.encoder()
        try:
            store = home.open()
        except ArchiveMissingError:
            store = home.create(encoder=loaded.name, dimension=loaded.dimension, backend=chosen.name or LOCAL)
    return OpenedParts(store, engine)
