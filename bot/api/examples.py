"""The examples of the OpenAPI document: real requests to the first archive, and what it answers.

They stand in ``examples.json``, which ``tests/bot/api/make_examples.py`` writes; the requests stand there.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["add_examples", "examples"]

_JSON = "application/json"


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Give the examples by the operation's id: its ``parameters``, ``requests`` and ``answers``, each if it has any."""
    found: dict[str, dict[str, Any]] = json.loads(files(__package__).joinpath("examples.json").read_text("utf-8"))
    return found


def add_examples(document: dict[str, Any]) -> None:
    """Put the examples into an OpenAPI document."""
    for operations in document["paths"].values():
        for operation in operations.values():
            own = examples().get(operation["operationId"], {})
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in own.get("parameters", {}):
                    parameter["schema"]["examples"] = [own["parameters"][parameter["name"]]]
            if "requests" in own:
                operation["requestBody"]["content"][_JSON]["examples"] = own["requests"]
            if "answers" in own:
                operation["responses"]["200"]["content"][_JSON]["examples"] = own["answers"]
