"""Archives of any size in minutes: real sentences put together anew, with vectors that are drawn.

Texts are of sentences of a question file in SQuAD's layout, two a passage and twenty passages a file. What is indexed
of them is put together from what was cut out of each sentence once, which gives what cutting the passage would give;
the vectors are those of :mod:`benchmarks.stand_in`. All else is as a sync makes it: store, files, segments, clusters.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import retrieval.search.building as building
from benchmarks.stand_in import drawn
from retrieval import Archive
from retrieval.index import Postings, Segment, Snapshot, Store
from retrieval.index._terms import TermTable, ends, to_bytes, to_hash
from retrieval.language.pinyin import Pinyin
from retrieval.language.tokens import bigrams, words
from retrieval.reading import document_id
from retrieval.search.indexes import segment_vectors
from retrieval.syncing.planning import origin_of
from retrieval.types import BlockKind, Context, Document, Passage, PassageDraft, Span

__all__ = ["PER_FILE", "Pool", "fill"]

PER_FILE = 20
_PER_PASSAGE = 2
_LENGTHS = range(15, 60)
_PARTS = ("words", "bigrams", "context", "names")


@dataclass(frozen=True, slots=True)
class _Cut:
    """What an index has of each sentence: terms, and where each sentence's begin among the numbers of all."""

    terms: list[str]
    numbers: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, sentences: Sequence[str], cut: Callable[[str], Sequence[str]]) -> "_Cut":
        known: dict[str, int] = {}
        rows = [[known.setdefault(term, len(known)) for term in cut(sentence)] for sentence in sentences]
        lengths = np.array([len(row) for row in rows], np.int64)
        return cls(list(known), np.array([n for row in rows for n in row], np.int64), ends(lengths))

    def postings(self, chosen: NDArray[np.int64]) -> Postings:
        """Index passages of the sentences ``chosen``, ``(passages, _PER_PASSAGE)``."""
        flat = chosen.reshape(-1)
        lengths = (self.starts[1:] - self.starts[:-1])[flat]
        first = ends(lengths)
        inside = np.arange(int(first[-1])) - np.repeat(first[:-1], lengths)
        numbers = self.numbers[np.repeat(self.starts[flat], lengths) + inside]
        rows = np.repeat(np.arange(len(flat)) // _PER_PASSAGE, lengths)
        encoded = [to_bytes(self.terms[n]) for n in np.unique(numbers).tolist()]
        hashes = np.fromiter(map(to_hash, encoded), np.uint64, len(encoded))
        order = np.argsort(hashes, kind="stable")
        ranks = np.zeros(len(self.terms), np.int64)
        ranks[np.unique(numbers)[order]] = np.arange(len(order))
        keys, counts = np.unique(ranks[numbers] * len(chosen) + rows, return_counts=True)
        return Postings(
            TermTable.build([encoded[n] for n in order.tolist()], hashes[order]),
            np.searchsorted(keys, np.arange(len(order) + 1) * len(chosen)).astype(np.int64),
            (keys % len(chosen)).astype(np.uint16),
            counts.astype(np.uint16),
            np.bincount(rows, minlength=len(chosen)).astype(np.int32),
        )


class Pool:
    """Sentences of a corpus, and passages made of them: passage ``n`` is the same whatever the archive's size."""

    def __init__(self, corpus: Path, cache: Path) -> None:
        """Cut the sentences of ``corpus``.

        :param cache: a folder that has the dictionary's tables, or takes them.
        """
        data = json.loads(corpus.read_text("utf-8"))["data"]
        text = "\n".join(paragraph["context"] for article in data for paragraph in article["paragraphs"])
        found = (part.strip() for part in re.split(r"(?<=[。！？])|\n", text))
        self.sentences = sorted({part for part in found if len(part) in _LENGTHS})
        pinyin = Pinyin.load(cache)
        cuts = {"words": words, "bigrams": bigrams, "names": pinyin.name_terms}
        self._cuts = {name: _Cut.of(self.sentences, cut) for name, cut in cuts.items()}
        # No passage here has a context beyond its own words.
        self._cuts["context"] = self._cuts["words"]

    def chosen(self, first: int, count: int) -> NDArray[np.int64]:
        """Give the sentences of passages, by number: ``(count, _PER_PASSAGE)``."""
        numbers = np.arange(first * _PER_PASSAGE, (first + count) * _PER_PASSAGE, dtype=np.uint64)
        # Multiplying by a large odd number spreads them evenly.
        spread = (numbers * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(33)
        return (spread % np.uint64(len(self.sentences))).astype(np.int64).reshape(count, _PER_PASSAGE)

    def segment(self, ids: NDArray[np.int64], snapshot: Snapshot, codebook: object) -> Segment:
        """Index passages, whose ids are their numbers plus one, with the vectors that the store has of them."""
        chosen = self.chosen(int(ids[0]) - 1, len(ids))
        postings = {name: self._cuts[name].postings(chosen) for name in _PARTS}
        return Segment(ids, postings, segment_vectors(ids, snapshot, codebook))  # type: ignore[arg-type]

    def document(self, number: int, source: str) -> tuple[Document, list[PassageDraft], list[NDArray[np.float32]]]:
        """Give the document of a file, its passages and their vectors."""
        chosen = self.chosen(number * PER_FILE, PER_FILE)
        passages = [[self.sentences[n] for n in row] for row in chosen.tolist()]
        text = "\n\n".join("".join(sentences) for sentences in passages) + "\n"
        drafts, start = [], 0
        for sentences in passages:
            edges = [start, *(start + int(n) for n in np.cumsum([len(sentence) for sentence in sentences]))]
            spans = [Span(a, b) for a, b in pairwise(edges)]
            whole = Span(edges[0], edges[-1])
            drafts.append(
                PassageDraft(
                    document_id(source),
                    BlockKind.PARAGRAPH,
                    (whole,),
                    text[whole.start : whole.end],
                    tuple((span,) for span in spans),
                    Context(),
                )
            )
            start = edges[-1] + 2
        document = Document(document_id(source), source, text, "utf-8", sha256(text.encode()).hexdigest())
        return document, drafts, self._vectors(number, chosen)

    @staticmethod
    def _vectors(number: int, chosen: NDArray[np.int64]) -> list[NDArray[np.float32]]:
        own = np.arange(number * PER_FILE, (number + 1) * PER_FILE)[:, None]
        # A sentence that comes again gets another vector near to the same middle: no two are equal.
        seeds = np.concatenate([own * 7919 + 1, chosen + 3000 * 77 * own + 5], axis=1)
        return list(drawn(seeds.reshape(-1)).reshape(PER_FILE, 1 + _PER_PASSAGE, -1))


def fill(path: Path, files: Path, pool: Pool, count: int, cache: Path) -> None:
    """Make an archive of ``count`` passages, and its files.

    :param cache: as ``Archive.open`` takes it.
    """
    with Archive.open(path, create=True, cache=cache):
        pass
    files.mkdir(parents=True)
    per_commit = 1000
    with Store.open(path) as store:
        for start in range(0, count // PER_FILE, per_commit):
            with store.writing() as writer:
                for number in range(start, min(start + per_commit, count // PER_FILE)):
                    source = f"{number:06}.txt"
                    document, drafts, vectors = pool.document(number, source)
                    (files / source).write_text(document.text, "utf-8")
                    writer.put(document, drafts, vectors, origin=origin_of(files / source))
        store.fold()
    _index(path, pool, cache)


def _index(path: Path, pool: Pool, cache: Path) -> None:
    """Make the indexes as a sync does, but for cutting texts into terms once more."""

    def make(passages: Sequence[Passage], snapshot: Snapshot, codebook: object, _: object) -> Segment:
        return pool.segment(np.array([passage.id for passage in passages], np.int64), snapshot, codebook)

    building.make_segment = make
    with Archive.open(path, cache=cache) as archive, archive.reading():
        pass
