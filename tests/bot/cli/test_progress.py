import pytest

from bot.cli.progress import ProgressLine


def test_quick_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressLine() as progress:
        progress(1, 2, "one.txt")
        progress(2, 2, "two.txt")
    assert capsys.readouterr() == ("", "")


def test_long_work_gives_a_plain_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    now = iter([0.0, 1.0, 5.0, 6.0, 10.5])
    with ProgressLine(clock=lambda: next(now)) as progress:
        for done in range(1, 5):
            progress(done, 4, f"\x1b[1m{done}\n.txt")
    assert capsys.readouterr() == ("", "2/4 2 .txt (-0:00:05)\n4/4 4 .txt\n")


def test_a_bar_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with ProgressLine() as progress:
        progress(3, 5, "[bold]one.txt")
    out, err = capsys.readouterr()
    assert out == ""
    assert "3/5" in err
    assert "[bold]one.txt" in err


def test_no_bar_for_whom_wants_no_color(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with ProgressLine(wish=False) as progress:
        progress(3, 5, "one.txt")
    assert capsys.readouterr() == ("", "")
