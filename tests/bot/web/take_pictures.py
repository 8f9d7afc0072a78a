"""Take the pictures of ``docs/web.md`` anew, over the first archive; look at them before they are committed.

Run it when the pages or the answers have changed: ``python -m tests.bot.web.take_pictures``.
"""

import base64
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

from bot.api.app import create_app
from bot.settings import Settings
from retrieval import Archive
from tests.bot.api.serving import serving
from tests.bot.web.browsing import Browser, chromium

ROOT = Path(__file__).parents[3]
QUESTION = "炎陵县的调解成功率是多少？"
FOLLOW_UP = "那攸县呢？"
ENGLISH = "How many disputes did Yanling County mediate?"


def main() -> None:
    """Build the archive, open the pages, write the pictures into the folder that is named, or into ``docs/``."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        path = Path(folder) / "archive"
        with Archive.open(path, create=True, cache=Settings().cache) as archive:
            archive.sync([ROOT / "seeds"])
        with serving(create_app(path, cache=Settings().cache)) as client:
            browser.fresh(str(client.base_url).rstrip("/"))
            for name, take in (
                ("web-chat", _chat),
                ("web-phone-dark", _phone),
                ("web-source", _source),
                ("web-archive", _archive),
            ):
                take(browser)
                data = base64.b64decode(browser.cdp("Page.captureScreenshot", format="png")["data"])
                # Few colours: a fifth of the size.
                Image.open(io.BytesIO(data)).convert("RGB").quantize(256).save(target / f"{name}.png", optimize=True)


def _chat(browser: Browser) -> None:
    browser.set(width=1280, height=860)
    browser.open("/")
    browser.ask(QUESTION)
    browser.ask(FOLLOW_UP)
    browser.js("scrollTo(0, 0)")


def _phone(browser: Browser) -> None:
    browser.fresh(browser.base)
    browser.set(width=390, height=780, dark=True, language="en")
    browser.open("/")
    browser.ask(ENGLISH)


def _source(browser: Browser) -> None:
    browser.fresh(browser.base)
    browser.set(width=1280, height=860)
    browser.open("/")
    browser.ask(QUESTION)
    browser.one(".turn .tools a").click()
    browser.until(lambda: browser.all("#quoted"), "the marked quote")


def _archive(browser: Browser) -> None:
    browser.open("/archive")
    browser.until(lambda: len(browser.all("#documents .articles a")) > 2, "the headlines")


if __name__ == "__main__":
    main()
