"""What is kept of the archive and how it is found again: the store (the truth) and the indexes made from it."""

from retrieval.index.clustered import ClusteredIndex, ClusteredVectors
from retrieval.index.codebook import Codebook
from retrieval.index.derived import DerivedFiles, Saveable
from retrieval.index.exact import ExactIndex, ExactVectors
from retrieval.index.homes import store_home
from retrieval.index.lexical import LexicalIndex
from retrieval.index.lock import WriteLock
from retrieval.index.near_terms import NearTerm
from retrieval.index.postings import Postings
from retrieval.index.protocol import Snapshot, Writer
from retrieval.index.records import KnownFile, Origin, PassageFacets, StoreVersion, VectorBlock
from retrieval.index.registry import FileRegistry, Registry, Shelf
from retrieval.index.segments import Segment, segment_rows, settled
from retrieval.index.sqlite_store import DATABASE_NAME, SqliteStore
from retrieval.index.store import Store, StoreHome
from retrieval.index.term_vectors import TermVectors
from retrieval.index.uploads import UPLOADS_NAME, FileUploads, Uploads, upload_source
from retrieval.index.vectors import Nearest, UnitScores, VectorIndex
from retrieval.index.weighted import LexicalScores, SynonymGroup, WeightedTerm

__all__ = [
    "DATABASE_NAME",
    "UPLOADS_NAME",
    "ClusteredIndex",
    "ClusteredVectors",
    "Codebook",
    "DerivedFiles",
    "ExactIndex",
    "ExactVectors",
    "FileRegistry",
    "FileUploads",
    "KnownFile",
    "LexicalIndex",
    "LexicalScores",
    "NearTerm",
    "Nearest",
    "Origin",
    "PassageFacets",
    "Postings",
    "Registry",
    "Saveable",
    "Segment",
    "Shelf",
    "Snapshot",
    "SqliteStore",
    "Store",
    "StoreHome",
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
    "store_home",
    "upload_source",
]
