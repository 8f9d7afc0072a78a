from pathlib import Path

from tests.bot.cli.conftest import Shell


def test_training_needs_the_checkout(fresh_shell: Shell) -> None:
    done = fresh_shell.run("wenju", "train", "--archive", "nowhere")
    assert done.code == 1
    assert "run wenju in its checkout" in done.err


def test_training_names_an_archive_that_is_not_there(shell: Shell, tmp_path: Path) -> None:
    done = shell.run("wenju", "train", "--archive", str(tmp_path / "nowhere"))
    assert done.code == 1
    assert "nowhere" in done.err
    assert "Traceback" not in done.err
