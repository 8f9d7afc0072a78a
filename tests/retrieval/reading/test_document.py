import hashlib
import os
from pathlib import Path

import pytest

from retrieval.errors import SourceError
from retrieval.reading import (
    Heading,
    Layout,
    SourceFile,
    document_id,
    find_sources,
    interpret,
    load_file,
    read_document,
)
from retrieval.types import Span


def source_file(path: Path, data: bytes) -> SourceFile:
    path.write_bytes(data)
    return SourceFile(path, path.name)


def test_a_document_has_the_exact_text_and_the_files_hash(tmp_path: Path) -> None:
    data = "株洲日报\r\n2021年\r".encode()
    document = read_document(source_file(tmp_path / "a.txt", data))
    assert document.text == "株洲日报\r\n2021年\r"
    assert document.encoding == "utf-8"
    assert document.revision == hashlib.sha256(data).hexdigest()
    assert document.source == "a.txt"
    assert document.id == "18b7cb099a9ea3f5"


def test_the_id_stays_while_the_contents_change(tmp_path: Path) -> None:
    before = read_document(source_file(tmp_path / "a.txt", b"one"))
    after = read_document(source_file(tmp_path / "a.txt", b"two"))
    assert before.id == after.id == document_id("a.txt")
    assert before.revision != after.revision


def test_every_seed_is_read_exactly() -> None:
    seeds = Path(__file__).parents[3] / "seeds"
    sources = find_sources([seeds]).sources
    assert len(sources) == 5
    for file in sources:
        document = read_document(file)
        assert document.text.encode(document.encoding) == file.path.read_bytes()


def test_a_file_without_permission_or_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the file vanished before it was read"):
        read_document(SourceFile(tmp_path / "gone.txt", "gone.txt"))
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(SourceError, match="not a regular file"):
        read_document(SourceFile(tmp_path / "folder.txt", "folder.txt"))


def test_a_named_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(SourceError, match="not a regular file"):
        read_document(SourceFile(tmp_path / "pipe.txt", "pipe.txt"))


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    file = source_file(tmp_path / "a.txt", b"12345")
    assert read_document(file, max_bytes=5).text == "12345"
    with pytest.raises(SourceError, match="5 bytes are more than the limit of 4"):
        read_document(file, max_bytes=4)


@pytest.mark.parametrize("change", ["grow", "replace", "remove"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    file = source_file(tmp_path / "a.txt", b"complete")
    real = os.fstat
    calls = 0

    def fstat(descriptor: int) -> os.stat_result:
        nonlocal calls
        calls += 1
        if calls == 2:
            if change == "grow":
                with file.path.open("ab") as stream:
                    stream.write(b" and more")
            elif change == "replace":
                (tmp_path / "new").write_bytes(b"exchange")
                (tmp_path / "new").replace(file.path)
            else:
                file.path.unlink()
        return real(descriptor)

    # open() asks for the status itself before we do, so the file changes right after it is opened or read.
    monkeypatch.setattr(os, "fstat", fstat)
    with pytest.raises(SourceError, match=r"changed while it was read|vanished"):
        read_document(file)


def test_a_suffix_without_a_reader_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"suffix \.xlsx cannot be read"):
        read_document(source_file(tmp_path / "a.xlsx", b"text"))


def test_a_file_is_known_by_its_revision_before_it_is_interpreted(tmp_path: Path) -> None:
    file = source_file(tmp_path / "a.html", b"<h1>Title</h1><p>Text.</p>")
    loaded = load_file(file)
    assert loaded.revision == hashlib.sha256(b"<h1>Title</h1><p>Text.</p>").hexdigest()
    reading = interpret(loaded)
    assert reading.document == read_document(file)
    assert reading.document.text == "Title\n\nText."
    assert reading.layout == Layout(headings=(Heading(Span(0, 5), 1),))


def test_bad_files_are_refused_by_name_and_the_others_read(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_bytes(b"<p>Good text.</p>")
    (tmp_path / "good.txt").write_bytes(b"Good text.")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    (tmp_path / "broken.docx").write_bytes(b"PK broken")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    (tmp_path / "gone.epub").write_bytes(b"")
    texts, refusals = {}, {}
    sources = find_sources([tmp_path]).sources
    (tmp_path / "gone.epub").unlink()
    for file in sources:
        try:
            texts[file.source] = read_document(file).text
        except SourceError as error:
            refusals[file.source] = str(error)
    assert texts == {"good.html": "Good text.", "good.txt": "Good text."}
    assert sorted(refusals) == ["binary.txt", "broken.docx", "broken.pdf", "broken.png", "gone.epub"]
    assert all(message.startswith(f"{name}: ") for name, message in refusals.items())
    assert "vanished" in refusals["gone.epub"]
