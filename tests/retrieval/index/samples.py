"""Documents, passages and vectors for these tests, and a Python beside this one."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import retrieval.errors
from retrieval.index import ExactVectors, Postings, Segment, Store, VectorBlock
from retrieval.types import BlockKind, Context, Document, PassageDraft, Span

DIMENSION = 8
ROOT = Path(retrieval.errors.__file__).parents[1]


def make_document(source: str, text: str) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(id=f"id-{source}", source=source, text=text, encoding="utf-8", revision=digest)


def make_drafts(document: Document) -> list[PassageDraft]:
    """One passage per line, with two sentences if the line has room for them."""
    drafts = []
    start = 0
    for line in document.text.splitlines(keepends=True):
        end = start + len(line)
        middle = (start + end) // 2
        sentences = ((Span(start, middle),), (Span(middle, end),)) if middle > start else ((Span(start, end),),)
        context = Context(
            title=f"标题{document.source}", publication="株洲日报", date="2021-11-22", headings=("一", "二")
        )
        drafts.append(PassageDraft(document.id, BlockKind.PARAGRAPH, (Span(start, end),), line, sentences, context))
        start = end
    return drafts


def make_vectors(drafts: list[PassageDraft], seed: int = 0) -> list[NDArray[np.float32]]:
    random = np.random.default_rng(seed)
    return [make_units(random, 1 + len(draft.sentences), DIMENSION) for draft in drafts]


def encoded(drafts: list[PassageDraft], seed: int = 0) -> list[tuple[PassageDraft, NDArray[np.float32]]]:
    """Give passages with vectors, as a writer takes them."""
    return list(zip(drafts, make_vectors(drafts, seed), strict=True))


def make_units(random: np.random.Generator, count: int, dimension: int) -> NDArray[np.float32]:
    vectors = random.standard_normal((count, dimension), dtype=np.float32)
    units: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return units


def make_segment(count: int, width: int, first: int = 1, seed: int = 0) -> Segment:
    """Make passages of one vector and a few of twenty words each."""
    random = np.random.default_rng(seed)
    ids = np.arange(first, first + count)
    block = VectorBlock(ids, np.zeros(count, np.int32), make_units(random, count, width))
    words = [[f"词{n}" for n in random.integers(0, 20, 5)] for _ in range(count)]
    return Segment(ids, {"words": Postings.build(words)}, ExactVectors.build(ids, block))


def put(store: Store, source: str, text: str, seed: int = 0) -> Document:
    document = make_document(source, text)
    drafts = make_drafts(document)
    with store.writing() as writer:
        writer.put(document, encoded(drafts, seed))
    return document


def start_python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Run ``code`` in another process, with this folder's helpers at hand."""
    paths = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(Path(__file__).parent)!r}]\n"
    return subprocess.Popen(
        [sys.executable, "-c", paths + code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
