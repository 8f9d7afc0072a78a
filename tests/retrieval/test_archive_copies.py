from pathlib import Path

import pytest

from retrieval import Archive
from retrieval.errors import UnknownDocumentError
from retrieval.reading import document_id

FIRST = "炎陵县法院今年设立巡回审判点十二个，全年审结案件八百六十三件，调解成功率百分之七十一点三，满意度全市第一。"
MISREAD = FIRST.replace("巡回", "巡迥").replace("满意", "滿意").replace("案件", "宗件")
OTHER = "市图书馆星期一闭馆。读者证办理费用为二十元，退证时全额退还，寒暑假期间开放时间延长两个小时，请读者周知。"


def test_a_paragraph_in_two_files_is_found_with_what_ocr_misread(archive: Archive, tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "a.txt").write_text(f"{FIRST}\n\n{OTHER}\n", "utf-8")
    (papers / "b.txt").write_text(f"平安炎陵\n\n{MISREAD}\n", "utf-8")
    archive.sync([papers])
    (copies,) = archive.copies()
    assert copies.kept.source == "a.txt"
    assert [place.source for place in copies.copies] == ["b.txt"]
    texts = {info.id: archive.document(info.id).text for info in archive.documents()}
    places = (copies.kept, *copies.copies)
    assert ["".join(texts[p.document_id][s.start : s.end] for s in p.spans) for p in places] == [FIRST, MISREAD]
    assert archive.copies(document_id("b.txt")) == [copies]
    assert archive.copies() == [copies]

    quotes = archive.ask("炎陵县法院设立了多少个巡回审判点？", top=3)
    shown = [quote.source for quote in (*quotes.quotes, *quotes.near_misses) if "审判点" in quote.text]
    assert len(shown) == 1

    (papers / "b.txt").unlink()
    archive.sync([papers])
    assert archive.copies() == []
    with pytest.raises(UnknownDocumentError):
        archive.copies("nothing")


def test_copies_are_noted_in_the_folder_and_done_without_where_it_cannot_be_written(
    archive: Archive, tmp_path: Path
) -> None:
    archive.add("a.txt", f"{FIRST}\n\n{OTHER}\n\n{FIRST}\n".encode())
    blocker = tmp_path / "archive" / "copies"
    blocker.write_text("a file stands where the folder should be", "utf-8")
    (unwritten,) = archive.copies()
    assert [place.spans[0].start for place in (unwritten.kept, *unwritten.copies)] == [0, len(FIRST) + len(OTHER) + 4]
    blocker.unlink()
    assert archive.copies() == [unwritten]
    (noted,) = blocker.rglob("groups.json")
    assert noted.read_text("utf-8") == f"[[{unwritten.kept.passage_id},{unwritten.copies[0].passage_id}]]"
    assert archive.copies() == [unwritten]
