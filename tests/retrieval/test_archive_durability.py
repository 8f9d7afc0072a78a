"""What may happen to an archive on a disk: a clear error or a repair, nothing lost, no wrong quote."""

import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from retrieval import Archive
from retrieval.encoding import load_encoder
from retrieval.errors import ArchiveDamagedError, UnknownDocumentError
from retrieval.index import DATABASE_NAME
from retrieval.reading import LoadedFile, SourceFile, load_file
from tests.retrieval.samples import COURT, LIBRARY, RIVER, assert_stands, given_quotes, write_files

QUESTION = "炎陵县的调解成功率是多少？"
PAGE = 16384


def test_a_damaged_page_gives_an_error_or_a_right_quote(
    tmp_path: Path, archive: Archive, encoder_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The same encoder each time: what is damaged here is the database.
    monkeypatch.setattr("retrieval.engine.load_encoder", cache(load_encoder))
    archive.sync([write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY, "c.txt": RIVER * 40})])
    archive.close()
    database = tmp_path / "archive" / DATABASE_NAME
    sound = database.read_bytes()
    told = 0
    for page in range(len(sound) // PAGE):
        middle = page * PAGE + PAGE // 2
        database.write_bytes(sound[:middle] + b"\xa5" * 2000 + sound[middle + 2000 :])
        try:
            with Archive.open(tmp_path / "archive", cache=encoder_cache) as damaged:
                told += not damaged.check().sound
                for quote in given_quotes(damaged.ask(QUESTION)):
                    assert_stands(quote, {"a.txt": COURT, "b.txt": LIBRARY, "c.txt": RIVER * 40}[quote.source])
        except UnknownDocumentError:
            # The passage that was found is not to be found in the store: doctor has told of it.
            pass
        except ArchiveDamagedError as error:
            told += "--rebuild" in str(error)
    # In some pages the middle is free space, whose loss is none.
    assert told >= len(sound) // PAGE // 2
    files = [tmp_path / "files"]
    database.write_bytes(sound[:PAGE] + b"\xa5" * PAGE + sound[2 * PAGE :])
    Archive.rebuild(tmp_path / "archive", files, cache=encoder_cache)
    with Archive.open(tmp_path / "archive", cache=encoder_cache) as rebuilt:
        assert rebuilt.check().sound
        assert_stands(given_quotes(rebuilt.ask(QUESTION))[0], COURT)


def test_a_clock_that_was_set_back_hides_no_change(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})
    old = time.time() - 1000
    for file in files.iterdir():
        os.utime(file, (old, old))
    now = time.time
    # As if the files had been there for a while.
    monkeypatch.setattr("retrieval.syncing.planning.time.time", lambda: now() + 100)
    archive.sync([files])
    monkeypatch.setattr("retrieval.syncing.planning.time.time", lambda: now() - 86_400)
    (files / "a.txt").write_text(COURT.replace("312", "418"), "utf-8")
    os.utime(files / "a.txt", (old - 86_400, old - 86_400))
    assert archive.sync([files]).changed == ("a.txt",)
    (files / "a.txt").write_text(COURT.replace("312", "419"), "utf-8")
    os.utime(files / "a.txt", (old - 86_400, old - 86_400))
    assert archive.sync([files]).changed == ("a.txt",)
    assert "419" in archive.document(archive.documents()[0].id).text


def edited_after(file: SourceFile) -> LoadedFile:
    loaded = load_file(file)
    file.path.write_text(COURT.replace("312", "418"), "utf-8")
    return loaded


def edited_before(file: SourceFile) -> LoadedFile:
    file.path.write_text(COURT.replace("312", "418"), "utf-8")
    return load_file(file)


def cut_while_read(file: SourceFile) -> LoadedFile:
    whole = file.path.read_bytes()
    file.path.write_bytes(whole[: len(whole) // 2])
    loaded = load_file(file)
    file.path.write_text(COURT.replace("312", "418"), "utf-8")
    return loaded


@pytest.mark.parametrize("edit", [edited_after, edited_before, cut_while_read], ids=lambda edit: edit.__name__)
def test_a_source_that_is_edited_while_it_is_read_is_right_after_the_next_sync(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch, edit: Callable[[SourceFile], LoadedFile]
) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT})
    with monkeypatch.context() as context:
        context.setattr("retrieval.syncing.synchroniser.load_file", edit)
        report = archive.sync([files])
    for info in archive.documents():
        text = archive.document(info.id).text
        for quote in given_quotes(archive.ask(QUESTION)):
            assert_stands(quote, text)
    assert report.added == ("a.txt",) or report.failures
    archive.sync([files])
    assert archive.document(archive.documents()[0].id).text == (files / "a.txt").read_text("utf-8")
    assert archive.sync([files]).unchanged == ("a.txt",)
    assert archive.check().sound


def test_indexes_that_cannot_be_written_are_kept_in_memory(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch, encoder_cache: Path
) -> None:
    archive.sync([write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})])
    best = [quote.text for quote in archive.ask(QUESTION).quotes[:2]]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context:
        for name in ("segments.save_arrays", "exact.save_arrays", "term_vectors.save_arrays"):
            context.setattr(f"retrieval.index.{name}", full)
        archive.sync([write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY, "c.txt": RIVER})])
        assert [quote.text for quote in archive.ask(QUESTION).quotes[:2]] == best
        assert given_quotes(archive.ask("渌江多长"))[0].source == "c.txt"
    archive.close()
    with Archive.open(tmp_path / "archive", cache=encoder_cache) as opened:
        assert [quote.text for quote in opened.ask(QUESTION).quotes[:2]] == best
        assert opened.check().findings == ()
