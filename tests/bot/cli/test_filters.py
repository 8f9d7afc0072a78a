import json

from tests.bot.cli.conftest import Shell

QUESTION = "调处矛盾纠纷多少件"


def test_filters_choose_the_answer(shell: Shell) -> None:
    done = shell.run("ask", QUESTION, "--json", "--place", "You County", "--since", "2021-11", "--until", "2021")
    assert (done.code, done.err) == (0, "")
    quotes = json.loads(done.out)["quotes"]
    assert {quote["context"]["place"] for quote in quotes} == {"攸县"}
    assert {quote["context"]["date"] for quote in quotes} == {"2021-11-24"}


def test_source_and_kind(shell: Shell) -> None:
    done = shell.run("ask", QUESTION, "--json", "--source", "003", "--source", "004", "--kind", "paragraph")
    assert {quote["source"][:3] for quote in json.loads(done.out)["quotes"]} <= {"003", "004"}


def test_nothing_left_is_not_found(shell: Shell) -> None:
    done = shell.run("ask", QUESTION, "--place", "茶陵")
    assert (done.code, done.err) == (3, "")


def test_a_wrong_filter_is_wrong_usage(shell: Shell) -> None:
    for words, told in (
        (("--since", "2024-13"), "since is '2024-13': write a date as 2022, 2022-05 or 2022-05-01"),
        (("--since", "2024", "--until", "2021"), "since 2024 is later than until 2021: exchange them"),
        (("--kind", "picture"), "'picture' is not one of"),
    ):
        done = shell.run("ask", QUESTION, *words)
        assert (done.code, done.out) == (2, "")
        assert told in " ".join(done.err.split())


def test_explain_shows_what_ranks(shell: Shell) -> None:
    done = shell.run("ask", "--explain", "--top", "2", "炎陵县调解成功率是多少？")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[1].startswith("language zh · asks for number · answered with probability 0.")
    assert [line[:2] for line in lines if line[:1].isdigit()] == ["1.", "2."]
    assert any(line.split()[:1] == ["sentence_words"] for line in lines)
    assert sum(line.split()[:1] == ["score"] for line in lines) == 2


def test_explain_gives_json(shell: Shell) -> None:
    done = shell.run("ask", "--explain", "--json", "--top", "1", "炎陵县调解成功率是多少？")
    explanation = json.loads(done.out)
    (hit,) = explanation["hits"]
    assert hit["source"].startswith("003")
    assert {"name", "value", "points"} == set(hit["contributions"][0])


def test_explain_with_nothing_left(shell: Shell) -> None:
    done = shell.run("ask", "--explain", QUESTION, "--until", "1999")
    assert done.code == 3
    assert "no passage passes the filters" in done.out
