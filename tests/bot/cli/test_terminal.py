import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.terminal import Style, clean, one_line, to_json


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("调解\n99%", "调解\n99%"),
        ("a\x1b[31;1mb\x1b[0m", "ab"),
        ("a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c", "abc"),
        ("a\x9b2Jb\x9d0;t\x9cc", "abc"),
        ("a\x1b(Bb\x1bcc", "abc"),
        ("a\x1b", "a"),
        ("a\x1b]no end\nb", "ano end\nb"),
        ("a\rb\x08\x00\x7f\x85c", "abc"),
        ("\u202eabc\u2066", "abc"),
        ("a\tb", "a b"),
    ],
)
def test_clean(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(st.text(st.characters() | st.sampled_from("\x1b[]\x07\x9b\x9c;m0\\")))
def test_nothing_that_a_terminal_obeys_is_left(raw: str) -> None:
    assert [char for char in clean(raw) if unicodedata.category(char) == "Cc" and char != "\n"] == []
    assert "\n" not in one_line(raw)


@given(st.text(st.characters() | st.characters(categories=["Cs"])))
def test_json_is_exact_and_safe(text: str) -> None:
    written = to_json({"text": text})
    assert json.loads(written) == {"text": text}
    assert len(written.splitlines()) == 1
    assert [char for char in written if unicodedata.category(char) in {"Cc", "Cs"}] == []


def test_json_shows_chinese_as_it_is() -> None:
    assert to_json({"词": "调解"}) == '{"词": "调解"}'


def test_emphasis_is_for_terminals() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert Style.of(Terminal(), None) == Style(color=True)
    assert Style.of(io.StringIO(), None) == Style(color=False)
    assert Style.of(Terminal(), False) == Style(color=False)
    assert Style.of(io.StringIO(), True) == Style(color=True)
    assert Style(color=True).strong("") == ""
    assert Style(color=False).strong("词") == Style(color=False).title("词") == Style(color=False).faint("词") == "词"
