"""What is kept of the archive and how it is found again: the store (the truth) and the indexes made from it."""

from retrieval.index.dense import DenseHits, DenseIndex, UnitScores
from retrieval.index.derived import DerivedFiles
from retrieval.index.lexical import LexicalIndex, LexicalScores, SynonymGroup, WeightedTerm
from retrieval.index.lock import WriteLock
from retrieval.index.records import KnownFile, Origin, PassageFacets, StoreVersion, VectorBlock
from retrieval.index.snapshot import Snapshot
from retrieval.index.store import DATABASE_NAME, Store
from retrieval.index.term_vectors import NearTerm, TermVectors
from retrieval.index.uploads import UPLOADS_NAME, Uploads, upload_source
from retrieval.index.writer import Writer

__all__ = [
    "DATABASE_NAME",
    "UPLOADS_NAME",
    "DenseHits",
    "DenseIndex",
    "DerivedFiles",
    "KnownFile",
    "LexicalIndex",
    "LexicalScores",
    "NearTerm",
    "Origin",
    "PassageFacets",
    "Snapshot",
    "Store",
    "StoreVersion",
    "SynonymGroup",
    "TermVectors",
    "UnitScores",
    "Uploads",
    "VectorBlock",
    "WeightedTerm",
    "WriteLock",
    "Writer",
    "upload_source",
]
