"""Archives of any size in minutes: real sentences put together anew, with vectors that are drawn.

A passage is two sentences of a question file in SQuAD's layout, taken as one sentence, so that it has two vectors; a
file has twenty passages. What is indexed is put together from what was cut out of each sentence once, which gives what
cutting the passage would give; the vectors are those of :mod:`benchmarks.stand_in`. All else is as a sync makes it.
"""

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.stand_in import StandIn, drawn
from retrieval import Archive
from retrieval.index import (
    DATABASE_NAME,
    Codebook,
    DerivedFiles,
    Origin,
    Postings,
    Segment,
    Snapshot,
    SqliteStore,
    segment_rows,
)
from retrieval.index._terms import TermTable, ends, to_bytes, to_hash
from retrieval.language.pinyin import Pinyin
from retrieval.language.tokens import bigrams, words
from retrieval.reading import document_id
from retrieval.search.building import IndexBuilder
from retrieval.search.indexes import RECIPE, segment_vectors
from retrieval.syncing.planning import origin_of
from retrieval.types import Context

__all__ = ["PER_FILE", "Pool", "fill"]

PER_FILE = 20
_PER_PASSAGE = 2
_LENGTHS = range(15, 60)
_PER_COMMIT = 20_000


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

    def chosen(self, first: int, count: int) -> NDArray[np.int64]:
        """Give the sentences of passages, by number: ``(count, _PER_PASSAGE)``."""
        numbers = np.arange(first * _PER_PASSAGE, (first + count) * _PER_PASSAGE, dtype=np.uint64)
        # Multiplying by a large odd number spreads them evenly.
        spread = (numbers * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(33)
        return (spread % np.uint64(len(self.sentences))).astype(np.int64).reshape(count, _PER_PASSAGE)

    def segment(self, ids: NDArray[np.int64], snapshot: Snapshot, codebook: Codebook | None) -> Segment:
        """Index passages, whose ids are their numbers plus one, with the vectors that the store has of them."""
        chosen = self.chosen(int(ids[0]) - 1, len(ids))
        postings = {name: cut.postings(chosen) for name, cut in self._cuts.items()}
        # No passage here has a context beyond its own words.
        postings["context"] = postings["words"]
        return Segment(ids, postings, segment_vectors(ids, snapshot, codebook))

    def texts(self, first: int, count: int) -> list[str]:
        """Give the texts of passages."""
        return ["".join(self.sentences[n] for n in row) for row in self.chosen(first, count).tolist()]


def fill(path: Path, files: Path | None, pool: Pool, count: int, cache: Path) -> None:
    """Make an archive of ``count`` passages.

    :param files: a folder that takes the files too, so that they can be synced; None for none.
    :param cache: as ``Archive.open`` takes it.
    """
    with Archive.open(path, create=True, cache=cache):
        pass
    with closing(sqlite3.connect(path / DATABASE_NAME, isolation_level=None)) as connection:
        # Nobody else is there, and what a crash leaves is made anew.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = OFF")
        for start in range(0, count, _PER_COMMIT):
            connection.execute("BEGIN")
            _insert(connection, files, pool, start, min(_PER_COMMIT, count - start))
            connection.execute("COMMIT")
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'generation'")
        connection.execute("PRAGMA journal_mode = WAL")
    derived = DerivedFiles(path, recipe=RECIPE)
    with SqliteStore.open(path) as store, store.snapshot() as snapshot, derived.workshop() as workshop:
        builder = _Builder(snapshot, StandIn(), Pinyin.load(cache), workshop)
        builder.pool = pool
        derived.save(snapshot.version, builder.build().parts())


class _Builder(IndexBuilder):
    """Indexes as a sync does, but for reading the passages and cutting them into terms once more."""

    pool: Pool

    def _new_segments(self, after: int, total: int, codebook: Codebook | None) -> Iterator[Segment]:
        for first in range(after + 1, total + 1, segment_rows(total)):
            ids = np.arange(first, min(first + segment_rows(total), total + 1))
            yield self._kept(self.pool.segment(ids, self._snapshot, codebook))


def _insert(connection: sqlite3.Connection, files: Path | None, pool: Pool, first: int, count: int) -> None:
    """Write passages into the store, and the files that they are of."""
    context = json.dumps(Context().to_dict())
    texts = pool.texts(first, count)
    passages = []
    for number in range(0, count, PER_FILE):
        some = texts[number : number + PER_FILE]
        source, text = f"{(first + number) // PER_FILE:06}.txt", "\n\n".join(some) + "\n"
        origin = Origin()
        if files is not None:
            files.mkdir(parents=True, exist_ok=True)
            (files / source).write_text(text, "utf-8")
            origin = origin_of(files / source)
        connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, 'utf-8', ?, ?, '', '', ?, ?, 0, ?)",
            (
                *(document_id(source), source, text, crc32(text.encode()), sha256(text.encode()).hexdigest(), source),
                *(len(text), os.fsencode(origin.location or ""), origin.stamp),
            ),
        )
        start = 0
        for position, passage in enumerate(some):
            span = f"[{start},{start + len(passage)}]"
            passages.append((document_id(source), position, f"[{span}]", f"[[{span}]]", context))
            start += len(passage) + 2
    connection.executemany(
        "INSERT INTO passages (document_id, position, kind, spans, sentences, context) "
        "VALUES (?, ?, 'paragraph', ?, ?, ?)",
        passages,
    )
    numbers = np.arange(first, first + count)
    for unit, seeds in enumerate((numbers * 7919 + 1, numbers * 104729 + 5)):
        vectors = drawn(seeds)
        connection.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?)",
            ((number + 1, unit, row.tobytes()) for number, row in zip(numbers.tolist(), vectors, strict=True)),
        )
