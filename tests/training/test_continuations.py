from retrieval.segmenting.continuations import ContinuationReader
from tests.retrieval.segmenting.truth import marked_pages
from training.continuations import fit, marked_cuts

SEED = next(page for page in marked_pages() if page.name == "seed_000")


def test_a_pages_marked_joins_are_what_its_cuts_go_on_in() -> None:
    cuts = marked_cuts(SEED)
    assert sum(marked.right is not None for marked in cuts) == len(SEED.joins | SEED.doubtful_joins)
    assert any(marked.right is None for marked in cuts)


def test_weights_are_fitted_to_marked_pages() -> None:
    cuts = marked_cuts(SEED)
    weights = fit(cuts * 10)
    expected = {m.cut.index: m.cut.options[m.right][0] for m in cuts if m.right is not None}
    assert ContinuationReader(weights).read(marked.cut for marked in cuts) == expected
    assert fit(cuts * 10) == weights


def test_what_grammar_tells_is_known_where_no_page_shows_it() -> None:
    cuts = marked_cuts(SEED)
    shown = {trait for marked in cuts for _, traits in marked.cut.options for trait in traits}
    assert "begin dangles" not in shown
    assert fit(cuts)["begin dangles"] == 3.0
