import pytest

from retrieval import Archive, Turn
from retrieval.answering.catalogue import CatalogueRequest, catalogue_request, catalogue_subject
from retrieval.language.identification import identify
from retrieval.types import AnswerStatus, Arrangement


@pytest.mark.parametrize(
    ("question", "request_"),
    [
        ("你有哪些文章？", CatalogueRequest.ARTICLES),
        ("請列出所有文章", CatalogueRequest.ARTICLES),
        ("档案里一共有多少份文件？", CatalogueRequest.DOCUMENTS),
        ("最新一期是哪天的？", CatalogueRequest.NEWEST),
        ("最早的报纸是哪天的", CatalogueRequest.OLDEST),
        ("What articles do you have?", CatalogueRequest.ARTICLES),
        ("How many documents are there?", CatalogueRequest.DOCUMENTS),
        ("What is the latest issue?", CatalogueRequest.NEWEST),
        ("どんな記事がありますか", CatalogueRequest.ARTICLES),
        ("어떤 기사가 있나요?", CatalogueRequest.ARTICLES),
        ("Какие документы есть в архиве?", CatalogueRequest.DOCUMENTS),
        ("Welche Dokumente hast du?", CatalogueRequest.DOCUMENTS),
        ("Quels articles avez-vous ?", CatalogueRequest.ARTICLES),
        ("¿Qué documentos hay?", CatalogueRequest.DOCUMENTS),
        ("最近的派出所在哪里", None),
        ("有哪些文章写到了炎陵县？", None),
        ("What documents did the court sign?", None),
    ],
)
def test_what_is_asked_of_the_archive(question: str, request_: CatalogueRequest | None) -> None:
    assert catalogue_request(question, identify(question)) is request_


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("有哪些文章写到了炎陵县？", "炎陵县"),
        ("关于养老诈骗的文章有哪些", "养老诈骗"),
        ("攸縣的報道有哪些", "攸縣"),
        ("Which articles mention You County?", "You County"),
        ("Please show me all stories about the Beidou summit", "the Beidou summit"),
        ("Welche Artikel gibt es über Yanling?", "Yanling"),
        ("Quels articles parlent de la médiation ?", "la médiation"),
        ("¿Qué artículos hablan de Zhuzhou?", "Zhuzhou"),
        ("Какие статьи есть об уезде Яньлин?", "уезде Яньлин"),
        ("攸県についての記事はありますか", "攸県"),
        ("유현에 대한 기사가 있나요?", "유현"),
        ("你有哪些文章？", ""),
        ("谁写了这篇文章", ""),
        ("What did the court say about mediation?", ""),
    ],
)
def test_what_the_articles_are_to_be_about(question: str, subject: str) -> None:
    assert catalogue_subject(question, identify(question)) == subject


@pytest.mark.parametrize("question", ["有哪些文章写到了攸县？", "Which articles mention You County?"])
def test_the_articles_about_something_are_listed(seeds_archive: Archive, question: str) -> None:
    answer = seeds_archive.ask(question, top=2)
    assert (answer.status, answer.arrangement) == (AnswerStatus.ANSWERED, Arrangement.COLLECTION)
    assert {quote.text.lstrip("# ") for quote in answer.quotes} == {
        "做到“四个强化” 展现政法担当",
        "着力履行政法职能 护航经济社会发展",
    }
    assert answer.total >= 2


def test_no_articles_about_something_else_are_listed(seeds_archive: Archive) -> None:
    answer = seeds_archive.ask("有哪些文章写了奥运会？")
    assert (answer.status, answer.total) == (AnswerStatus.NOT_FOUND, 0)


def test_the_articles_are_quoted_by_their_headlines(seeds_archive: Archive) -> None:
    answer = seeds_archive.ask("你有哪些文章？", top=3)
    assert (answer.status, answer.arrangement) == (AnswerStatus.ANSWERED, Arrangement.COLLECTION)
    assert len(answer.quotes) == 3
    assert answer.total > 8
    assert "岁月静好背后的力量" in answer.quotes[0].text


def test_the_documents_are_counted(seeds_archive: Archive) -> None:
    answer = seeds_archive.ask("How many documents are there?", top=10)
    assert answer.total == 5 == len(answer.quotes)
    assert len({quote.document_id for quote in answer.quotes}) == 5


def test_the_newest_issue_by_its_imprint(seeds_archive: Archive) -> None:
    quote = seeds_archive.ask("最新一期是哪天的？").quotes[0]
    assert [segment.text for segment in quote.segments() if segment.highlighted] == ["2024年3月6日"]


def test_this_article_is_the_last_quotes(seeds_archive: Archive) -> None:
    question = "大学生普法去了多少个行政村？"
    first = seeds_archive.ask(question).quotes[0]
    history = (Turn(question, first.text),)
    named = seeds_archive.ask("这篇文章叫什么？", history=history).quotes[0]
    assert "大学生来株普法" in named.text
    day = seeds_archive.ask("哪天登的？", history=history).quotes[0]
    assert "2024年3月6日" in day.text
    author = seeds_archive.ask("谁写的？", history=history).quotes[0]
    assert "周圆" in author.text


def test_a_page_that_bears_no_date_is_not_dated(seeds_archive: Archive) -> None:
    answer = seeds_archive.ask("《岁月静好背后的力量》这篇报道是哪一天登报的?")
    assert answer.status is AnswerStatus.NOT_FOUND
