"""Wenju's library: documents in, quotations out. ``Archive`` is the door."""

from typing import TYPE_CHECKING

from retrieval.types import (
    Answer,
    AnswerStatus,
    ArchiveInfo,
    Arrangement,
    BackendChoice,
    BlockKind,
    Box,
    ChannelScore,
    CheckReport,
    Context,
    Contribution,
    Copies,
    CopyPlace,
    Document,
    DocumentInfo,
    Examination,
    Explanation,
    Failure,
    Filters,
    Finding,
    Hit,
    HitExplanation,
    Missing,
    MissingKind,
    Original,
    Outline,
    OutlineArticle,
    OutlineBlock,
    PageSize,
    Passage,
    Place,
    ProgressCallback,
    Quote,
    Rename,
    ReplyKind,
    Segment,
    Span,
    Summary,
    SyncReport,
    Timing,
    Turn,
)

if TYPE_CHECKING:
    from retrieval.archive import Archive
    from retrieval.examining import examine_file

__all__ = [
    "Answer",
    "AnswerStatus",
    "Archive",
    "ArchiveInfo",
    "Arrangement",
    "BackendChoice",
    "BlockKind",
    "Box",
    "ChannelScore",
    "CheckReport",
    "Context",
    "Contribution",
    "Copies",
    "CopyPlace",
    "Document",
    "DocumentInfo",
    "Examination",
    "Explanation",
    "Failure",
    "Filters",
    "Finding",
    "Hit",
    "HitExplanation",
    "Missing",
    "MissingKind",
    "Original",
    "Outline",
    "OutlineArticle",
    "OutlineBlock",
    "PageSize",
    "Passage",
    "Place",
    "ProgressCallback",
    "Quote",
    "Rename",
    "ReplyKind",
    "Segment",
    "Span",
    "Summary",
    "SyncReport",
    "Timing",
    "Turn",
    "examine_file",
]


def __getattr__(name: str) -> object:
    """Import what needs numpy only when it is asked for: ``ask --help`` does without."""
    if name == "Archive":
        from retrieval.archive import Archive

        return Archive
    if name == "examine_file":
        from retrieval.examining import examine_file

        return examine_file
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
