from pathlib import Path

import pytest

from retrieval import Archive, Filters
from retrieval.errors import FilterError

QUESTION = "调处了多少矛盾纠纷"
PAGES = {
    "county/2021/a.md": ("2021-05-10", "炎陵县", "全年调处矛盾纠纷917件。"),
    "county/2022/b.md": ("2022-05-31", "攸县", "全年调处矛盾纠纷1098件。"),
    "city/c.md": ("2022-06-01", "株洲市", "全年调处矛盾纠纷6274件。"),
    "city/d.txt": ("", "", "另有矛盾纠纷调处12件。"),
}


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Archive:
    """An archive of four small documents that differ in folder, date and place, and say nearly the same."""
    folder = tmp_path_factory.mktemp("dated")
    for name, (date, place, text) in PAGES.items():
        file = folder / "texts" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        year, month, day = date.split("-") if date else ("", "", "")
        imprint = f"某某日报 {year}年{int(month)}月{int(day)}日 星期二 责任编辑:某某\n\n" if date else ""
        about = f"# {place}纠纷调处有方\n\n{place}委、{place}政府十分重视。{place}群众满意。\n\n" if place else ""
        file.write_text(f"{imprint}{about}{text}\n", encoding="utf-8")
    archive = Archive.open(folder / "archive", create=True, cache=encoder_cache)
    assert archive.sync([folder / "texts"]).failures == ()
    return archive


def _sources(archive: Archive, filters: Filters) -> set[str]:
    return {hit.source for hit in archive.search(QUESTION, top=50, filters=filters)}


def test_without_filters_all_are_searched(dated: Archive) -> None:
    assert _sources(dated, Filters()) == set(PAGES)


@pytest.mark.parametrize(
    ("names", "left"),
    [
        (("city/d.txt",), {"city/d.txt"}),
        (("county",), {"county/2021/a.md", "county/2022/b.md"}),
        (("county/2022/", "city/c"), {"county/2022/b.md", "city/c.md"}),
        (("elsewhere/",), set()),
    ],
)
def test_sources_are_files_folders_or_beginnings(dated: Archive, names: tuple[str, ...], left: set[str]) -> None:
    assert _sources(dated, Filters(sources=names)) == left


@pytest.mark.parametrize(
    ("since", "until", "left"),
    [
        ("2022", "", {"county/2022/b.md", "city/c.md"}),
        ("", "2022", {"county/2021/a.md", "county/2022/b.md", "city/c.md"}),
        ("2021-05-10", "2021-05-10", {"county/2021/a.md"}),
        ("2021-05-11", "2022-05", {"county/2022/b.md"}),
        ("2022-06", "2022-06", {"city/c.md"}),
        ("2023", "", set()),
    ],
)
def test_bounds_hold_the_whole_of_their_year_or_month(dated: Archive, since: str, until: str, left: set[str]) -> None:
    assert _sources(dated, Filters(since=since, until=until)) == left


@pytest.mark.parametrize(
    "place", ["炎陵县", "炎陵", "炎陵縣", " 炎陵 ", "Yanling", "yanling county", "Yánlíng County's", "Yanlingxian"]
)
def test_a_place_is_known_however_it_is_written(dated: Archive, place: str) -> None:
    assert _sources(dated, Filters(places=(place,))) == {"county/2021/a.md"}


@pytest.mark.parametrize(
    "place", ["攸县", "攸縣", "You County", "youxian", "You County's", "comté de You", "Kreis You"]
)
def test_a_place_of_two_characters_keeps_both(dated: Archive, place: str) -> None:
    assert _sources(dated, Filters(places=(place,))) == {"county/2022/b.md"}


def test_another_place_is_not_taken_for_one(dated: Archive) -> None:
    assert _sources(dated, Filters(places=("茶陵县", "陵", "Anling", "xian"))) == set()


def test_several_places_and_several_filters(dated: Archive) -> None:
    assert _sources(dated, Filters(places=("株洲", "攸县"))) == {"county/2022/b.md", "city/c.md"}
    assert _sources(dated, Filters(places=("株洲", "攸县"), since="2022-06")) == {"city/c.md"}


def test_kinds_are_kept_apart(seeds_archive: Archive) -> None:
    for kind in ("heading", "caption", "imprint"):
        hits = seeds_archive.search("株洲政法", top=100, filters=Filters(kinds=(kind,)))
        assert hits
        assert {hit.passage.kind.value for hit in hits} == {kind}


def test_filters_come_before_the_choice_of_candidates(seeds_archive: Archive) -> None:
    everywhere = seeds_archive.search("攸县调处矛盾纠纷多少件", top=5)
    one = Filters(sources=("001",))
    assert all(not hit.source.startswith("001") for hit in everywhere)
    filtered = seeds_archive.search("攸县调处矛盾纠纷多少件", top=5, filters=one)
    assert [hit.source[:3] for hit in filtered] == ["001"] * 5


def test_a_page_asked_about_must_pass_too(seeds_archive: Archive) -> None:
    answer = seeds_archive.ask("2021年11月24日那版的责任编辑是谁", filters=Filters(kinds=("paragraph",)))
    kinds = {
        hit.passage.kind.value
        for hit in seeds_archive.search("2021年11月24日那版的责任编辑是谁", filters=Filters(kinds=("paragraph",)))
    }
    assert kinds == {"paragraph"}
    assert all("责任编辑" not in quote.text for quote in (*answer.quotes, *answer.near_misses))


def test_nothing_left_is_not_found(dated: Archive) -> None:
    answer = dated.ask(QUESTION, filters=Filters(since="2030"))
    assert (answer.status.value, answer.quotes, answer.near_misses, answer.probability) == ("not_found", (), (), 0.0)
    assert dated.search(QUESTION, filters=Filters(since="2030")) == []
    assert dated.explain(QUESTION, filters=Filters(since="2030")).hits == ()


def test_an_answer_comes_from_what_is_left(dated: Archive) -> None:
    answer = dated.ask(QUESTION, filters=Filters(places=("攸县",)))
    assert "1098件" in answer.quotes[0].text
    assert {quote.source for quote in answer.quotes} == {"county/2022/b.md"}


def test_filters_follow_a_change_of_the_archive(tmp_path: Path, encoder_cache: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text("调处矛盾纠纷5件。", encoding="utf-8")
    with Archive.open(tmp_path / "archive", create=True, cache=encoder_cache) as archive:
        archive.sync([texts])
        assert _sources(archive, Filters(sources=("b",))) == set()
        (texts / "b.txt").write_text("调处矛盾纠纷7件。", encoding="utf-8")
        archive.sync([texts])
        assert _sources(archive, Filters(sources=("b",))) == {"b.txt"}


@pytest.mark.parametrize(
    ("kind", "message"), [("picture", "'picture': choose of shoulder, headline"), ("", "a kind is empty")]
)
def test_an_unknown_kind_is_refused(kind: str, message: str) -> None:
    with pytest.raises(FilterError, match=message):
        Filters(kinds=(kind,))
