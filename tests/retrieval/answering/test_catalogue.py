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
        ("What is this archive about?", CatalogueRequest.DOCUMENTS),
        ("What topics do you cover?", CatalogueRequest.DOCUMENTS),
        ("这个档案库里有什么？", CatalogueRequest.DOCUMENTS),
        ("资料的时间范围是什么？", CatalogueRequest.DOCUMENTS),
        ("このアーカイブには何がありますか？", CatalogueRequest.DOCUMENTS),
        ("이 아카이브에는 무엇이 있나요?", CatalogueRequest.DOCUMENTS),
        ("О чём этот архив?", CatalogueRequest.DOCUMENTS),
        ("Worum geht es in diesem Archiv?", CatalogueRequest.DOCUMENTS),
        ("De quoi parlent ces archives ?", CatalogueRequest.DOCUMENTS),
        ("¿De qué trata este archivo?", CatalogueRequest.DOCUMENTS),
        ("这里有什么奖励措施？", None),
        ("What is this story about?", None),
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
        ("有没有关于学校的？", "学校"),
        ("有没有提到人工智能", "人工智能"),
        ("Is there anything about schools?", "schools"),
        ("Gibt es etwas über Schulen?", "Schulen"),
        ("Y a-t-il quelque chose sur les écoles ?", "les écoles"),
        ("¿Hay algo sobre Zhuzhou?", "Zhuzhou"),
        ("Есть ли что-нибудь о судах?", "судах"),
        ("学校について何かありますか？", "学校"),
        ("학교에 대한 내용이 있나요?", "학교"),
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


def test_what_the_page_tells_of_an_article_does_not_change_which_one_is_meant(seeds_archive: Archive) -> None:
    question = "大学生普法去了多少个行政村？"
    history = [Turn(question, seeds_archive.ask(question).quotes[0].text)]
    for asked, told in (
        ("哪天登的？", "2024年3月6日"),
        ("责任编辑是谁？", "齐卫国"),
        ("谁写的？", "周圆"),
        ("标题呢？", "大学生来株普法"),
    ):
        quote = seeds_archive.ask(asked, history=history).quotes[0]
        assert told in quote.text
        history.append(Turn(asked, quote.text))


@pytest.mark.parametrize(
    "question", ["哪天登的？", "When was that published?", "いつ掲載されましたか？", "언제 실렸나요?"]
)
def test_an_article_on_a_page_without_a_date_is_not_dated_by_its_text(seeds_archive: Archive, question: str) -> None:
    history = (
        Turn("炎陵县评了多少名道德模范？", "张祥发等7人获评第三届炎陵县道德模范,张湘军等10人获评炎陵县十佳乡贤。"),
    )
    assert seeds_archive.ask(question, history=history).status is AnswerStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("这篇报道什么时候登的？", "2024年3月6日"),
        ("Who wrote this article?", "周圆"),
        ("When was that published?", "2024年3月6日"),
        ("What is the headline of this article?", "大学生来株普法"),
        ("この記事は誰が書きましたか？", "周圆"),
        ("이 기사는 누가 썼나요?", "周圆"),
        ("Кто написал эту статью?", "周圆"),
        ("Wann wurde das veröffentlicht?", "2024年3月6日"),
        ("Qui a écrit cet article ?", "周圆"),
        ("¿Quién escribió este artículo?", "周圆"),
    ],
)
def test_this_article_is_the_last_quotes_in_each_language(seeds_archive: Archive, question: str, told: str) -> None:
    before = "大学生普法去了多少个行政村？"
    history = (Turn(before, seeds_archive.ask(before).quotes[0].text),)
    answer = seeds_archive.ask(question, history=history)
    assert told in answer.quotes[0].text
    assert question in answer.understood_as


def test_an_article_that_is_named_is_not_the_last_quotes(seeds_archive: Archive) -> None:
    before = "大学生普法去了多少个行政村？"
    history = (Turn(before, seeds_archive.ask(before).quotes[0].text),)
    answer = seeds_archive.ask("《推进“五治”融合 夯实基层治理基石》是谁写的？", history=history)
    assert "刘如荣" in answer.quotes[0].text


def test_more_about_the_page_is_not_the_same_again(seeds_archive: Archive) -> None:
    question = "大学生普法去了多少个行政村？"
    history = [Turn(question, seeds_archive.ask(question).quotes[0].text)]
    author = seeds_archive.ask("谁写的？", history=history, top=1).quotes[0]
    history.append(Turn("谁写的？", author.text))
    more = seeds_archive.ask("还有吗？", history=history)
    assert author.text not in {quote.text for quote in more.quotes}


def test_a_page_that_bears_no_date_is_not_dated(seeds_archive: Archive) -> None:
    answer = seeds_archive.ask("《岁月静好背后的力量》这篇报道是哪一天登报的?")
    assert answer.status is AnswerStatus.NOT_FOUND
