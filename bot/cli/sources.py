import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.archives import open_archive
from bot.cli.options import archive_option, json_option
from bot.cli.page_listing import SharedText, page_lines, page_value, summary_lines
from bot.cli.progress import ProgressLine
from bot.cli.reporting import ExitCode, reporting
from bot.cli.terminal import Style, note, one_line, to_json
from bot.settings import Settings
from bot.wording import Messages, messages
from retrieval.errors import SourceError
from retrieval.types import CopyPlace, DocumentInfo, Examination

if TYPE_CHECKING:
    from retrieval import Archive

__all__ = ["sources"]

HELP = """List the documents, or tell what was understood of one.

Of one are told its articles with headline, author, place, period and date, its
copies and warnings.

\b
Examples:
  wenju sources
  wenju sources 004_8448e90374b1967b.txt
  wenju sources ~/scans/page.pdf --blocks
  wenju sources --json | jq -r '.[].source'

FILE is the name of a document, its end or its id, or a file on the disk, which
need not be in the archive. --blocks writes the file out with the kind of each
block, its article, cut sentences and copies, for a person to check.
"""
_MOST_NAMED = 5


@click.command("sources", help=HELP)
@click.argument("file", metavar="[FILE]", required=False)
@click.option("--blocks", is_flag=True, help="Write the whole file, block by block, with what each is.")
@archive_option
@json_option
@reporting
def sources(file: str | None, blocks: bool, archive: Path | None, as_json: bool) -> ExitCode:
    """List the documents, by file name, or show one."""
    settings = Settings.load()
    wording = messages(settings.language)
    if file is None:
        if blocks:
            raise click.UsageError("--blocks needs a FILE: name one that 'wenju sources' lists, or one on the disk")
        return _list(settings, archive, wording, as_json=as_json)
    examined, shared = _examine(file, settings, archive)
    if as_json:
        click.echo(to_json(page_value(examined, shared, blocks=blocks)))
        return ExitCode.DONE
    style = Style.of(sys.stdout, settings.color)
    for line in summary_lines(examined, shared, wording, style):
        click.echo(line)
    if blocks:
        note(wording.text("source_legend"))
        for line in page_lines(examined, style):
            click.echo(line)
    return ExitCode.DONE


def _list(settings: Settings, archive: Path | None, wording: Messages, *, as_json: bool) -> ExitCode:
    with open_archive(settings, archive) as opened:
        documents = opened.documents()
    if as_json:
        click.echo(to_json([document.to_dict() for document in documents]))
        return ExitCode.DONE
    if not documents:
        note(wording.text("no_documents"))
    for document in documents:
        pieces = [
            document.date or "-",
            wording.text("passages", count=document.passages),
            document.source,
            document.title,
            document.publication,
        ]
        click.echo("  ".join(one_line(piece) for piece in pieces if piece))
        for reason in document.warnings:
            note(f"{document.source}: {wording.text('source_warning', reason=reason)}")
    return ExitCode.DONE


def _examine(file: str, settings: Settings, archive: Path | None) -> tuple[Examination, list[SharedText]]:
    path = Path(file)
    if path.exists() or path.is_symlink():
        from retrieval import examine_file

        with ProgressLine(settings.color) as progress:
            return examine_file(path, progress), []
    with open_archive(settings, archive) as opened:
        found = _find(opened, file)
        return opened.examine(found.id), _shared(opened, found.id)


def _shared(opened: "Archive", document_id: str) -> list[SharedText]:
    """Find the paragraphs of a document that stand in others too, in the order of its text."""
    shared = []
    for copies in opened.copies(document_id):
        places = (copies.kept, *copies.copies)
        for own in places:
            shared += [
                SharedText(own.spans[0].start, f"{other.source}:{_line(opened, other)}")
                for other in places
                if own.document_id == document_id != other.document_id
            ]
    return sorted(shared, key=lambda text: (text.start, text.place))


def _line(opened: "Archive", place: CopyPlace) -> int:
    return opened.document(place.document_id).text.count("\n", 0, place.spans[0].start) + 1


def _find(opened: "Archive", name: str) -> DocumentInfo:
    """Find the document that a name means: its id, its whole name, or the end of it.

    :raises SourceError: if there is none, or more than one.
    """
    documents = opened.documents()
    exact = [info for info in documents if name in (info.id, info.source)]
    found = exact or [info for info in documents if info.source.endswith(f"/{name}")]
    if len(found) == 1:
        return found[0]
    if not found:
        raise SourceError(
            f"{name}: no document has this name, and no file is there. The names are listed by: wenju sources"
        )
    named = ", ".join(info.source for info in found[:_MOST_NAMED])
    raise SourceError(f"{name}: {len(found)} documents have this name: {named}. Write it out as one of these")
