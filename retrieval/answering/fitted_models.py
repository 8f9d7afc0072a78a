import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

__all__ = ["read_fitted"]


def read_fitted(name: str, evidence: Sequence[str], maker: str) -> dict[str, Any]:
    """Read a model that comes with the package, ``name``.json, and that was fitted to this evidence.

    :param maker: the module of ``training`` that makes it.
    :raises ValueError: if it was fitted to other evidence.
    """
    data: dict[str, Any] = json.loads(files("retrieval.answering").joinpath(f"{name}.json").read_text(encoding="utf-8"))
    if data["evidence"] != list(evidence):
        raise ValueError(f"{name}.json was trained for other evidence; run training/{maker}.py again")
    return data
