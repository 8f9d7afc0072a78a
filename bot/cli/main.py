import click

from bot.cli.ask import HELP, ask
from bot.cli.documents import sync
from bot.cli.evaluate import evaluate
from bot.cli.keys import keys
from bot.cli.options import HELP_NAMES, version_option
from bot.cli.removal import compact, drop
from bot.cli.services import serve, telegram
from bot.cli.sources import sources
from bot.cli.train import train
from bot.cli.upkeep import backup, doctor
from bot.cli.watch import watch

__all__ = ["main", "wenju"]

_HELP = """Ask an archive of documents and get the evidence: every answer is a quotation that you can check.

\b
Examples:
  wenju sync ~/papers
  wenju ask 炎陵县的调解成功率是多少？
  wenju serve

\b
Exit codes:
  0    done; answered
  1    error
  2    wrong usage
  3    not found in the archive
  130  interrupted

\b
Completion of commands and options, for bash (also zsh_source, fish_source):
  eval "$(_WENJU_COMPLETE=bash_source wenju)"
"""


class _InOrder(click.Group):
    """Lists the commands in the order of their use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  the overridden method has it
        return list(self.commands)


@click.group(cls=_InOrder, help=_HELP, context_settings=HELP_NAMES)
@version_option
def wenju() -> None:
    """Take the options that stand before a command."""


wenju.add_command(
    click.Command("ask", help=HELP.replace("  ask ", "  wenju ask "), params=ask.params, callback=ask.callback)
)
for _command in (sync, watch, sources, doctor, backup, compact, drop, serve, telegram, evaluate, train, keys):
    wenju.add_command(_command)


def main() -> None:
    """Run the console script ``wenju``."""
    wenju(prog_name="wenju")
