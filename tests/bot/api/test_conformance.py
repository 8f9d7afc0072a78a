"""Requests made up from the OpenAPI document, legal and illegal, against the real server."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import (
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from bot.api.app import create_app
from tests.bot.api.serving import serving

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]

# The document does not depend on the archive, so it can be had before any fixture.
schema = schemathesis.openapi.from_dict(create_app(Path("nowhere")).openapi())
schema.config.checks.negative_data_rejection.expected_statuses.append("413")


@pytest.fixture(scope="module")
def own(seeds_archive_path: Path, encoder_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a server over an archive of its own: documents are uploaded and deleted."""
    path = shutil.copytree(seeds_archive_path, tmp_path_factory.mktemp("conformance") / "archive")
    with serving(create_app(path, cache=encoder_cache)) as client:
        yield str(client.base_url)


@schema.parametrize()
@settings(max_examples=8, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
def test_server_keeps_to_its_description(own: str, case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(base_url=own, checks=CHECKS, timeout=60)
