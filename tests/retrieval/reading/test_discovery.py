import os
from pathlib import Path

import pytest

from retrieval.reading import Discovery, find_sources
from retrieval.types import Failure


def write(path: Path, text: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def names(discovery: Discovery) -> list[str]:
    return [file.source for file in discovery.sources]


def test_a_folder_is_searched_for_text_files_sorted_by_name(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.MD", "a/README.markdown", "c.text", "株洲.txt", "sound.mp3", "Makefile"):
        write(tmp_path / name)
    discovery = find_sources([tmp_path])
    assert names(discovery) == ["a/README.markdown", "a/z.MD", "b.txt", "c.text", "株洲.txt"]
    assert discovery.sources[0].path == tmp_path / "a" / "README.markdown"
    assert discovery.ignored == ("Makefile", "sound.mp3")
    assert discovery.failures == ()


def test_hidden_files_and_folders_are_passed_over_unless_named(tmp_path: Path) -> None:
    write(tmp_path / ".git" / "description.txt")
    write(tmp_path / ".hidden.txt")
    write(tmp_path / "seen.txt")
    assert names(find_sources([tmp_path])) == ["seen.txt"]
    assert names(find_sources([tmp_path / ".git", tmp_path / ".hidden.txt"])) == [".hidden.txt", "description.txt"]


def test_a_named_file_keeps_its_name_and_may_lack_a_suffix(tmp_path: Path) -> None:
    discovery = find_sources([write(tmp_path / "deep" / "README"), write(tmp_path / "a.txt")])
    assert names(discovery) == ["README", "a.txt"]


def test_a_named_file_of_another_kind_fails_and_names_the_supported_ones(tmp_path: Path) -> None:
    path = write(tmp_path / "table.xlsx")
    (failure,) = find_sources([path]).failures
    assert failure.source == path.as_posix()
    assert ".xlsx cannot be read" in failure.reason
    assert ".docx, .epub, .gif, .htm, .html" in failure.reason


def test_paths_that_do_not_exist_fail_and_the_others_are_found(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    missing = tmp_path / "no such"
    discovery = find_sources([missing, tmp_path, Path("null\0"), Path("x" * 5000)])
    assert names(discovery) == ["a.txt"]
    reasons = {failure.source: failure.reason for failure in discovery.failures}
    assert reasons[missing.as_posix()] == "there is no such file or folder. Check the path."
    assert len(reasons) == 3


def test_nothing_given_gives_nothing() -> None:
    assert find_sources([]) == Discovery(())


def test_clashing_names_get_their_folders_in_front(tmp_path: Path) -> None:
    roots = [tmp_path / "one" / "2021", tmp_path / "two" / "2021", tmp_path / "two" / "2022"]
    for root in roots:
        write(root / "page.txt")
    write(roots[2] / "other.txt")
    assert names(find_sources(roots[1:])) == ["2021/page.txt", "2022/page.txt", "other.txt"]
    assert names(find_sources(roots)) == ["2022/page.txt", "one/2021/page.txt", "other.txt", "two/2021/page.txt"]
    assert find_sources(roots) == find_sources(roots[::-1])


def test_a_folder_name_in_front_that_meets_another_file_grows_on(tmp_path: Path) -> None:
    write(tmp_path / "x" / "a" / "p.txt")
    write(tmp_path / "y" / "b" / "p.txt")
    write(tmp_path / "z" / "a" / "p.txt")
    found = find_sources([tmp_path / "x" / "a", tmp_path / "y" / "b", tmp_path / "z"])
    assert names(found) == ["b/p.txt", "x/a/p.txt", "z/a/p.txt"]


@pytest.mark.parametrize("turned", [False, True])
def test_a_file_that_several_paths_lead_to_is_one_source(tmp_path: Path, turned: bool) -> None:
    path = write(tmp_path / "sub" / "a.txt")
    (tmp_path / "link.txt").symlink_to(path)
    given = [tmp_path, tmp_path / "sub", path, tmp_path / "sub" / ".." / "sub"]
    assert names(find_sources(given[::-1] if turned else given)) == ["sub/a.txt"]


def test_links_are_followed_inside_the_folder_only(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "secret.txt")
    root = tmp_path / "root"
    write(root / ".store" / "kept.txt")
    (root / "inside.txt").symlink_to(root / ".store" / "kept.txt")
    (root / "leaving.txt").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)
    (root / "around").symlink_to(root)
    (root / "broken.txt").symlink_to(root / "nowhere.txt")
    (root / "loop1.txt").symlink_to(root / "loop2.txt")
    (root / "loop2.txt").symlink_to(root / "loop1.txt")
    (root / "sound.mp3").symlink_to(outside)
    discovery = find_sources([root])
    assert names(discovery) == ["inside.txt"]
    reasons = {failure.source: failure.reason.split(".")[0] for failure in discovery.failures}
    leaving = "the link leads out of the folder and is not followed"
    assert reasons["leaving.txt"] == reasons["folder"] == leaving
    assert reasons["broken.txt"].startswith("the link cannot be followed: No such file")
    assert reasons["loop1.txt"].startswith("the link cannot be followed: Too many levels")
    assert sorted(reasons) == ["broken.txt", "folder", "leaving.txt", "loop1.txt", "loop2.txt"]


def test_a_link_that_is_named_itself_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "real" / "a.txt")
    (tmp_path / "alias").symlink_to(tmp_path / "real")
    assert names(find_sources([tmp_path / "alias"])) == ["a.txt"]


def test_a_folder_that_cannot_be_read_fails_and_the_rest_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "closed" / "a.txt")
    write(tmp_path / "open" / "b.txt")
    real = os.scandir

    # Permissions do not bind the root user, whom tests may run as.
    def scandir(path: Path) -> "os._ScandirIterator[str]":
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)  # type: ignore[return-value,arg-type,unused-ignore]

    monkeypatch.setattr(os, "scandir", scandir)
    discovery = find_sources([tmp_path])
    assert names(discovery) == ["open/b.txt"]
    expected = "the folder cannot be read: Permission denied. Check its permissions."
    assert discovery.failures == (Failure("closed", expected),)


def test_odd_names_are_shown_as_one_line_of_valid_text(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    for name in (b"two\nlines.txt", b"\xd6\xea.txt", "长".encode() * 83 + b".md.txt"[-6:], b" .txt"):
        Path(os.fsdecode(folder + b"/" + name)).write_bytes(b"text")
    discovery = find_sources([tmp_path])
    assert names(discovery) == [" .txt", "\\xd6\\xea.txt", "two\\nlines.txt", "长" * 83 + "md.txt"]
    assert all(file.path.read_bytes() == b"text" for file in discovery.sources)


def test_two_names_that_look_the_same_when_shown_both_fail(tmp_path: Path) -> None:
    (tmp_path / "a\nb.txt").write_bytes(b"1")
    (tmp_path / "a\\nb.txt").write_bytes(b"2")
    discovery = find_sources([tmp_path])
    assert discovery.sources == ()
    (failure,) = discovery.failures
    assert failure.source == "a\\nb.txt"
    assert "look the same" in failure.reason


def test_a_named_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (failure,) = find_sources([tmp_path]).failures
    assert failure == Failure("pipe.txt", "this is not a regular file. Leave it out.")
    assert "neither a file nor a folder" in find_sources([tmp_path / "pipe.txt"]).failures[0].reason


def test_a_deep_tree_is_walked(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(300):
        folder = folder / "d"
    write(folder / "a.txt")
    assert names(find_sources([tmp_path])) == ["d/" * 300 + "a.txt"]
