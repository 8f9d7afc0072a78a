"""What is kept of the archive and how it is found again: the store (the truth) and the indexes made from it."""

from retrieval.index.clustered import ClusteredIndex, ClusteredVectors
from retrieval.index.codebook import Codebook
from retrieval.index.derived import DerivedFiles, Saveable
from retrieval.index.exact import ExactIndex, ExactVectors
from retrieval.index.lexical import LexicalIndex
from retrieval.index.lock import WriteLock
from retrieval.index.postings import Postings
from retrieval.index.records import KnownFile, Origin, PassageFacets, StoreVersion, VectorBlock
from retrieval.index.segments import Segment, segment_rows, settled
from retrieval.index.snapshot import Snapshot
from retrieval.index.store import DATABASE_NAME, Store
from retrieval.index.term_vectors import NearTerm, TermVectors
from retrieval.index.uploads import UPLOADS_NAME, Uploads, upload_source
from retrieval.index.vectors import Nearest, UnitScores, VectorIndex
from retrieval.index.weighted import LexicalScores, SynonymGroup, WeightedTerm
from retrieval.index.writer import Writer

__all__ = [
    "DATABASE_NAME",
    "UPLOADS_NAME",
    "ClusteredIndex",
    "ClusteredVectors",
    "Codebook",
    "DerivedFiles",
    "ExactIndex",
    "ExactVectors",
    "KnownFile",
    "LexicalIndex",
    "LexicalScores",
    "NearTerm",
    "Nearest",
    "Origin",
    "PassageFacets",
    "Postings",
    "Saveable",
    "Segment",
    "Snapshot",
    "Store",
    "StoreVersion",
    "SynonymGroup",
    "TermVectors",
    "UnitScores",
    "Uploads",
    "VectorBlock",
    "VectorIndex",
    "WeightedTerm",
    "WriteLock",
    "Writer",
    "segment_rows",
    "settled",
    "upload_source",
]
