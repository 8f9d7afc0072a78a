"""Requests made up from the OpenAPI document, legal and illegal, against the real server."""

from pathlib import Path
from typing import Any

import httpx
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


@schema.parametrize()
@settings(max_examples=20, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
def test_server_keeps_to_its_description(client: httpx.Client, case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(base_url=str(client.base_url), checks=CHECKS)
