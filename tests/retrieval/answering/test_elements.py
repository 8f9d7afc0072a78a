from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import Archive
from retrieval.answering.elements import ElementKind, find_elements
from retrieval.language.ordinary import is_ordinary
from tests.retrieval.samples import write_files

TEXTS = {
    "qing.txt": "青石镇改水\n\n青石镇今年铺设水管一百二十公里，惠及六千户。镇里给每户补贴三百元。\n",
    "yuan.txt": "沅州市中级人民法院新院长到任\n\n郑和平任沅州市中级人民法院院长。\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("elements")
    files = write_files(folder / "texts", TEXTS)
    with Archive.open(folder / "archive", create=True, cache=encoder_cache) as archive:
        archive.sync([files])
        yield archive


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("青湖医院门口那个弃婴，身上带着什么东西？", ["青湖"]),
        ("开到渔港的书车，什么时候上路", []),
        ("资水的“一窗通办”以后乡镇上也能办吗？", []),
        ("醴陵有多少调解员", ["醴陵"]),
        ("云岭县去年种了多少苹果", ["云岭县"]),
    ],
)
def test_only_names_of_places_are_places(question: str, places: list[str]) -> None:
    found = [element.text for element in find_elements(question) if element.kind is ElementKind.PLACE]
    assert found == places


@pytest.mark.parametrize("word", ["东西", "上路", "台风"])
def test_words_that_name_nothing_are_ordinary(word: str) -> None:
    assert is_ordinary(word)
    assert not is_ordinary("株洲")


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("How many kilometres of pipes were laid in Qingshi?", []),
        ("沅洲市中级人民法院的院长是谁？", []),
        ("汝城县铺了多少公里水管？", ["汝城县"]),
        ("How many kilometres of pipes were laid in Rucheng County?", ["Rucheng County"]),
        # The segmenter cuts 按青石, takes 养狗 and 赵奶奶 for persons, and nobody knows how a page writes 卡拉帕尔达.
        ("按青石镇的规定，每户补贴多少？", []),
        ("青石镇养狗要交多少钱？", []),
        ("青石镇的赵奶奶家补贴了多少？", []),
        ("卡拉帕尔达铺了多少公里水管？", []),
    ],
)
def test_a_place_is_said_however_it_is_spelt(archive: Archive, question: str, missing: list[str]) -> None:
    assert [part.asked for part in archive.ask(question).missing] == missing
