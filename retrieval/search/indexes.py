import json
from collections.abc import Sequence
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
from retrieval.types import Context, Passage

__all__ = ["RECIPE", "Indexes", "context_text", "encoded_texts", "make_segment", "segment_vectors", "words_of"]

# Raise it when what is indexed, or how it is cut into terms, changes: older files are then made anew.
RECIPE = "7"
# Fitted on the even questions of XQuAD zh/zh and en/en: .951 and .948 recall@1, against .945 and .946 with 1.2 and .75.
_K1, _B = 0.9, 0.4
# Names: how often a passage says one tells little, and its length hardly matters.
_NAME_K1, _NAME_B = 1.2, 0.3
_CODEBOOK = "clusters"
_TERMS = "terms"
_CONTENTS, _CONTENTS_FILE = "contents", "contents.json"


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
            bigrams=LexicalIndex([segment.postings["bigrams"] for segment in segments], k1=_K1, b=_B),
            context=LexicalIndex([segment.postings["context"] for segment in segments], k1=_K1, b=_B),
            names=LexicalIndex([segment.postings["names"] for segment in segments], k1=_NAME_K1, b=_NAME_B),
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
    return LexicalIndex([segment.postings["words"] for segment in segments], k1=_K1, b=_B)


def make_segment(passages: Sequence[Passage], snapshot: Snapshot, codebook: Codebook | None, pinyin: Pinyin) -> Segment:
    """Index passages, given by ascending id, with the vectors that ``snapshot`` has of them."""
    name_rows: list[Sequence[str]] = []
    word_rows: list[Sequence[str]] = []
    bigram_rows: list[Sequence[str]] = []
    context_rows: list[Sequence[str]] = []
    for passage in passages:
        word_rows.append(words(passage.text))
        bigram_rows.append(bigrams(passage.text))
        context = context_text(passage.context)
        context_rows.append([*word_rows[-1], *words(context)])
        name_rows.append(pinyin.name_terms(f"{passage.text}\n{context}"))
    postings = {
        "words": Postings.build(word_rows),
        "bigrams": Postings.build(bigram_rows),
        "context": Postings.build(context_rows),
        "names": Postings.build(name_rows),
    }
    passage_ids = np.array([passage.id for passage in passages], np.int64)
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
