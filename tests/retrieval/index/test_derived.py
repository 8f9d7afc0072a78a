import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import StorageError
from retrieval.index import DerivedFiles, ExactIndex, ExactVectors, Segment, StoreVersion
from tests.retrieval.index.samples import make_segment, make_units, start_python

FIRST = StoreVersion(1, "aa")


def save(folder: Path, version: StoreVersion = FIRST, recipe: str = "r1") -> Path:
    return DerivedFiles(folder, recipe=recipe).save(
        version, {"first": make_segment(50, 16), "second": make_segment(3, 16)}
    )


def test_saved_parts_are_given_back(tmp_path: Path) -> None:
    saved = save(tmp_path)
    folder = DerivedFiles(tmp_path, recipe="r1").load(FIRST)
    assert folder == saved == tmp_path / "derived" / "0000000001-aa"
    assert Segment.load(folder / "first", None).passage_ids.tolist() == list(range(1, 51))
    assert Segment.load(folder / "second", None).postings["words"].terms.find(0) is None
    assert save(tmp_path) == saved


@pytest.mark.parametrize(
    ("version", "recipe"),
    [(StoreVersion(2, "aa"), "r1"), (StoreVersion(1, "bb"), "r1"), (FIRST, "r2")],
    ids=["generation", "token", "recipe"],
)
def test_stale_files_are_not_given(tmp_path: Path, version: StoreVersion, recipe: str) -> None:
    save(tmp_path)
    assert DerivedFiles(tmp_path, recipe=recipe).load(version) is None
    assert save(tmp_path, version, recipe) == DerivedFiles(tmp_path, recipe=recipe).load(version)


def test_nothing_saved_gives_nothing(tmp_path: Path) -> None:
    assert DerivedFiles(tmp_path).load(FIRST) is None
    assert list(tmp_path.iterdir()) == []


DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "garbage": lambda path: path.write_bytes(os.urandom(path.stat().st_size)),
    "one byte": lambda path: path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
@pytest.mark.parametrize("name", ["manifest.json", "first/vectors.bin", "second/words.terms"])
def test_damaged_files_are_not_given_and_can_be_made_anew(
    tmp_path: Path, damage: Callable[[Path], object], name: str
) -> None:
    folder = save(tmp_path)
    damage(folder / name)
    assert DerivedFiles(tmp_path, recipe="r1").load(FIRST) is None
    save(tmp_path)
    assert DerivedFiles(tmp_path, recipe="r1").load(FIRST) == folder


@pytest.mark.parametrize("manifest", ["[]", "{}", '{"format": 1, "recipe": "r1", "files": 3}', "null"])
def test_manifest_of_another_shape_is_not_believed(tmp_path: Path, manifest: str) -> None:
    (save(tmp_path) / "manifest.json").write_text(manifest)
    assert DerivedFiles(tmp_path, recipe="r1").load(FIRST) is None


def test_large_file_overwritten_in_the_middle_is_noticed(tmp_path: Path) -> None:
    files = DerivedFiles(tmp_path)
    folder = files.save(FIRST, {"dense": make_segment(20_000, 64)})
    assert files.load(FIRST) == folder
    with (folder / "dense" / "vectors.bin").open("r+b") as file:
        file.seek(2_500_000)
        file.write(b"\0" * 200_000)
    assert files.load(FIRST) is None


def test_other_versions_are_removed_when_one_is_settled(tmp_path: Path) -> None:
    for generation in range(1, 4):
        save(tmp_path, StoreVersion(generation, "aa"))
    files = DerivedFiles(tmp_path, recipe="r1")
    # A restored backup goes back in generations.
    files.remove_others(StoreVersion(2, "aa"))
    assert [path.name for path in (tmp_path / "derived").iterdir()] == ["0000000002-aa"]
    assert files.load(StoreVersion(2, "aa")) is not None


def test_what_a_killed_process_left_is_removed_when_it_is_old(tmp_path: Path) -> None:
    for name, age in (("unfinished-old", 1.0), ("unfinished-new", None)):
        (tmp_path / "derived" / name).mkdir(parents=True)
        if age is not None:
            os.utime(tmp_path / "derived" / name, (age, age))
    save(tmp_path)
    DerivedFiles(tmp_path).remove_others(FIRST)
    assert sorted(path.name for path in (tmp_path / "derived").iterdir()) == ["0000000001-aa", "unfinished-new"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps mapped files")
def test_reader_keeps_files_that_are_removed_meanwhile(tmp_path: Path) -> None:
    segment = Segment.load(save(tmp_path) / "first", None)
    assert isinstance(segment.vectors, ExactVectors)
    dense = ExactIndex([segment.vectors], segment.passage_ids, 16)
    query = make_units(np.random.default_rng(3), 1, 16)[0]
    before = dense.nearest(query, 50).scores
    save(tmp_path, StoreVersion(2, "aa"))
    DerivedFiles(tmp_path, recipe="r1").remove_others(StoreVersion(2, "aa"))
    assert DerivedFiles(tmp_path, recipe="r1").load(FIRST) is None
    np.testing.assert_array_equal(dense.nearest(query, 50).scores, before)


def test_full_disk_is_told_and_leaves_nothing(small_disk: Path) -> None:
    files = DerivedFiles(small_disk)
    files.save(FIRST, {"dense": make_segment(50, 16)})
    with pytest.raises(StorageError, match="unharmed"):
        files.save(StoreVersion(2, "bb"), {"dense": make_segment(5000, 64)})
    assert [path.name for path in (small_disk / "derived").iterdir()] == ["0000000001-aa"]
    assert files.load(FIRST) is not None


def test_read_only_folder_is_told_and_can_be_read(small_disk: Path, make_read_only: Callable[[], None]) -> None:
    folder = save(small_disk)
    make_read_only()
    with pytest.raises(StorageError, match="cannot be written"):
        save(small_disk, StoreVersion(2, "bb"))
    assert DerivedFiles(small_disk, recipe="r1").load(FIRST) == folder
    assert len(Segment.load(folder / "first", None)) == 50


SAVES = """
import sys
from pathlib import Path
import numpy as np
import samples
from retrieval.index import DerivedFiles, StoreVersion
segment = samples.make_segment(3000, 64)
print("ready", flush=True)
for generation in range(1, 1000):
    DerivedFiles(Path(sys.argv[1])).save(StoreVersion(generation, "aa"), {"dense": segment})
    print(generation, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_killed_at_any_time_leaves_whole_files_or_none(tmp_path: Path) -> None:
    with start_python(SAVES, tmp_path) as child:
        assert child.stdout is not None
        for _ in range(4):
            child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        child.wait()
    names = [path.name for path in (tmp_path / "derived").iterdir() if not path.name.startswith("unfinished-")]
    assert names
    # The oldest may have been half removed, which is as good as gone.
    for name in sorted(names)[-2:]:
        generation, token = name.split("-")
        folder = DerivedFiles(tmp_path).load(StoreVersion(int(generation), token))
        assert folder is not None
        assert len(Segment.load(folder / "dense", None)) == 3000


def test_files_of_an_earlier_version_are_kept_by_a_second_name(tmp_path: Path) -> None:
    files = DerivedFiles(tmp_path)
    second = StoreVersion(2, "bb")
    before = files.save(FIRST, {"0": make_segment(50, 16)})
    kept = Segment.load(before / "0", None)
    folder = files.save(second, {"0": make_segment(3, 16), "1": kept})
    assert (folder / "1" / "vectors.bin").samefile(before / "0" / "vectors.bin")
    files.remove_others(second)
    assert files.load(second) == folder
    assert len(Segment.load(folder / "1", None)) == 50


def test_workshop_is_lent_and_removed(tmp_path: Path) -> None:
    with DerivedFiles(tmp_path).workshop() as folder:
        assert folder is not None
        (folder / "half.bin").write_text("half")
    assert list((tmp_path / "derived").iterdir()) == []
    (tmp_path / "file").write_text("no folder")
    with DerivedFiles(tmp_path / "file").workshop() as folder:
        assert folder is None


def test_what_befalls_a_kept_file_is_not_taken_for_what_was_saved(tmp_path: Path) -> None:
    files = DerivedFiles(tmp_path)
    before = files.save(FIRST, {"0": make_segment(50, 16)})
    kept = before / "0" / "vectors.bin"
    status = kept.stat()
    content = bytearray(kept.read_bytes())
    content[-1] ^= 1
    kept.write_bytes(content)
    # As a disk does that fails.
    os.utime(kept, ns=(status.st_atime_ns, status.st_mtime_ns))
    second = StoreVersion(2, "bb")
    folder = files.save(second, {"0": Segment.load(before / "0", None)})
    assert (folder / "0" / "vectors.bin").samefile(kept)
    assert DerivedFiles(tmp_path).load(second) is None
