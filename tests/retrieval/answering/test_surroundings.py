import pytest

from retrieval import Archive
from retrieval.errors import ProvenanceError, UnknownDocumentError
from retrieval.types import Span

QUESTION = "炎陵县的调解成功率是多少？"


def test_a_quote_grows_by_whole_sentences_of_its_article(seeds_archive: Archive) -> None:
    quote = seeds_archive.ask(QUESTION).quotes[0]
    wide = seeds_archive.around(quote.document_id, quote.spans)
    document = seeds_archive.document(quote.document_id)
    assert len(quote.text) < len(wide.text) <= 400
    assert quote.text in wide.text
    assert "".join(document.text[span.start : span.end] for span in wide.spans) == wide.text
    assert "".join(document.text[span.start : span.end] for span in wide.highlights) == quote.text
    assert wide.context.article == quote.context.article
    assert wide.text.rstrip()[-1] in "。！？”"


def test_a_small_room_gives_the_quote_itself(seeds_archive: Archive) -> None:
    quote = seeds_archive.ask(QUESTION).quotes[0]
    assert seeds_archive.around(quote.document_id, quote.spans, 10).text == quote.text


def test_more_room_gives_more(seeds_archive: Archive) -> None:
    quote = seeds_archive.ask(QUESTION).quotes[0]
    lengths = [len(seeds_archive.around(quote.document_id, quote.spans, room).text) for room in (150, 400, 1200)]
    assert lengths == sorted(lengths)
    assert lengths[0] <= 150
    assert 400 < lengths[2] <= 1200


def test_every_quote_of_a_page_can_be_widened(seeds_archive: Archive) -> None:
    for question in (
        "谁是炎陵县政法委书记？",
        "2021年11月24日那版的校对是谁？",
        "大学生普法的标题是什么？",
        "走失老人",
    ):
        for quote in seeds_archive.ask(question, top=5).quotes:
            wide = seeds_archive.around(quote.document_id, quote.spans)
            assert len(quote.text) <= len(wide.text) <= 400


def test_what_stands_nowhere_is_an_error(seeds_archive: Archive) -> None:
    document_id = seeds_archive.documents()[0].id
    with pytest.raises(UnknownDocumentError):
        seeds_archive.around("none", [Span(0, 5)])
    with pytest.raises(ProvenanceError, match="ask again"):
        seeds_archive.around(document_id, [Span(10**6, 10**6 + 5)])
    with pytest.raises(ProvenanceError):
        seeds_archive.around(document_id, [])
