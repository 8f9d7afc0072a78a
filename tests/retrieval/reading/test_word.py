import io
import sys
import zipfile

import pytest

from retrieval.errors import SourceError
from tests.retrieval.reading.samples import paragraph, read_bytes, word, zipped

TABLE = (
    "<w:tbl><w:tr><w:tc>{0}</w:tc><w:tc>{1}</w:tc></w:tr><w:tr><w:tc>{2}{2}</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
)


def text_of(body: str, **parts: str) -> str:
    return read_bytes(word(body, **parts), "a.docx").document.text


def test_paragraphs_headings_tables_and_notes_are_read_in_order() -> None:
    body = (
        paragraph("工作报告", '<w:pStyle w:val="1"/>')
        + paragraph("炎陵县受理纠纷1,234件。")
        + paragraph("做法", '<w:pStyle w:val="Own"/>')
        + TABLE.format(paragraph("县"), paragraph("率"), paragraph("攸县"))
        + paragraph("最后一段。")
    )
    notes = '<w:footnote w:type="separator"><w:p/></w:footnote><w:footnote>' + paragraph("注一") + "</w:footnote>"
    reading = read_bytes(word(body, footnotes=notes), "a.docx")
    text = "工作报告\n\n炎陵县受理纠纷1,234件。\n\n做法\n\n县\t率\n攸县 攸县\n\n最后一段。\n\n注一"
    assert reading.document.text == text
    assert reading.document.encoding == "docx"
    assert reading.layout is not None
    assert [(text[h.span.start : h.span.end], h.level) for h in reading.layout.headings] == [
        ("工作报告", 1),
        ("做法", 2),
    ]


def test_runs_are_joined_and_what_is_not_shown_is_left_out() -> None:
    runs = (
        "<w:p><w:r><w:t>全面提升</w:t></w:r><w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>队伍</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText><w:tab/><w:t>专业化</w:t><w:br/><w:t>水平</w:t></w:r></w:p>"
    )
    assert text_of(runs) == "全面提升队伍\t专业化\n水平"


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('框中文字')}</w:txbxContent>"
    drawing = (
        '<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice>'
        f"<w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert text_of(drawing + paragraph("后文")) == "正文\n\n框中文字\n\n后文"


def test_deep_nesting_needs_no_recursion() -> None:
    body = paragraph("里面")
    for _ in range(3000):
        body = f"<w:sdt><w:sdtContent>{body}</w:sdtContent></w:sdt>"
    assert text_of(body) == "里面"


def test_a_bomb_that_declares_its_size_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped({"word/document.xml": b" " * 60_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(SourceError, match=r"would unpack from \d+ to 60000000 bytes, as the bombs do.*Leave it out"):
        read_bytes(bomb, "a.docx")


def test_a_bomb_of_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.reading.zipped.MAX_TOTAL_BYTES", 100_000)
    bomb = zipped({f"{number}.xml": b" " * 10_000 for number in range(11)})
    with pytest.raises(SourceError, match="it would unpack to 110000 bytes in 11 parts, more than the limits"):
        read_bytes(bomb, "a.docx")


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(word(paragraph("x" * 5_000_000)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    lie = bytes(data).replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    with pytest.raises(SourceError, match="damaged"):
        read_bytes(lie, "a.docx")


def test_an_entity_bomb_is_refused() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document>&b;</w:document>'
    with pytest.raises(SourceError, match=r"its part word/document.xml declares XML entities.*Leave it out"):
        read_bytes(zipped({"word/document.xml": bomb}), "a.docx")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no DOCX file, or a damaged one"),
        (b"plain text", "no DOCX file, or a damaged one"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old office document or one with a password"),
        (zipped({"a.txt": "text"}), "a ZIP archive without a text document in it"),
        (zipped({"word/document.xml": "<w:document>"}), "its part word/document.xml is damaged"),
        (word(paragraph("")), "the file holds no text"),
        (word(paragraph("text"))[:200], "damaged"),
    ],
)
def test_what_is_no_document_is_refused_with_a_cure(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as refusal:
        read_bytes(data, "a.docx")
    assert str(refusal.value).startswith("a.docx: ")


def test_a_missing_extra_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "defusedxml", None)
    with pytest.raises(SourceError, match=r"a.docx: reading this format needs the extra 'documents'"):
        read_bytes(word(paragraph("text")), "a.docx")
