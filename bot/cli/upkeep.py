from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.archives import open_archive
from bot.cli.options import archive_option, json_option
from bot.cli.progress import ProgressLine
from bot.cli.reporting import ExitCode, reporting
from bot.cli.terminal import note, to_json
from bot.settings import Settings
from bot.wording import Messages, messages
from retrieval.types import CheckReport, VectorIndexInfo

__all__ = ["backup", "doctor"]

DOCTOR_HELP = """Check all of the archive. Its database, texts, passages, vectors, indexes and
uploads are looked at; what is wrong is told, a line each. Others may ask meanwhile.

\b
Examples:
  wenju doctor
  wenju doctor --repair

With --repair vectors and indexes are made anew where they are wrong. A text that
is lost comes from a backup, or from its file with 'wenju sync --rebuild'.

\b
Exit codes:
  0    the archive is sound, or was repaired
  1    something is wrong
"""

BACKUP_HELP = """Copy the archive into a new folder. The copy is of one moment, has the uploads,
and is checked. Others may ask and sync meanwhile.

\b
Examples:
  wenju backup ~/backups/monday
  ask --archive ~/backups/monday 炎陵县的调解成功率是多少？

The copy is an archive: to restore it, use it as one, or move it to the place of
the one that was lost.
"""


@click.command("doctor", help=DOCTOR_HELP)
@archive_option
@click.option("--repair", is_flag=True, help="Make vectors and indexes anew where they are wrong.")
@json_option
@reporting
def doctor(archive: Path | None, repair: bool, as_json: bool) -> ExitCode:
    """Tell what is wrong with an archive, and put it right where that can be done."""
    settings = Settings.load()
    wording = messages(settings.language)
    with ProgressLine(settings.color) as progress, open_archive(settings, archive) as opened:
        report = opened.repair(progress=progress) if repair else opened.check()
    if as_json:
        click.echo(to_json({"sound": report.sound, **asdict(report)}))
    for finding in report.findings:
        key = "doctor_repaired" if finding.repaired else "doctor_left"
        note(wording.text(key, finding=f"{finding.part}: {finding.problem}"))
    if report.index is not None:
        note(wording.text(f"doctor_{report.index.kind}", **_described(report.index)))
    if report.sound:
        note(wording.text("doctor_sound", **_counts(report, wording)))
    return ExitCode.DONE if report.sound else ExitCode.ERROR


@click.command("backup", help=BACKUP_HELP)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@archive_option
@json_option
@reporting
def backup(folder: Path, archive: Path | None, as_json: bool) -> ExitCode:
    """Copy an archive while it is in use."""
    settings = Settings.load()
    wording = messages(settings.language)
    with open_archive(settings, archive) as opened:
        report = opened.backup(folder)
    if as_json:
        click.echo(to_json({"folder": str(folder), "documents": report.documents, "passages": report.passages}))
    note(wording.text("backup_done", folder=str(folder), **_counts(report, wording)))
    return ExitCode.DONE


def _described(index: VectorIndexInfo) -> dict[str, str]:
    numbers = {"vectors": index.vectors, "clusters": index.clusters, "probes": index.probes}
    return {**{name: f"{number:,}" for name, number in numbers.items()}, "recall": f"{index.recall:.1%}"}


def _counts(report: CheckReport, wording: Messages) -> dict[str, str]:
    return {
        "documents": wording.text("documents", count=report.documents),
        "passages": wording.text("passages", count=report.passages),
    }
