"""Measure how fast files are read, and how much memory that takes, side by side with what a user would pick instead.

Run it from the project's root: ``python benchmarks/reading.py [--ocr] [--megabytes 200]``. Other readers (pypdf,
trafilatura) are measured where they are installed. Each figure comes from a process of its own, after one reading that
loads what the reader needs; text is read once.
"""

import argparse
import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_PAGES = _ROOT / "tests" / "retrieval" / "reading" / "pages"
_PDF_PAGES = 2
# What of this project is measured: reading alone, or with cutting into passages.
_OWN = ("wenju", "segmenting")
_SEGMENTED_MEGABYTES = (2, 8)


def _read(path: Path, reader: str) -> None:
    if reader == "pypdf":
        from pypdf import PdfReader

        for page in PdfReader(path).pages:
            page.extract_text()
    elif reader == "trafilatura":
        import trafilatura

        trafilatura.extract(path.read_bytes())
    else:
        from retrieval.reading import SourceFile, read_document

        document = read_document(SourceFile(path, path.name))
        if reader == "segmenting":
            from retrieval.segmenting import iter_passages

            for _ in iter_passages(document):
                pass  # as whoever stores them one by one would take them


def _measure(path: Path, reader: str, repeats: int) -> None:
    """Print the seconds of one reading and the peak of memory beyond the start in MB, as JSON."""
    warm = path if path.suffix != ".txt" else next((_ROOT / "seeds").glob("*.txt"))
    _read(warm, reader)
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    for _ in range(repeats):
        _read(path, reader)
    seconds = (time.perf_counter() - began) / repeats
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    json.dump([seconds, (peak - start) / 1024], sys.stdout)


def _show(what: str, path: Path, amount: float, unit: str, *, reader: str = "wenju", repeats: int = 1) -> None:
    if reader not in _OWN and importlib.util.find_spec(reader) is None:
        sys.stdout.write(f"{what:<34} {reader:<12} not installed\n")
        return
    command = [sys.executable, __file__, "--one", str(path), "--reader", reader, "--repeats", str(repeats)]
    result = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT)
    seconds, megabytes = json.loads(result.stdout)
    sys.stdout.write(f"{what:<34} {reader:<12} {amount / seconds:>10.1f} {unit:<13} +{megabytes:.0f} MB\n")


def _article(folder: Path) -> Path:
    paragraphs = "".join(path.read_text(encoding="utf-8") for path in sorted((_ROOT / "seeds").glob("*.txt")))
    body = "".join(f"<p>{line}</p>" for line in paragraphs.split("\n") if line)
    page = folder / "page.html"
    links = "<nav>" + "<a href='#'>新闻</a>" * 200 + "</nav>"
    page.write_text(f"<title>t</title>{links}<article>{body}</article>", encoding="utf-8")
    return page


def main() -> None:
    """Measure what the arguments ask for."""
    sys.path.insert(0, str(_ROOT))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ocr", action="store_true", help="measure recognition too; takes minutes")
    parser.add_argument("--megabytes", type=int, default=200, help="size of the large text file")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--reader", default="wenju", help=argparse.SUPPRESS)
    parser.add_argument("--repeats", type=int, default=1, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one is not None:
        _measure(arguments.one, arguments.reader, arguments.repeats)
        return
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((_ROOT / "seeds").glob("*.txt")))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for codec in ("utf-8", "gb18030"):
            data = text.encode(codec, errors="ignore")
            for megabytes in (arguments.megabytes // 10, arguments.megabytes):
                path = folder / f"{codec}.txt"
                with path.open("wb") as stream:
                    for _ in range(megabytes * 1_000_000 // len(data)):
                        stream.write(data)
                _show(f"text, {codec}, {megabytes} MB", path, path.stat().st_size / 1e6, "MB/s")
                path.unlink()
        for megabytes in _SEGMENTED_MEGABYTES:
            path = folder / "pages.txt"
            path.write_bytes(text.encode() * (megabytes * 1_000_000 // len(text.encode())))
            _show(f"text to passages, {megabytes} MB", path, path.stat().st_size / 1e6, "MB/s", reader="segmenting")
        page = _article(folder)
        for reader in ("wenju", "trafilatura"):
            _show("HTML article", page, page.stat().st_size / 1e6, "MB/s", reader=reader, repeats=5)
        for reader in ("wenju", "pypdf"):
            _show("PDF, two columns", _PAGES / "council.pdf", 60 * _PDF_PAGES, "pages/min", reader=reader, repeats=5)
        if arguments.ocr:
            for picture in ("gazette.png", "newspaper.png"):
                _show(f"OCR, {picture}", _PAGES / picture, 60, "pages/min")


if __name__ == "__main__":
    main()
