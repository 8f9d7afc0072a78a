from dataclasses import replace
from pathlib import Path

import click

from bot.cli.archives import ready_archive
from bot.cli.options import archive_option
from bot.cli.reporting import ExitCode, reporting
from bot.settings import Settings

__all__ = ["serve", "telegram"]

SERVE_HELP = """Serve the archive over HTTP. The REST interface describes itself at /docs;
/healthz tells whether it runs.

On an address that other machines can reach, WENJU_API_KEYS says whether they
need a key (on, see wenju keys) or everyone may ask (off).

\b
Examples:
  wenju serve
  WENJU_API_KEYS=on wenju serve --host 0.0.0.0 --port 8080 --workers 4
"""

TELEGRAM_HELP = """Answer in Telegram. The bot's token is read from WENJU_TELEGRAM_TOKEN.
It asks Telegram for messages; with WENJU_TELEGRAM_WEBHOOK_URL Telegram brings them.

\b
Examples:
  WENJU_TELEGRAM_TOKEN=123456:ABC… wenju telegram
  WENJU_TELEGRAM_ADMINS=12345 WENJU_TELEGRAM_STATUS_PORT=8001 wenju telegram
"""


@click.command("serve", help=SERVE_HELP)
@click.option("--host", metavar="HOST", help="The address to listen at; without it WENJU_HOST, or 127.0.0.1.")
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    help="The port, 0 for a free one; without it WENJU_PORT, or 8000.",
)
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1, 64),
    help="How many processes answer; without it WENJU_WORKERS, or 1.",
)
@archive_option
@reporting
def serve(host: str | None, port: int | None, workers: int | None, archive: Path | None) -> ExitCode:
    """Run the HTTP server until it is stopped."""
    from bot.api import serve as run

    settings = Settings.load()
    run(
        replace(
            settings,
            host=settings.host if host is None else host,
            port=settings.port if port is None else port,
            workers=settings.workers if workers is None else workers,
            archive=ready_archive(settings, archive),
        )
    )
    return ExitCode.DONE


@click.command("telegram", help=TELEGRAM_HELP)
@archive_option
@reporting
def telegram(archive: Path | None) -> ExitCode:
    """Run the Telegram bot until it is stopped."""
    from bot.telegram import run

    settings = Settings.load()
    run(replace(settings, archive=ready_archive(settings, archive)))
    return ExitCode.DONE
