from importlib.util import find_spec

import pytest

__all__ = ["needs"]


def needs(*packages: str) -> pytest.MarkDecorator:
    """Skip tests where packages are missing. They are not imported: torch and what is over it take ten seconds."""
    missing = [package for package in packages if find_spec(package) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}: see the extra training")
