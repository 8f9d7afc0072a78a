from pathlib import Path

import pytest

from retrieval import Archive
from retrieval.answering.sources import compared_sides
from retrieval.search import analyse
from retrieval.types import AnswerStatus, Arrangement, MissingKind
from tests.retrieval.samples import write_files


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("攸县跟炎陵县比，谁调解的纠纷多", ["攸县", "炎陵县"]),
        ("2022年和2023年相比，案件多了吗", ["2022年", "2023年"]),
        ("Which is higher, the rate in Yanling or in Liling?", ["Yanling", "Liling"]),
        ("攸县和炎陵县的调解成功率各是多少？", ["攸县", "炎陵县"]),
        ("How many cases were there in Yanling and in Liling respectively?", ["Yanling", "Liling"]),
        ("攸县和炎陵县在哪里", []),
        ("炎陵县的调解成功率更高吗", []),
    ],
)
def test_the_sides_of_a_comparison(question: str, sides: list[str]) -> None:
    found = compared_sides(analyse(question))
    assert [side.element.text for side in found] == sides
    for side in found:
        assert all(other == side.element.text or other not in side.question for other in sides)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("炎陵县和攸县哪个调解的纠纷更多？", "炎陵县调解的纠纷多少？"),
        ("攸县和炎陵县，哪个县的调解成功率更高一些？", "攸县的调解成功率多少？"),
        ("2022年和2023年哪一年案件少", "2022年案件多少"),
        ("攸县和炎陵县谁做得更好", "攸县谁做得更好"),
        ("攸县法院和炎陵法院，谁收的案子多？", "攸县法院，收的案子多少？"),
        ("攸县的人多还是炎陵的人多", "攸县的人多少"),
        ("2023年株洲是法院办的案子多还是检察院办的案子多？", "2023年株洲是法院办的案子多少？"),
    ],
)
def test_who_has_more_is_asked_of_each_by_how_much(question: str, asked: str) -> None:
    assert compared_sides(analyse(question))[0].question == asked


@pytest.mark.parametrize("question", ["攸县跟炎陵县比，谁调解的纠纷多？", "攸县和炎陵县哪个调解的纠纷多？"])
def test_a_comparison_quotes_each_side_first(seeds_archive: Archive, question: str) -> None:
    answer = seeds_archive.ask(question)
    assert (answer.status, answer.arrangement) == (AnswerStatus.ANSWERED, Arrangement.COMPARISON)
    assert "1098件" in answer.quotes[0].text
    assert "917件" in answer.quotes[1].text


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Archive:
    folder = tmp_path_factory.mktemp("papers")
    texts = {
        "one.txt": "安平市图书馆年度报告\n\n安平市图书馆2021年新购图书3200册，读者满意率为95%。\n",
        "two.txt": "安平市文化综述\n\n安平市图书馆2021年新购图书4100册，读者满意率为95%。\n",
        "three.txt": "河口镇渔业简报\n\n河口镇2020年捕捞淡水鱼560吨，渔民人均增收八百元。\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    archive = Archive.open(folder / "archive", create=True, cache=encoder_cache)
    archive.sync([folder / name for name in texts])
    return archive


def test_sources_that_disagree_are_both_shown(papers: Archive) -> None:
    answer = papers.ask("安平市图书馆2021年新购了多少册图书？")
    assert answer.arrangement is Arrangement.DISAGREEMENT
    assert {quote.source for quote in answer.quotes[:2]} == {"one.txt", "two.txt"}


def test_the_year_that_is_missing_is_told(papers: Archive) -> None:
    answer = papers.ask("河口镇2018年捕捞了多少吨淡水鱼？")
    assert answer.status is AnswerStatus.NOT_FOUND
    missing = {part.kind: part for part in answer.missing}
    assert missing[MissingKind.YEAR].asked == "2018"
    assert "2020" in missing[MissingKind.YEAR].available


def test_the_place_that_is_missing_is_told(seeds_archive: Archive) -> None:
    answer = seeds_archive.ask("醴陵市调解了多少起矛盾纠纷，成功率多高？")
    assert answer.status is AnswerStatus.NOT_FOUND
    (missing,) = answer.missing
    assert (missing.kind, missing.asked) == (MissingKind.PLACE, "醴陵市")
    assert "炎陵县" in missing.available
    assert answer.near_misses


def test_a_place_in_pinyin_or_misspelt_is_not_missing(seeds_archive: Archive) -> None:
    assert seeds_archive.ask("How many disputes did Yanling County mediate?").missing == ()
    assert seeds_archive.ask("悠县有多少名调解员？").missing == ()


def test_a_place_that_the_nearest_passage_names_is_not_missing(tmp_path: Path, encoder_cache: Path) -> None:
    text = "The idea came from a reader in Dunmore, where a seed library opened in 2016 and now has 800 members.\n"
    files = write_files(tmp_path / "files", {"library.txt": text})
    with Archive.open(tmp_path / "archive", create=True, cache=encoder_cache) as archive:
        archive.sync([files])
        assert archive.ask("How many members does the seed library in Dunmore have?").missing == ()
