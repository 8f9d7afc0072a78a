import sys
from pathlib import Path

import pytest

from tests.retrieval.killing import KINDS, kill_once

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_any_moment_the_archive_opens_is_sound_and_has_what_was_reported(
    tmp_path: Path, encoder_cache: Path, request: pytest.FixtureRequest, kind: str, seed: int
) -> None:
    database = request.getfixturevalue("database") if kind == "postgresql" else ""
    assert kill_once(kind, seed, tmp_path, encoder_cache, database).kind == kind
