"""Speed and memory of taking passages in, side by side with what users would build instead, one thread each.

    python -m benchmarks.syncing_peers CORPUS.json --passages 10000

``CORPUS.json`` is a question file in SQuAD's layout; its paragraphs, perturbed, become files of twenty passages. Each
system reads these files, encodes with the same encoder, makes its indexes and saves all to the disk, in a process of
its own. LangChain (FAISS and BM25) and txtai (its hybrid, with the texts kept) take the passages as they are; Wenju
cuts the files itself, and has a vector for each sentence beside that of the passage. Seconds are those of the work,
without imports; memory is the process's highest resident size. Then some passages are looked up by how they start, to
see that what was saved finds them. With ``--stand-in`` vectors are drawn instead of encoded, which leaves what the
systems do themselves. A framework that is not installed is named and left out.
"""

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

from threadpoolctl import threadpool_limits

from benchmarks.perturbed import read_passages, write_files
from benchmarks.search_peers import PeerMissingError, embeddings_for, need
from benchmarks.stand_in import StandIn, use
from retrieval import Archive
from retrieval.encoding import Encoder, Vectors, load_encoder

__all__ = ["main"]

_ASKED = 20
_START = 24
_MISSING = 3
Finds: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Sync:
    """What a system took: seconds of the clock and of the processor, and how many of the texts asked for it found."""

    passages: int
    vectors: int
    seconds: float
    cpu_seconds: float
    found: int


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    sync: _Sync
    peak: float
    disk: float


class _Counting:
    """An encoder that counts the texts that it is given to keep."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.dimension, self.count = encoder.name, encoder.dimension, 0

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.count += len(texts)
        return self._encoder.encode_passages(texts)


def _cut(text: str) -> list[str]:
    import rjieba

    return list(rjieba.cut(text))


def _langchain(files: Path, folder: Path, encoder: Encoder) -> Finds:
    packages = "langchain-community langchain-classic rank_bm25"
    retrievers = need("langchain_community.retrievers", packages)
    stores = need("langchain_community.vectorstores", packages)
    texts = read_passages(files)
    lexical = retrievers.BM25Retriever.from_texts(texts, preprocess_func=_cut, k=10)
    dense = stores.FAISS.from_texts(texts, embeddings_for(encoder, packages))
    dense.save_local(str(folder))
    with Path(folder, "bm25.pickle").open("wb") as file:
        pickle.dump(lexical, file)
    return lambda text: str(lexical.invoke(text)[0].page_content)


def _txtai(files: Path, folder: Path, encoder: Encoder) -> Finds:
    embeddings = need("txtai.embeddings", "txtai")

    # It takes a bound method for a class to call.
    def transform(texts: Sequence[str]) -> Vectors:
        return encoder.encode_passages(texts)

    index = embeddings.Embeddings(method="external", transform=transform, hybrid=True, content=True)
    index.index(list(enumerate(read_passages(files))))
    index.save(str(folder))
    return lambda text: str(index.search(text, 1)[0]["text"])


_PEERS = {"LangChain": _langchain, "txtai": _txtai}


def _peer(name: str, files: Path, folder: Path, encoder: Encoder) -> _Sync:
    counting = _Counting(encoder)
    # Imports and the encoder's first words are no part of the work.
    with tempfile.TemporaryDirectory() as other:
        few = Path(other, "files")
        few.mkdir()
        Path(few, "a.txt").write_text("甲乙丙。\n\n丁戊己。\n", "utf-8")
        _PEERS[name](few, Path(other, "saved"), counting)
    counting.count = 0
    began, worked = time.perf_counter(), time.process_time()
    finds = _PEERS[name](files, folder, counting)
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    vectors, asked = counting.count, read_passages(files)
    found = sum(finds(text[:_START]) == text for text in asked[:: max(1, len(asked) // _ASKED)][:_ASKED])
    return _Sync(len(asked), vectors, round(seconds, 2), round(cpu, 2), found)


def _wenju(files: Path, folder: Path, cache: Path) -> _Sync:
    with Archive.open(folder, create=True, cache=cache) as archive:
        archive.add("a.txt", "甲乙丙。\n\n丁戊己。\n".encode())
        archive.remove(archive.documents()[0].id)
        began, worked = time.perf_counter(), time.process_time()
        archive.sync([files])
        seconds, cpu = time.perf_counter() - began, time.process_time() - worked
        asked, info = read_passages(files), archive.check().index
        found = sum(
            text in archive.document(archive.search(text[:_START], 1)[0].passage.document_id).text
            for text in asked[:: max(1, len(asked) // _ASKED)][:_ASKED]
        )
        assert info is not None
        return _Sync(archive.info().passages, info.vectors, round(seconds, 2), round(cpu, 2), found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--characters", type=int, help="length of the passages, to a sentence's end")
    parser.add_argument("--stand-in", action="store_true")
    parser.add_argument("--cache", type=Path, help="folder of the unpacked encoder and dictionary")
    parser.add_argument("--system", choices=("Wenju", *_PEERS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.system:
        with threadpool_limits(1):
            _work(options)
        return
    with (
        tempfile.TemporaryDirectory(prefix="wenju-benchmark-") as folder,
        nullcontext(options.cache) if options.cache else tempfile.TemporaryDirectory() as cache,
    ):
        write_files(options.corpus, options.passages, Path(folder, "files"), options.characters)
        words = ["--cache", str(cache), *(["--stand-in"] if options.stand_in else [])]
        rows = [_run(name, options.corpus, Path(folder), words) for name in ("Wenju", *_PEERS)]
    _show([row for row in rows if row is not None], options.passages)


def _work(options: argparse.Namespace) -> None:
    if options.stand_in:
        use()
    files, folder = options.folder / "files", options.folder / options.system
    if options.system == "Wenju":
        sync = _wenju(files, folder, options.cache)
    else:
        encoder = StandIn() if options.stand_in else load_encoder(cache=options.cache)
        try:
            sync = _peer(options.system, files, folder, encoder)
        except PeerMissingError as missing:
            sys.stderr.write(f"{options.system}: {missing}\n")
            sys.exit(_MISSING)
    sys.stdout.write(json.dumps(asdict(sync)))


def _run(name: str, corpus: Path, folder: Path, words: Sequence[str]) -> _Row | None:
    command = ["-m", "benchmarks.syncing_peers", str(corpus), "--system", name, "--folder", str(folder), *words]
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        told = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode == _MISSING:
        return None
    if child.returncode:
        raise RuntimeError(f"{name} ended with {child.returncode}")
    size = sum(path.stat().st_size for path in (folder / name).rglob("*") if path.is_file())
    return _Row(name, _Sync(**json.loads(told)), usage.ru_maxrss / 1024, size / 1e6)


def _show(rows: Sequence[_Row], passages: int) -> None:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    sys.stdout.write(
        f"{passages} passages, one thread each, one after the other, load {load}; × is the share of Wenju's\n\n"
    )
    sys.stdout.write("| sync | passages a second | of the processor | × | peak MB | × | disk MB | vectors | found |\n")
    sys.stdout.write("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
    own = rows[0]
    for row in rows:
        rate, own_rate = passages / row.sync.cpu_seconds, passages / own.sync.cpu_seconds
        sys.stdout.write(
            f"| {row.name} | {passages / row.sync.seconds:.1f} | {rate:.1f} | {rate / own_rate:.2f} "
            f"| {row.peak:.0f} | {row.peak / own.peak:.2f} | {row.disk:.0f} | {row.sync.vectors} "
            f"| {row.sync.found} of {_ASKED} |\n"
        )


if __name__ == "__main__":
    main()
