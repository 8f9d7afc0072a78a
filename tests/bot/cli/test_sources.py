import json
from pathlib import Path

from tests.bot.cli.conftest import ROOT, Shell

SEED = "002_928921937952ddc6.txt"
PAGE = """江城晚报 A3 要闻 2022年9月27日 星期二

三座老桥“体检”之后

本报记者 黎安平

这是全市桥梁安全排查的第四十二天。按照计划，三百一十六座桥梁都要做一次“体检”，其中二十年以上的老桥要

逐根检查拉索和支座。市交通运输局局长梁文清说，今年的排查不设盲区。

维修三座桥需要两千七百万元。市财政安排一千五百万元，其余通过专项债解决，预计明年三月完工，请放心。

维修三座桥需要两千七百万元。市财政安排一千五百万元，其余通过专项债解决，预计明年三月完工，请放心。
"""


def test_sources_lists_every_document(shell: Shell) -> None:
    done = shell.run("wenju", "sources")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [name for line in lines for name in line.split("  ") if name.endswith(".txt")] == sorted(
        path.name for path in (shell.folder / "seeds").glob("*.txt")
    )
    assert lines[2].startswith("2021-11-10  ")


def test_sources_as_json(shell: Shell) -> None:
    documents = json.loads(shell.run("wenju", "sources", "--json").out)
    assert len(documents) == 5
    assert documents[4]["date"] == "2021-11-24"
    assert all(document["passages"] > 0 for document in documents)


def test_a_document_is_named_by_its_file(shell: Shell) -> None:
    done = shell.run("wenju", "sources", SEED)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == SEED
    assert lines[1] == "株洲日报 · 2021-11-10 · 星期三 · B1"
    assert lines[2].endswith("3 articles")
    assert "  2. 以人民为中心 以法治为底色 绘就平安株洲新画卷" in lines
    assert any(line.startswith("     胡长春 · 株洲市 · 2021 · 2021-11-10 · line 53 · ") for line in lines)


def test_a_file_outside_any_archive_is_examined_on_the_spot(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE, "utf-8")
    done = shell.run("wenju", "sources", "page.txt", "--blocks", WENJU_ARCHIVE=str(tmp_path / "none"))
    assert done.code == 0
    assert done.err.startswith("[1] is the article")
    assert not (tmp_path / "none").exists()
    lines = done.out.splitlines()
    assert "Line 13 repeats line 11." in lines
    assert " 1 [1]  imprint     江城晚报 A3 要闻 2022年9月27日 星期二" in lines
    assert " 3 [1]  headline    三座老桥“体检”之后" in lines
    assert " 5 [1]  byline      本报记者 黎安平" in lines
    assert any(line.startswith(" 7 [1]  paragraph   →9 这是全市桥梁") for line in lines)
    assert any(line.startswith(" 9 [1]  paragraph   ←7 逐根检查") for line in lines)
    assert any(line.startswith("13 [1]  paragraph   =11 维修三座桥") for line in lines)


def test_a_page_whose_date_was_not_found_says_so(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE.replace(" 2022年9月27日 星期二", ""), "utf-8")
    lines = shell.run("wenju", "sources", "page.txt", WENJU_ARCHIVE=str(tmp_path / "none")).out.splitlines()
    assert lines[1:3] == [
        "江城晚报 · A3 · 要闻",
        "no date of the issue found: “this year” and “last year” stay open",
    ]


def test_blocks_as_json_give_text_lines_and_copies(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE, "utf-8")
    value = json.loads(shell.run("wenju", "sources", "page.txt", "--blocks", "--json").out)
    assert (value["date"], value["publication"], value["copies"]) == ("2022-09-27", "江城晚报", 1)
    article = next(article for article in value["articles"] if article["headline"])
    assert (article["place"], article["byline"], article["period"]) == ("江城市", "本报记者 黎安平", "2022")
    joined = next(block for block in value["blocks"] if len(block["spans"]) == 2)
    assert joined["lines"] == [[7, 7], [9, 9]]
    assert joined["text"] == "".join(PAGE[start:end] for start, end in joined["spans"])
    assert "老桥要逐根检查拉索" in joined["text"]
    short = json.loads(shell.run("wenju", "sources", "page.txt", "--json").out)
    assert "blocks" not in short
    assert [article["blocks"] for article in short["articles"]] == [6]


def test_every_seed_is_written_out_whole(shell: Shell) -> None:
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        shown = shell.run("wenju", "sources", str(path), "--blocks").out
        missing = [line for line in path.read_text("utf-8").splitlines() if " ".join(line.split()) not in shown]
        assert missing == [], path.name


def test_a_wrong_name_is_told_with_the_cure(shell: Shell, tmp_path: Path) -> None:
    unknown = shell.run("wenju", "sources", "nothing.txt")
    assert (unknown.code, unknown.out) == (1, "")
    assert unknown.err == (
        "error: nothing.txt: no document has this name, and no file is there. The names are listed by: wenju sources\n"
    )
    folder = shell.run("wenju", "sources", str(tmp_path))
    assert (folder.code, folder.out) == (1, "")
    assert folder.err.endswith("is a folder; name a file in it\n")
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02\x03" * 64)
    binary = shell.run("wenju", "sources", "binary.txt")
    assert binary.code == 1
    assert binary.err.startswith("error: binary.txt: ")
    alone = shell.run("wenju", "sources", "--blocks")
    assert alone.code == 2
    assert "--blocks needs a FILE" in alone.err


def test_a_name_that_several_documents_have_must_be_written_out(shell: Shell, tmp_path: Path) -> None:
    for folder in ("east", "west"):
        (tmp_path / "papers" / folder).mkdir(parents=True)
        (tmp_path / "papers" / folder / "page.txt").write_text(PAGE, "utf-8")
    archive = str(tmp_path / "archive")
    assert shell.run("wenju", "sync", "papers", "--archive", archive).code == 0
    several = shell.run("wenju", "sources", "page.txt", "--archive", archive)
    assert several.code == 1
    assert "2 documents have this name: east/page.txt, west/page.txt" in several.err
    west = shell.run("wenju", "sources", "west/page.txt", "--archive", archive).out
    assert west.startswith("west/page.txt\n")
    assert "Line 7 stands also in east/page.txt:7." in west.splitlines()


def test_what_a_terminal_would_obey_is_not_written(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE.replace("体检", "\x1b[31m体检\x1b]0;x\x07"), "utf-8")
    assert "\x1b" not in shell.run("wenju", "sources", "page.txt", "--blocks").out
