from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import Answer, AnswerStatus, Archive, Turn
from retrieval.errors import QuestionError
from retrieval.search import MAX_QUESTION_CHARACTERS
from tests.retrieval.samples import COURT, LIBRARY, RIVER, assert_stands, given_quotes, write_files

TEXTS = {"court.txt": COURT, "library.txt": LIBRARY, "river.txt": RIVER}
QUESTION = "炎陵县的调解成功率是多少？"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Iterator[Archive]:
    """Three small files, which the tests here only ask."""
    folder = tmp_path_factory.mktemp("town")
    with Archive.open(folder / "archive", create=True, cache=encoder_cache) as archive:
        archive.sync([write_files(folder / "files", TEXTS)])
        yield archive


def assert_all_stand(answer: Answer) -> None:
    for quote in given_quotes(answer):
        assert_stands(quote, TEXTS[quote.source])


def test_clear_question_gets_the_quote_with_its_place(town: Archive) -> None:
    answer = town.ask(QUESTION)
    assert answer.question == QUESTION
    assert answer.language == "zh"
    best = given_quotes(answer)[0]
    assert "99.3%" in best.text
    assert (best.source, best.lines) == ("court.txt", (4, 4))
    (marked,) = [segment.text for segment in best.segments() if segment.highlighted]
    assert marked.endswith("99.3%")
    assert len(marked) < 10
    assert_all_stand(answer)


def test_question_in_another_language_is_answered_from_the_same_files(town: Archive) -> None:
    for question, language in ((QUESTION, "zh"), ("What is the success rate of mediation in Yanling?", "en")):
        answer = town.ask(question)
        assert answer.language == language
        assert "99.3%" in "".join(quote.text for quote in given_quotes(answer))


def test_answer_has_quotes_or_near_misses_but_not_both(town: Archive) -> None:
    for question in (QUESTION, "Who won the football match in Berlin in 1974?", "q", "7"):
        answer = town.ask(question)
        assert (answer.quotes == ()) == (answer.status is AnswerStatus.NOT_FOUND)
        assert (answer.near_misses == ()) == (answer.status is AnswerStatus.ANSWERED)
        assert_all_stand(answer)


def test_dictionary_form_is_the_public_interfaces(town: Archive) -> None:
    given = town.ask(QUESTION).to_dict()
    assert sorted(given) == [
        "arrangement", "language", "missing", "near_misses", "probability", "question", "quotes", "reply", "status",
        "summary", "timings_ms", "total", "understood_as",
    ]  # fmt: skip
    assert sorted(given["timings_ms"]) == ["quote", "search", "total"]
    quote = (given["quotes"] or given["near_misses"])[0]
    assert sorted(quote) == [
        "context", "document_id", "highlights", "lines", "score", "source", "spans", "text",
    ]  # fmt: skip
    (start, end), *rest = quote["spans"]
    assert rest == []
    assert COURT[start:end] == quote["text"]


def test_the_same_words_are_quoted_once(tmp_path: Path, archive: Archive) -> None:
    archive.sync([write_files(tmp_path / "files", {"one.txt": COURT, "two.txt": COURT.replace("\n", "\r\n")})])
    texts = ["".join(quote.text.split()) for quote in given_quotes(archive.ask(QUESTION, top=10))]
    assert len(texts) == len(set(texts)) > 0


@pytest.mark.parametrize("top", [1, 2, 5, 1000, 10**9])
def test_no_more_quotes_than_asked_for_and_the_best_ones(town: Archive, top: int) -> None:
    quotes = given_quotes(town.ask(QUESTION, top=top))
    everything = given_quotes(town.ask(QUESTION, top=1000))
    assert quotes == everything[:top]
    assert len(everything) > 2
    scores = [quote.score for quote in everything]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("top", [0, -1, -(10**9)])
def test_less_than_one_quote_is_refused(town: Archive, top: int) -> None:
    for use in (lambda: town.ask(QUESTION, top=top), lambda: town.search(QUESTION, top=top)):
        with pytest.raises(ValueError, match=f"at least 1.* got {top}"):
            use()


def test_search_gives_passages_best_first(town: Archive) -> None:
    hits = town.search(QUESTION, top=1000)
    assert len(hits) == town.info().passages
    keys = [(-hit.score, hit.passage.id) for hit in hits]
    assert keys == sorted(keys)
    for hit in hits:
        text = TEXTS[hit.source]
        assert hit.passage.text == "".join(text[span.start : span.end] for span in hit.passage.spans)
    assert town.search(QUESTION, top=2) == hits[:2]


@pytest.mark.parametrize(
    "question", ["", " ", "\n\t\r", "\u3000\u00a0", "\x00\x01\x1b", "\u200b\u200e\ufeff", "\ud800"]
)
def test_question_of_nothing_visible_is_empty(town: Archive, question: str) -> None:
    for use in (town.ask, town.search):
        with pytest.raises(QuestionError, match="the question is empty"):
            use(question)


@pytest.mark.parametrize("question", ["?", "？！……", "😀", "👩\u200d👩\u200d👧", "-- ' \" ;", "()*", "？" * 9000])
def test_question_without_letter_or_digit_is_told(town: Archive, question: str) -> None:
    for use in (town.ask, town.search):
        with pytest.raises(QuestionError, match="has no letter or digit; ask in words") as told:
            use(question)
        assert len(str(told.value)) < 120


@pytest.mark.parametrize("length", [MAX_QUESTION_CHARACTERS + 1, 100_000])
def test_question_that_is_too_long_is_told(town: Archive, length: int) -> None:
    for use in (town.ask, town.search):
        with pytest.raises(QuestionError, match=f"has {length} characters, more than the 10000 allowed"):
            use("问" * length)


@pytest.mark.parametrize(
    "question",
    [
        ("调解成功率是多少？" * 1200)[:MAX_QUESTION_CHARACTERS],
        "x" * MAX_QUESTION_CHARACTERS,
        "1" * MAX_QUESTION_CHARACTERS,
        "a " * (MAX_QUESTION_CHARACTERS // 2),
        "’" * (MAX_QUESTION_CHARACTERS - 1) + "a",
    ],
    ids=["chinese", "one word", "one number", "letters", "quotation marks"],
)  # fmt: skip
def test_longest_questions_are_answered(town: Archive, question: str) -> None:
    assert len(question) == MAX_QUESTION_CHARACTERS
    assert_all_stand(town.ask(question))


@pytest.mark.parametrize(
    "question",
    [
        "炎陵县的\x00调解\x1b[31m成功率\x07是多少？", "炎陵县\n的调解成功率\r\n是多少？",
        "炎陵县的\ud83d调解成功率\udc00是多少？",
        "\ufeff炎陵县的调解\u200b成功率是多少？\u202e",
    ],
    ids=["control", "lines", "surrogates", "invisible"],
)  # fmt: skip
def test_what_no_reader_sees_in_a_question_changes_nothing(town: Archive, question: str) -> None:
    assert "99.3%" in given_quotes(town.ask(question))[0].text
    assert [hit.source for hit in town.search(question, top=1)] == ["court.txt"]


@pytest.mark.parametrize(
    "question",
    [
        "'; DROP TABLE documents; --", "a* OR b NEAR(c)", "%s %d {0} {}", "<b>书</b>", "\\d+(", "a.b'c", "١٢٣", "ǅ",
        "ﬁ", "½", "ꙮ",
    ],
)  # fmt: skip
def test_question_with_signs_of_other_languages_is_a_question(town: Archive, question: str) -> None:
    assert_all_stand(town.ask(question))
    assert town.info().documents == 3


def test_follow_up_is_understood_from_the_question_before(town: Archive) -> None:
    answer = town.ask("那河水呢？", [Turn("图书馆有多少读者？", "512"), Turn("渌江全长多少公里？", "一百六十六")])
    assert answer.question == "那河水呢？"
    assert given_quotes(answer)[0].source == "river.txt"


@pytest.mark.parametrize("before", ["", " ", "？", "\ud800\x00", "渌江" * 5000, "渌江" * 50_000], ids=len)
def test_what_was_asked_before_never_makes_a_question_wrong(town: Archive, before: str) -> None:
    answer = town.ask("那炎陵县的调解成功率呢？", [Turn(before)])
    assert_all_stand(answer)
    with pytest.raises(QuestionError, match="is empty"):
        town.ask("", [Turn(before)])
