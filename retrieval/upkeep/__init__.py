"""What changes an archive: one writer at a time, under the archive's lock."""

from retrieval.upkeep.editor import Editor

__all__ = ["Editor"]
