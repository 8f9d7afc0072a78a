from retrieval.segmenting.kinds import KINDS, NEIGHBOURS
from retrieval.types import BlockKind
from tests.retrieval.segmenting.truth import marked_pages
from training.kinds import fit, marked_traits

PAGES = [page for page in marked_pages() if page.name in ("seed_004", "hill_county")]


def test_readers_who_differ_agree_on_what_opens_an_article() -> None:
    page = PAGES[0]
    marked = marked_traits(page)
    assert len(marked.traits) == len(marked.kinds)
    assert all(kinds <= {kind.value for kind in KINDS} for kinds in marked.kinds)


def test_weights_are_fitted_to_marked_pages() -> None:
    weights = fit([marked_traits(page) for page in PAGES], rounds=3)
    own = weights["own_names"].item().split("\n")
    assert weights["own"].shape == (len(NEIGHBOURS), len(own), len(KINDS))
    imprint, paragraph = KINDS.index(BlockKind.IMPRINT), KINDS.index(BlockKind.PARAGRAPH)
    date = weights["own"][0, own.index("date")]
    assert date[imprint] > date[paragraph]
    assert fit([marked_traits(page) for page in PAGES], rounds=3)["own"].tobytes() == weights["own"].tobytes()
