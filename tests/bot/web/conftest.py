"""A real server over the archive of the seeds, and a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.api.app import create_app
from tests.bot.api.serving import serving
from tests.bot.web.browsing import Browser, chromium


@pytest.fixture(scope="session")
def site(seeds_archive_path: Path, encoder_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The pages and the API over a copy of the seeds' archive, which tests may add to if they remove it again."""
    path = tmp_path_factory.mktemp("web") / "archive"
    shutil.copytree(seeds_archive_path, path)
    with serving(create_app(path, cache=encoder_cache)) as client:
        yield client


@pytest.fixture(scope="session")
def started_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def browser(started_browser: Browser, site: httpx.Client) -> Browser:
    started_browser.fresh(str(site.base_url).rstrip("/"))
    return started_browser
