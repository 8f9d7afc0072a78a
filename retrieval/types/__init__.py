"""The values that pass between the stages: frozen, slotted, and free of behaviour that needs a stage.

All offsets are character offsets into ``Document.text``; a span ``[start, end)`` excludes its end.
"""

from retrieval.types.answers import (
    Answer,
    AnswerStatus,
    Arrangement,
    Missing,
    MissingKind,
    Quote,
    ReplyKind,
    Segment,
    Summary,
    Timing,
    Turn,
)
from retrieval.types.archives import (
    LOCAL,
    MILVUS,
    ArchiveInfo,
    BackendChoice,
    Failure,
    ProgressCallback,
    Rename,
    SyncReport,
    VectorIndexInfo,
)
from retrieval.types.copies import Copies, CopyPlace
from retrieval.types.documents import Block, BlockKind, Context, Document, DocumentInfo, Passage, PassageDraft
from retrieval.types.explanations import Contribution, Explanation, HitExplanation
from retrieval.types.filters import Filters
from retrieval.types.hits import ChannelScore, Hit
from retrieval.types.originals import Original, PageSize
from retrieval.types.outlines import Examination, Outline, OutlineArticle, OutlineBlock
from retrieval.types.spans import Box, Place, Span
from retrieval.types.upkeep import CheckReport, Finding

__all__ = [
    "LOCAL",
    "MILVUS",
    "Answer",
    "AnswerStatus",
    "ArchiveInfo",
    "Arrangement",
    "BackendChoice",
    "Block",
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
    "PassageDraft",
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
    "VectorIndexInfo",
]
