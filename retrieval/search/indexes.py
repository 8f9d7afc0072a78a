import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.index import (
    ClusteredIndex,
    ClusteredVectors,
    Codebook,
    ExactIndex,
    ExactVectors,
    LexicalIndex,
    Postings,
    Saveable,
    Segment,
    Snapshot,
    TermVectors,
    VectorBlock,
    VectorIndex,
)
from retrieval.language.pinyin import Pinyin
from retrieval.language.tokens import bigrams, words
from retrieval.search.pooling import Lookup, best_rows
from retrieval.search.protocol import Lexical
from retrieval.types import Context, Passage

__all__ = [
    "RECIPE",
    "SHAPES",
    "Indexes",
    "Shape",
    "context_text",
    "encoded_texts",
    "make_segment",
    "passage_terms",
    "segment_vectors",
    "words_of",
]

# Raise it when what is indexed, or how it is cut into terms, changes: older files are then made anew.
RECIPE = "8"
_CODEBOOK = "clusters"
_TERMS = "terms"
_CONTENTS, _CONTENTS_FILE = "contents", "contents.json"


@dataclass(frozen=True, slots=True)
class Shape:
    """The two constants of BM25 for a field."""

    k1: float
    b: float


# Fitted on the even questions of XQuAD zh/zh and en/en: .951 and .948 recall@1, against .945 and .946 with 1.2 and .75.
_TEXT = Shape(0.9, 0.4)
# Names: how often a passage says one tells little, and its length hardly matters.
SHAPES: Mapping[str, Shape] = {"words": _TEXT, "bigrams": _TEXT, "context": _TEXT, "names": Shape(1.2, 0.3)}
"""How the terms of each field are scored."""


@dataclass(frozen=True, slots=True)
class Indexes:
    """The indexes over an archive's passages; row ``i`` of each is passage ``passage_ids[i]``.

    They are made of ``segments``; ``codebook`` is None where vectors are searched exactly.
    """

    segments: tuple[Segment, ...]
    codebook: Codebook | None
    terms: TermVectors
    passage_ids: NDArray[np.int64]
    dense: VectorIndex
    words: LexicalIndex
    bigrams: LexicalIndex
    context: LexicalIndex
    names: LexicalIndex

    @classmethod
    def over(
        cls, segments: Sequence[Segment], codebook: Codebook | None, terms: TermVectors, dimension: int
    ) -> "Indexes":
        """Search segments, whose ids ascend, as one."""
        passage_ids = np.concatenate([np.empty(0, np.int64), *(segment.passage_ids for segment in segments)])
        return cls(
            segments=tuple(segments),
            codebook=codebook,
            terms=terms,
            passage_ids=passage_ids,
            dense=_vector_index(segments, codebook, passage_ids, dimension),
            words=words_of(segments),
            bigrams=_of_field(segments, "bigrams"),
            context=_of_field(segments, "context"),
            names=_of_field(segments, "names"),
        )

    @classmethod
    def load(cls, folder: Path, dimension: int) -> "Indexes":
        """Open saved indexes.

        :raises ArchiveDamagedError: if files are missing or do not fit together; build the indexes again.
        """
        try:
            contents = _Contents.load(folder / _CONTENTS)
            codebook = Codebook.load(folder / _CODEBOOK) if contents.clustered else None
        except (OSError, ValueError, TypeError) as error:
            raise ArchiveDamagedError(f"{folder} is damaged ({error}). Remove it; it will be made anew") from error
        segments = [Segment.load(folder / _segment_name(number), codebook) for number in range(contents.segments)]
        return cls.over(segments, codebook, TermVectors.load(folder / _TERMS), dimension)

    def best_rows(self, lookups: Sequence[Lookup], count: int, passing: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        """Give up to ``count`` rows, ascending, that the rarer terms of ``lookups`` put highest."""
        return best_rows(lookups, count, len(self.passage_ids), passing)

    def sums(self, lookups: Sequence[Lookup], rows: NDArray[np.int64]) -> NDArray[np.float32] | None:  # noqa: ARG002 - as SearchIndexes has it
        """Give None: exact scores cost no more."""
        return None

    def among(self, snapshot: Snapshot, rows: NDArray[np.int64] | None) -> Lexical:  # noqa: ARG002 - as SearchIndexes has it
        """Give these indexes themselves."""
        return Lexical(self.words, self.bigrams, self.context, self.names, rows)

    def parts(self) -> dict[str, Saveable]:
        """Give what is saved, by the names under which it is."""
        parts: dict[str, Saveable] = {_segment_name(n): segment for n, segment in enumerate(self.segments)}
        parts[_TERMS] = self.terms
        parts[_CONTENTS] = _Contents(len(self.segments), self.codebook is not None)
        if self.codebook is not None:
            parts[_CODEBOOK] = self.codebook
        return parts


@dataclass(frozen=True, slots=True)
class _Contents:
    """What there is to load."""

    segments: int
    clustered: bool

    def save(self, folder: Path) -> None:
        (folder / _CONTENTS_FILE).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "_Contents":
        return cls(**json.loads((folder / _CONTENTS_FILE).read_text(encoding="utf-8")))


def _segment_name(number: int) -> str:
    return f"segment-{number:05}"


def words_of(segments: Sequence[Segment]) -> LexicalIndex:
    """Give the index of the words of passages."""
    return _of_field(segments, "words")


def _of_field(segments: Sequence[Segment], field: str) -> LexicalIndex:
    shape = SHAPES[field]
    return LexicalIndex([segment.postings[field] for segment in segments], k1=shape.k1, b=shape.b)


def passage_terms(passage: Passage, pinyin: Pinyin) -> dict[str, list[str]]:
    """Cut a passage into the terms of each field."""
    own, context = words(passage.text), context_text(passage.context)
    return {
        "words": own,
        "bigrams": bigrams(passage.text),
        "context": [*own, *words(context)],
        "names": pinyin.name_terms(f"{passage.text}\n{context}"),
    }


def make_segment(passages: Iterable[Passage], snapshot: Snapshot, codebook: Codebook | None, pinyin: Pinyin) -> Segment:
    """Index passages, given by ascending id, with the vectors that ``snapshot`` has of them."""
    ids, rows = list[int](), list[dict[str, list[str]]]()
    for passage in passages:
        ids.append(passage.id)
        rows.append(passage_terms(passage, pinyin))
    postings = {field: Postings.build([row[field] for row in rows]) for field in SHAPES}
    passage_ids = np.array(ids, np.int64)
    return Segment(passage_ids, postings, segment_vectors(passage_ids, snapshot, codebook))


def segment_vectors(
    passage_ids: NDArray[np.int64], snapshot: Snapshot, codebook: Codebook | None
) -> ExactVectors | ClusteredVectors:
    """Index the vectors that ``snapshot`` has of passages that follow one another."""
    first, last = (int(passage_ids[0]), int(passage_ids[-1])) if len(passage_ids) else (0, 0)
    block = VectorBlock.join(snapshot.vectors(first - 1, last), snapshot.dimension)
    if codebook is None:
        return ExactVectors.build(passage_ids, block)
    return ClusteredVectors.build(codebook, passage_ids, block)


def context_text(context: Context) -> str:
    """Write a passage's context as one text, for the search."""
    year = context.date[:4]
    about = (context.place, context.title, context.article, *context.headings, *context.people)
    issue = (context.byline, context.publication, f"{year}年" if year else "", context.date)
    return "\n".join((*about, *(f"{period}年" for period in context.period.split("/") if period), *issue))


def encoded_texts(passage_text: str, sentences: Sequence[str], context: Context) -> list[str]:
    """Give the texts that are encoded for a passage: itself under its article and headings, then its sentences."""
    headings = dict.fromkeys((context.place, context.article, *context.headings[-1:]))
    return ["\n".join((*filter(None, headings), passage_text)), *sentences]


def _vector_index(
    segments: Sequence[Segment], codebook: Codebook | None, passage_ids: NDArray[np.int64], dimension: int
) -> VectorIndex:
    if codebook is None:
        exact = [segment.vectors for segment in segments if isinstance(segment.vectors, ExactVectors)]
        return ExactIndex(exact, passage_ids, dimension)
    clustered = [segment.vectors for segment in segments if isinstance(segment.vectors, ClusteredVectors)]
    return ClusteredIndex(clustered, passage_ids, codebook)
