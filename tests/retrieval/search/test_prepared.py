import pytest

from retrieval import Archive
from retrieval.errors import UnknownDocumentError
from retrieval.search.coverage import Coverage
from retrieval.search.expectation import AnswerKind
from retrieval.search.prepared import PreparedPassage, PreparedPassages
from retrieval.search.termsets import TermSet
from retrieval.types import BlockKind, Context, Passage, Span


def prepared(*sentences: str, number: int = 1) -> PreparedPassage:
    text, spans = "".join(sentences), list[tuple[Span, ...]]()
    for sentence in sentences:
        start = spans[-1][0].end if spans else 0
        spans.append((Span(start, start + len(sentence)),))
    whole = (Span(0, len(text)),)
    return PreparedPassage.of(
        Passage(
            id=number,
            document_id="d",
            kind=BlockKind.PARAGRAPH,
            spans=whole,
            text=text,
            sentences=tuple(spans),
            context=Context(),
        )
    )


def test_a_passage_is_folded_and_cut_into_words_sentence_by_sentence() -> None:
    passage = prepared("調解成功率為９９％ media。", "Mediators HELPED 120 families.")
    assert passage.sentences == ("調解成功率為９９％ media。", "Mediators HELPED 120 families.")
    assert passage.folded == ("调解成功率为99% media。", "mediators helped 120 families.")
    assert passage.tokens["120"] == passage.tokens["helpe"] == (1,)
    assert passage.tokens["media"] == (0, 1)
    assert set(passage.tokens) == {"mediators", "media", "helped", "helpe", "120", "families", "famil"}


def test_answers_are_those_of_each_sentence() -> None:
    passage = prepared("共有９９人。", "没有。", "10件，2起。")
    assert passage.answers(AnswerKind.NUMBER) == (("99人",), (), ("10件", "2起"))
    assert passage.answers(AnswerKind.NUMBER) is passage.answers(AnswerKind.NUMBER)


def test_coverage_is_what_each_sentence_and_each_passage_has_of_the_terms() -> None:
    passages = [prepared("株洲调解成功。", "The town agreed."), prepared("Town meeting in 攸县。")]
    words = TermSet.of([("株洲", 1.0), ("攸县", 2.0), ("town", 1.0)])
    pairs = TermSet.of([("调解", 1.0), ("缺失", 3.0)])
    group = TermSet.of([("成功", 1.0), ("meeting", 1.0)])
    lacking = TermSet.of([("nowhere", 1.0)])
    related = TermSet.of([("株洲", 1.0), ("攸县", 0.5)])
    found = Coverage.of(passages, words, pairs, [(group, 1.0), (lacking, 3.0)], [(related, 2.0)], ("株洲调", "洲调解"))
    assert found.starts == (0, 2, 3)
    assert found.words.tolist() == [0.25, 0.25, 0.75]
    assert found.bigrams.tolist() == [0.25, 0.0, 0.0]
    assert found.neighbours.tolist() == [0.25, 0.0, 0.25]
    assert found.related.tolist() == [1.0, 0.0, 0.5]
    assert found.phrases.tolist() == [1.0, 0.0, 0.0]
    assert found.passage_words.tolist() == [0.5, 0.75]
    assert found.passage_bigrams.tolist() == [0.25, 0.0]
    assert found.passage_related.tolist() == [1.0, 0.5]
    assert found.passage_phrases.tolist() == [1.0, 0.0]


def test_terms_of_one_character_are_found_wherever_they_stand() -> None:
    passages = [prepared("甲", "x乙"), prepared("丙丁。"), prepared("𠮷")]
    for term, shares in (("甲", [1, 0, 0, 0]), ("乙", [0, 1, 0, 0]), ("丁", [0, 0, 1, 0]), ("𠮷", [0, 0, 0, 1])):
        nothing = TermSet.of([])
        found = Coverage.of(passages, TermSet.of([(term, 2.0)]), nothing, [], [], ("丁。", "甲乙"))
        assert found.words.tolist() == shares
        assert found.phrases.tolist() == [0, 0, 0.5, 0]


def test_coverage_of_a_question_without_terms_is_nothing() -> None:
    nothing = TermSet.of([])
    found = Coverage.of([prepared("有。")], nothing, nothing, [(nothing, 1.0)], [], ())
    assert [found.words.tolist(), found.neighbours.tolist(), found.passage_related.tolist()] == [[0.0], [0.0], [0.0]]


def test_passages_used_last_are_kept_up_to_a_number_of_characters(seeds_archive: Archive) -> None:
    with seeds_archive.reading() as view:
        ids = view.searcher.indexes.passage_ids[:40].tolist()
        longest = max(len(passage.text) for passage in view.snapshot.passages(ids))
        kept = PreparedPassages(most_characters=longest + 300)
        (first,) = kept.get(ids[:1], view.snapshot)
        assert kept.get(ids[:1], view.snapshot)[0] is first
        for number in ids:
            assert kept.get([number], view.snapshot)[0].passage == view.snapshot.passage(number)
        assert 1 <= len(kept) < len(ids)
        assert kept.get(ids[-1:], view.snapshot)[0] is kept.get(ids[-1:], view.snapshot)[0]
        assert kept.get(ids[:1], view.snapshot)[0] is not first


def test_many_passages_come_in_the_order_asked_kept_or_not(seeds_archive: Archive) -> None:
    with seeds_archive.reading() as view:
        ids = view.searcher.indexes.passage_ids[:6].tolist()
        asked = [ids[4], ids[1], ids[4], ids[0], ids[5]]
        kept = PreparedPassages()
        (known,) = kept.get(ids[1:2], view.snapshot)
        given = kept.get(asked, view.snapshot)
        assert [one.passage for one in given] == view.snapshot.passages(asked)
        assert given[1] is known
        assert given[0] is given[2]
        assert kept.get([], view.snapshot) == []
        # Fewer are kept than are asked for: all are given all the same.
        few = PreparedPassages(most_characters=1)
        assert [one.passage.id for one in few.get(asked, view.snapshot)] == asked
        assert len(few) == 1


def test_a_passage_that_is_not_there_is_refused(seeds_archive: Archive) -> None:
    with seeds_archive.reading() as view, pytest.raises(UnknownDocumentError, match="987654"):
        PreparedPassages().get([987654], view.snapshot)
