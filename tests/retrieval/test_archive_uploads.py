from pathlib import Path

import pytest

from retrieval import Archive, Failure
from retrieval.errors import (
    ArchiveEmptyError,
    OriginalMissingError,
    SourceError,
    UnknownDocumentError,
)
from retrieval.index import SqliteStore
from retrieval.originals import media_type
from retrieval.reading import SUPPORTED_SUFFIXES, document_id
from tests.retrieval.samples import COURT, LIBRARY, RIVER, assert_stands, given_quotes, write_files

QUESTION = "炎陵县的调解成功率是多少？"
UPLOADED = "uploads/court.txt"


def kept(tmp_path: Path) -> dict[str, bytes]:
    """Give the files that the archive keeps of uploads, by their names."""
    found = [path for path in (tmp_path / "archive" / "uploads").rglob("*") if path.is_file()]
    assert len({path.name for path in found}) == len(found)
    return {path.name: path.read_bytes() for path in found}


def test_upload_is_quoted_listed_and_given_back(tmp_path: Path, archive: Archive) -> None:
    report = archive.add("court.txt", COURT.encode())
    assert (report.added, report.changed, report.failures) == ((UPLOADED,), (), ())
    quote = given_quotes(archive.ask(QUESTION))[0]
    assert quote.source == UPLOADED
    assert_stands(quote, COURT)
    (info,) = archive.documents()
    assert info == archive.document_info(info.id)
    assert (info.id, info.uploaded) == (document_id(UPLOADED), True)
    original = archive.original(info.id)
    assert (original.source, original.media_type, original.data) == (UPLOADED, "text/plain", COURT.encode())
    assert kept(tmp_path) == {"court.txt": COURT.encode()}


def test_upload_of_the_same_name_replaces_and_of_the_same_words_changes_nothing(
    tmp_path: Path, archive: Archive
) -> None:
    archive.add("court.txt", COURT.encode())
    assert archive.add("court.txt", COURT.encode()).unchanged == (UPLOADED,)
    assert archive.info().generation == 1
    assert archive.add("court.txt", LIBRARY.encode()).changed == (UPLOADED,)
    assert [archive.document(info.id).text for info in archive.documents()] == [LIBRARY]
    assert kept(tmp_path) == {"court.txt": LIBRARY.encode()}
    assert {quote.source for quote in given_quotes(archive.ask("How many books does it lend?"))} == {UPLOADED}


def test_sync_of_other_paths_leaves_uploads_alone(tmp_path: Path, archive: Archive) -> None:
    archive.add("court.txt", COURT.encode())
    files = write_files(tmp_path / "files", {"court.txt": RIVER, "b.txt": LIBRARY})
    report = archive.sync([files])
    assert (report.added, report.removed, report.failures) == (("b.txt", "court.txt"), (), ())
    assert archive.sync([files / "b.txt"]).removed == ("court.txt",)
    assert [info.source for info in archive.documents()] == ["b.txt", UPLOADED]


def test_synced_file_of_an_uploads_name_is_refused_and_the_upload_stays(tmp_path: Path, archive: Archive) -> None:
    archive.add("court.txt", COURT.encode())
    (tmp_path / "files").mkdir()
    write_files(tmp_path / "files" / "uploads", {"court.txt": RIVER})
    reason = "an upload has this name in the archive. Remove the upload, or rename the file."
    assert archive.sync([tmp_path / "files"]).failures == (Failure(UPLOADED, reason),)
    assert archive.document(document_id(UPLOADED)).text == COURT


def test_archive_among_its_own_files_does_not_read_itself(tmp_path: Path, archive: Archive) -> None:
    archive.add("court.txt", COURT.encode())
    write_files(tmp_path / "files", {"b.txt": LIBRARY})
    assert archive.sync([tmp_path]).added == ("files/b.txt",)


def test_rebuild_keeps_uploads(tmp_path: Path, archive: Archive, encoder_cache: Path) -> None:
    archive.add("court.txt", LIBRARY.encode())
    archive.add("court.txt", COURT.encode())
    archive.add("river.txt", RIVER.encode())
    archive.remove(document_id("uploads/river.txt"))
    files = write_files(tmp_path / "files", {"b.txt": LIBRARY})
    report = Archive.rebuild(tmp_path / "archive", [files], cache=encoder_cache)
    assert report.added == ("b.txt", UPLOADED)
    assert [(info.source, info.uploaded) for info in archive.documents()] == [("b.txt", False), (UPLOADED, True)]
    assert archive.sync([files]).removed == ()


def test_rebuild_of_a_lost_database_finds_the_uploads_by_their_files(
    tmp_path: Path, archive: Archive, encoder_cache: Path
) -> None:
    archive.add("court.txt", COURT.encode())
    archive.close()
    (tmp_path / "archive" / "archive.sqlite3").write_bytes(b"damaged" * 5000)
    assert Archive.rebuild(tmp_path / "archive", [], cache=encoder_cache).added == (UPLOADED,)
    with Archive.open(tmp_path / "archive", cache=encoder_cache) as rebuilt:
        assert rebuilt.original(document_id(UPLOADED)).data == COURT.encode()


@pytest.mark.parametrize("name", ["../court.txt", "a/court.txt", "/etc/passwd", "a\\b.txt", "..", "."])
def test_path_is_no_name_for_an_upload(tmp_path: Path, archive: Archive, name: str) -> None:
    with pytest.raises(SourceError, match="is a path"):
        archive.add(name, COURT.encode())
    assert not (tmp_path / "archive" / "uploads").exists()


@pytest.mark.parametrize("name", ["", " ", ".txt", ".hidden.txt", "\u202e\x00", "长" * 100 + ".txt"])
def test_name_that_no_file_should_have_is_refused(archive: Archive, name: str) -> None:
    with pytest.raises(SourceError, match=r"is no name for a file|Shorten it"):
        archive.add(name, COURT.encode())


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        (" 法院 报告.txt ", "法院 报告.txt"),
        ("a\x1b\u202eb.txt\n", "ab.txt"),
        ('say "no": <x>|?*.md', "say _no__ _x____.md"),
        ("cafe\u0301.txt", "caf\u00e9.txt"),
        ("🙂.txt", "🙂.txt"),
    ],
)
def test_name_is_cleaned(tmp_path: Path, archive: Archive, given: str, plain: str) -> None:
    assert archive.add(given, COURT.encode()).added == (f"uploads/{plain}",)
    assert list(kept(tmp_path)) == [plain]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.exe", b"MZ", r"suffix \.exe"),
        ("a.txt", b"", "is empty"),
        ("a.txt", bytes(range(256)) * 4, "not text"),
        ("a.pdf", b"no pdf at all", "PDF"),
    ],
)
def test_file_that_cannot_be_read_is_refused_and_nothing_is_kept(
    tmp_path: Path, archive: Archive, name: str, data: bytes, message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        archive.add(name, data)
    assert archive.documents() == []
    assert not (tmp_path / "archive" / "uploads").exists()


def test_removed_upload_leaves_nothing(tmp_path: Path, archive: Archive) -> None:
    archive.add("court.txt", COURT.encode())
    archive.add("library.txt", LIBRARY.encode())
    archive.remove(document_id(UPLOADED))
    assert kept(tmp_path) == {"library.txt": LIBRARY.encode()}
    assert not any("调解" in hit.passage.text for hit in archive.search(QUESTION))
    with pytest.raises(UnknownDocumentError, match=document_id(UPLOADED)):
        archive.remove(document_id(UPLOADED))
    archive.remove(document_id("uploads/library.txt"))
    with pytest.raises(ArchiveEmptyError):
        archive.ask(QUESTION)


def test_removed_synced_document_comes_back_with_its_folder(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})
    archive.sync([files])
    archive.remove(document_id("a.txt"))
    assert [info.source for info in archive.documents()] == ["b.txt"]
    assert (files / "a.txt").read_text("utf-8") == COURT
    assert archive.sync([files]).added == ("a.txt",)


def test_original_of_a_synced_file_is_given_while_it_is_the_one_that_was_read(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.md": COURT, "b.txt": LIBRARY})
    archive.sync([files])
    original = archive.original(document_id("a.md"))
    assert (original.source, original.media_type, original.data) == ("a.md", "text/markdown", COURT.encode())
    (files / "a.md").write_text(RIVER, "utf-8")
    with pytest.raises(OriginalMissingError, match=r"a\.md: the file at .* has changed since"):
        archive.original(document_id("a.md"))
    (files / "a.md").unlink()
    with pytest.raises(OriginalMissingError, match="vanished"):
        archive.original(document_id("a.md"))
    with pytest.raises(UnknownDocumentError):
        archive.original("none")


def test_file_that_has_moved_with_its_folder_is_found_after_a_sync(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT})
    archive.sync([files])
    moved = files.rename(tmp_path / "moved")
    with pytest.raises(OriginalMissingError):
        archive.original(document_id("a.txt"))
    generation = archive.info().generation
    assert archive.sync([moved]).unchanged == ("a.txt",)
    assert archive.original(document_id("a.txt")).data == COURT.encode()
    assert archive.info().generation == generation


def test_upload_whose_file_was_lost_is_told_and_can_be_given_again(tmp_path: Path, archive: Archive) -> None:
    archive.add("court.txt", COURT.encode())
    (file,) = (tmp_path / "archive" / "uploads").glob("*/court.txt")
    file.write_bytes(b"other")
    with pytest.raises(OriginalMissingError, match="has changed"):
        archive.original(document_id(UPLOADED))
    assert archive.add("court.txt", COURT.encode()).unchanged == (UPLOADED,)
    assert archive.original(document_id(UPLOADED)).data == COURT.encode()


def test_what_a_killed_process_left_of_an_upload_is_swept_away(tmp_path: Path, archive: Archive) -> None:
    archive.add("court.txt", COURT.encode())
    folder = tmp_path / "archive" / "uploads" / ("0" * 64)
    folder.mkdir()
    (folder / "killed.txt").write_bytes(b"words")
    (folder / ".unfinished-1").write_bytes(b"wo")
    with SqliteStore.open(tmp_path / "archive") as store, store.writing() as writer:
        writer.expect_upload("uploads/killed.txt", "0" * 64)
        # This one's document was written all the same.
        writer.expect_upload(UPLOADED, archive.documents()[0].revision)
    archive.add("river.txt", RIVER.encode())
    assert kept(tmp_path) == {"court.txt": COURT.encode(), "river.txt": RIVER.encode()}
    assert not folder.exists()


def test_every_format_has_its_media_type() -> None:
    types = {suffix: media_type(f"a{suffix.upper()}") for suffix in SUPPORTED_SUFFIXES}
    assert types[".pdf"] == "application/pdf"
    assert types[".jpg"] == "image/jpeg"
    assert "application/octet-stream" not in types.values()
    assert media_type("README") == "text/plain"
