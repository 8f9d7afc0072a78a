"""What changes an archive: one writer at a time, under the archive's lock."""

from retrieval.upkeep.copying import copy_archive
from retrieval.upkeep.doctor import Doctor
from retrieval.upkeep.editor import Editor

__all__ = ["Doctor", "Editor", "copy_archive"]
