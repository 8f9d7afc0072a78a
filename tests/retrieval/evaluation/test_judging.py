import pytest

from retrieval.errors import UnknownDocumentError
from retrieval.evaluation.answers import summarise
from retrieval.evaluation.judging import Outcome, judge
from retrieval.evaluation.questions import ArchiveQuestion
from retrieval.types import Answer, AnswerStatus, Context, Document, Quote, Span

TEXT = "去年调解了三百件纠纷，成功率为98.5%。其余的进入了诉讼程序。" + "长" * 500
DOCUMENT = Document("d1", "press/001_page.txt", TEXT, "utf-8", "")
SENTENCE = Span(0, TEXT.index("。") + 1)
RATE = Span(TEXT.index("98"), TEXT.index("%") + 1)
QUESTION = ArchiveQuestion("1", "zh", "number", "成功率？", (), ("000", "001"), (" 成功率为98.5% ",), ("98.5%",))
REFUSABLE = ArchiveQuestion("2", "zh", "unanswerable", "月球？")


def document(document_id: str) -> Document:
    if document_id != DOCUMENT.id:
        raise UnknownDocumentError(document_id)
    return DOCUMENT


def quote(*spans: Span, highlights: tuple[Span, ...] = (), source: str = DOCUMENT.source, text: str = "") -> Quote:
    words = text or "".join(TEXT[span.start : span.end] for span in spans)
    return Quote(words, source, DOCUMENT.id, spans, (1, 1), highlights, 1.0, Context())


def judged(*quotes: Quote, question: ArchiveQuestion = QUESTION) -> Outcome:
    status = AnswerStatus.ANSWERED if quotes else AnswerStatus.NOT_FOUND
    return judge(question, Answer(status, question.question, "zh", quotes), document)


OTHER = Span(SENTENCE.end, SENTENCE.end + 11)


def test_a_right_quote_counts_at_its_rank() -> None:
    right = quote(SENTENCE, highlights=(RATE,))
    assert judged(right).quote_rank == 1
    assert judged(quote(OTHER), right).quote_rank == 2
    assert judged(quote(OTHER)).quote_rank is None


def test_a_quote_of_another_file_or_over_the_limit_does_not_count() -> None:
    elsewhere = judged(quote(SENTENCE, source="001/002_page.txt"))
    assert elsewhere.quote_rank is None
    long = judged(quote(Span(0, 401), highlights=(Span(0, 401),)))
    assert (long.quote_rank, long.answered, long.quote_lengths) == (None, False, (401,))
    assert judged(quote(Span(0, 400))).quote_rank == 1


def test_a_quote_in_pieces_counts_by_its_joined_text() -> None:
    pieces = quote(Span(0, RATE.start), Span(RATE.start, SENTENCE.end), highlights=(Span(RATE.start, RATE.start + 2),))
    assert judged(pieces).quote_rank == 1


def test_the_answer_must_lie_in_the_first_quotes_highlight() -> None:
    assert judged(quote(SENTENCE, highlights=(RATE,))).answered is True
    assert judged(quote(SENTENCE)).answered is False
    assert judged(quote(OTHER), quote(SENTENCE, highlights=(RATE,))).answered is False
    halves = (Span(RATE.start, RATE.start + 2), Span(RATE.start + 2, RATE.end))
    assert judged(quote(SENTENCE, highlights=halves)).answered is True
    assert judged(quote(SENTENCE, highlights=(SENTENCE,))).answer_f1 == pytest.approx(2 * 5 / (5 + len(SENTENCE)))


def test_questions_without_answers_are_not_judged_on_them() -> None:
    outcome = judged(question=REFUSABLE)
    assert (outcome.answered, outcome.answer_f1, outcome.quote_rank) == (None, None, None)


def test_a_quote_that_differs_from_its_source_is_counted() -> None:
    wrong = quote(SENTENCE, text=TEXT[: SENTENCE.end].replace("98", "99"))
    renamed = quote(SENTENCE, source="press/001_other.txt")
    assert judged(quote(SENTENCE)).misquotes == 0
    assert judged(quote(SENTENCE), wrong, renamed).misquotes == 2
    near = Answer(AnswerStatus.NOT_FOUND, "?", "zh", near_misses=(wrong,))
    assert judge(QUESTION, near, document).misquotes == 1


def test_figures_of_a_group() -> None:
    outcomes = [
        judged(quote(SENTENCE, highlights=(RATE,))),
        judged(quote(OTHER), quote(SENTENCE)),
        judged(),
        judged(question=REFUSABLE),
        judged(quote(OTHER), question=REFUSABLE),
    ]
    figures = summarise(outcomes).to_dict()
    length = len(SENTENCE)
    assert figures == {
        "questions": 5,
        "quote@1": 1 / 3,
        "quote@3": 2 / 3,
        "answer@1": 1 / 3,
        "answer_f1": 1 / 3,
        "refused": 0.5,
        "false_refusals": 1 / 3,
        "misquotes": 0,
        "mean_quote_characters": (2 * length + 2 * 11) / 4,
        "longest_quote_characters": length,
    }


def test_figures_that_do_not_apply_are_none() -> None:
    figures = summarise([judged(question=REFUSABLE)])
    assert (figures.quote_at_1, figures.false_refusals, figures.mean_quote_characters) == (None, None, None)
    assert figures.refused == 1.0
    assert summarise([judged()]).refused is None
