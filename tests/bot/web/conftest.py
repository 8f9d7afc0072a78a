"""A real server over the archive of the seeds, and a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.api.app import create_app
from retrieval import Archive
from tests.bot.api.serving import serving
from tests.bot.web.browsing import Browser, chromium
from tests.retrieval.reading.samples import PAGES

ODD_NAME = "&lt;b&gt; “quotes” & 'ticks' $.txt"
"""A file's name that is wrong wherever it is taken for markup."""
ODD_TEXT = (
    "𠮷野家𝄞的故事\n\n"
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\n\n"
    "</p></main><h1>大标题</h1>𠀀𠀁𠀂街上的𠮷野家昨天开业，来了三百二十一位客人。\n"
)
"""A text of markup, and of characters beyond the basic plane, which scripts count as two."""
PDF_NAME = "council.pdf"


@pytest.fixture(scope="session")
def archive(
    seeds_archive_path: Path, encoder_cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    """What the site serves: a copy of the seeds' archive, with an odd document and a PDF that were uploaded."""
    path = tmp_path_factory.mktemp("web") / "archive"
    shutil.copytree(seeds_archive_path, path)
    with Archive.open(path, cache=encoder_cache) as opened:
        assert opened.add(ODD_NAME, ODD_TEXT.encode()).added == (f"uploads/{ODD_NAME}",)
        assert opened.add(PDF_NAME, (PAGES / PDF_NAME).read_bytes()).added == (f"uploads/{PDF_NAME}",)
        yield opened


@pytest.fixture(scope="session")
def site(archive: Archive, encoder_cache: Path) -> Iterator[httpx.Client]:
    """The pages and the API; tests that add to the archive take it away again."""
    with serving(create_app(Path(archive.info().path), cache=encoder_cache)) as client:
        yield client


@pytest.fixture(scope="session")
def started_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def browser(started_browser: Browser, site: httpx.Client) -> Browser:
    started_browser.fresh(str(site.base_url).rstrip("/"))
    return started_browser
