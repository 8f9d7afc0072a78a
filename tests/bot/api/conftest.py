"""A real server over the archive of the seeds."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.api.app import create_app
from tests.bot.api.serving import serving


@pytest.fixture(scope="session")
def client(seeds_archive_path: Path, encoder_cache: Path) -> Iterator[httpx.Client]:
    with serving(create_app(seeds_archive_path, cache=encoder_cache)) as served:
        yield served
