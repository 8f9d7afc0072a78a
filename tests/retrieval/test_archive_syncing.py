import os
from pathlib import Path

import pytest

from retrieval import Archive, Failure, Rename
from retrieval.errors import UnknownDocumentError
from retrieval.reading import document_id
from retrieval.syncing import preparing
from tests.retrieval.reading.samples import PAGES
from tests.retrieval.samples import COURT, LIBRARY, RIVER, given_quotes, sources, write_files


def test_adds_changes_removes_and_leaves_alone(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY, "c.txt": RIVER})
    first = archive.sync([files])
    assert (first.added, first.changed, first.removed, first.unchanged) == (("a.txt", "b.txt", "c.txt"), (), (), ())
    assert archive.info().generation == 1
    write_files(files, {"a.txt": COURT, "b.txt": RIVER + LIBRARY, "d.txt": "新的一页。\n"})
    second = archive.sync([files])
    assert (second.added, second.changed, second.removed, second.unchanged) == (
        ("d.txt",),
        ("b.txt",),
        ("c.txt",),
        ("a.txt",),
    )
    assert sources(archive) == ["a.txt", "b.txt", "d.txt"]
    assert archive.info().generation == 2
    third = archive.sync([files])
    assert (third.added, third.changed, third.removed) == ((), (), ())
    assert third.unchanged == ("a.txt", "b.txt", "d.txt")
    assert archive.info().generation == 2


def test_what_is_gone_or_changed_is_no_longer_found_and_what_is_new_is(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": RIVER})
    archive.sync([files])
    assert "b.txt" in {hit.source for hit in archive.search("渌江全长")}
    write_files(files, {"a.txt": "渡口关闭了。\n", "c.txt": LIBRARY})
    archive.sync([files])
    hits = archive.search("渌江全长")
    assert {hit.source for hit in hits} == {"a.txt", "c.txt"}
    assert not any("调解" in hit.passage.text for hit in archive.search("炎陵县调解成功率"))
    assert archive.search("library readers")[0].source == "c.txt"


def test_renamed_file_keeps_its_passages_under_its_new_name(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"old.txt": COURT, "same.txt": LIBRARY})
    archive.sync([files])
    before = [hit.passage.id for hit in archive.search("调解成功率")]
    (files / "old.txt").rename(files / "new.txt")
    report = archive.sync([files])
    assert report.renamed == (Rename("new.txt", "old.txt"),)
    assert (report.added, report.removed, report.unchanged) == ((), (), ("same.txt",))
    quotes = given_quotes(archive.ask("调解成功率是多少？"))
    assert quotes[0].source == "new.txt"
    assert "old.txt" not in {quote.source for quote in quotes}
    assert [hit.passage.id for hit in archive.search("调解成功率")] == before
    assert archive.document_info(document_id("new.txt")).title == "new.txt"
    assert archive.original(document_id("new.txt")).data == COURT.encode()
    with pytest.raises(UnknownDocumentError):
        archive.document(document_id("old.txt"))


def test_renaming_matches_files_one_to_one_and_of_one_format_only(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": COURT, "c.html": f"<p>{RIVER}</p>"})
    archive.sync([files])
    write_files(files, {"x.txt": COURT, "c.txt": f"<p>{RIVER}</p>"})
    report = archive.sync([files])
    assert report.renamed == (Rename("x.txt", "a.txt"),)
    assert (report.added, report.removed) == (("c.txt",), ("b.txt", "c.html"))


def test_file_given_back_its_old_words_is_changed_twice(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT})
    archive.sync([files])
    before = archive.ask("调解成功率是多少？")
    for text in (LIBRARY, COURT):
        assert archive.sync([write_files(files, {"a.txt": text})]).changed == ("a.txt",)
    assert archive.ask("调解成功率是多少？") == before


def test_touched_file_is_unchanged(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT})
    archive.sync([files])
    os.utime(files / "a.txt", (1, 1))
    assert archive.sync([files]).unchanged == ("a.txt",)


def test_files_that_cannot_be_read_are_named_and_the_others_read(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"good.txt": COURT, "empty.txt": "", "blank.txt": " \n\u3000\n"})
    (files / "binary.txt").write_bytes(bytes(range(256)) * 4)
    (files / "wrong.txt").write_bytes("调解".encode() + b"\xff\xfe\xfa" + "成功".encode())
    (files / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    report = archive.sync([files])
    assert report.added == ("good.txt",)
    reasons = {failure.source: failure.reason for failure in report.failures}
    assert sorted(reasons) == ["binary.txt", "blank.txt", "empty.txt", "picture.txt", "wrong.txt"]
    assert "is empty" in reasons["empty.txt"]
    assert "only blanks" in reasons["blank.txt"]
    assert "not text" in reasons["binary.txt"]
    assert "PNG image" in reasons["picture.txt"]
    assert "not UTF-8" in reasons["wrong.txt"]
    assert not any(reason.startswith(source) for source, reason in reasons.items())
    assert sources(archive) == ["good.txt"]


def test_file_that_has_become_unreadable_keeps_what_the_archive_has(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})
    archive.sync([files])
    (files / "a.txt").write_bytes(b"")
    report = archive.sync([files])
    assert [failure.source for failure in report.failures] == ["a.txt"]
    assert (report.removed, report.unchanged) == ((), ("b.txt",))
    assert sources(archive) == ["a.txt", "b.txt"]


def test_forbidden_files_and_folders_keep_what_the_archive_has(ordinary_home: Path) -> None:
    files = write_files(ordinary_home / "files", {"a.txt": COURT, "b.txt": LIBRARY})
    write_files(files / "inner", {"c.txt": RIVER})
    with Archive.open(ordinary_home / "archive", create=True, cache=ordinary_home / "cache") as archive:
        archive.sync([files])
        (files / "a.txt").chmod(0)
        (files / "inner").chmod(0)
        (files / "b.txt").unlink()
        report = archive.sync([files])
        (files / "inner").chmod(0o755)
        assert [failure.source for failure in report.failures] == ["a.txt", "inner"]
        assert report.removed == ("b.txt",)
        assert sources(archive) == ["a.txt", "inner/c.txt"]


def test_path_that_is_gone_does_not_empty_the_archive(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT})
    other = write_files(tmp_path / "other", {"b.txt": LIBRARY})
    archive.sync([files, other])
    files.rename(tmp_path / "unmounted")
    report = archive.sync([files, other])
    assert report.failures == (Failure(str(files), "there is no such file or folder. Check the path."),)
    assert (report.removed, report.unchanged) == ((), ("b.txt",))
    assert sources(archive) == ["a.txt", "b.txt"]


def test_single_files_can_be_named(tmp_path: Path, archive: Archive) -> None:
    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": LIBRARY})
    assert archive.sync([files / "a.txt"]).added == ("a.txt",)
    report = archive.sync([str(files / "b.txt")])
    assert (report.added, report.removed) == (("b.txt",), ("a.txt",))


def test_progress_tells_as_done_only_what_is_written(tmp_path: Path, archive: Archive) -> None:
    told: list[tuple[int, int, str]] = []

    def progress(done: int, total: int, label: str) -> None:
        told.append((done, total, label))
        if done == total:
            assert sources(archive) == ["a.txt", "c.txt"]

    files = write_files(tmp_path / "files", {"a.txt": COURT, "b.txt": "", "c.txt": RIVER})
    archive.sync([files], progress=progress)
    assert told == [(0, 3, "a.txt"), (0, 3, "b.txt"), (0, 3, "c.txt"), (3, 3, "c.txt")]


def test_progress_tells_of_a_scans_pages_and_of_a_long_text_s_share(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "_TOGETHER", 2)
    files = write_files(tmp_path / "files", {"long.txt": "\n\n".join([COURT, LIBRARY, RIVER] * 2)})
    (files / "council.pdf").write_bytes((PAGES / "council.pdf").read_bytes())
    told: list[tuple[int, int, str]] = []
    archive.sync([files], progress=lambda done, total, label: told.append((done, total, label)))
    labels = [label for _, _, label in told]
    assert {(done, total) for done, total, _ in told[:-1]} == {(0, 2)}
    assert labels[:2] == ["council.pdf, page 1", "council.pdf, page 2"]
    shares = [
        int(label.removesuffix(" %").removeprefix("long.txt, ")) for label in labels if label.startswith("long.txt, ")
    ]
    assert len(shares) > 1
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 100
    assert told[-1] == (2, 2, "long.txt")


def test_files_of_any_encoding_are_quoted_as_they_read(tmp_path: Path, archive: Archive) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    text = "炎陵县人民法院去年受理的案件之中，有三百一十二件以调解的方式结案，当事人都表示满意。\r\n" * 3
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        (folder / f"{encoding}.txt").write_bytes(text.encode(encoding))
    report = archive.sync([folder])
    assert report.failures == ()
    assert {archive.document(info.id).text for info in archive.documents()} == {text}


@pytest.mark.parametrize("name", ["空 格.txt", "a'b\"c.txt", "\u202ertl.txt", "🙂.md"])
def test_names_of_every_kind_are_sources(tmp_path: Path, archive: Archive, name: str) -> None:
    archive.sync([write_files(tmp_path / "files", {name: COURT})])
    assert given_quotes(archive.ask("调解成功率是多少？"))[0].source == name
