import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

import bot
import retrieval
import retrieval.errors
import retrieval.types


def public_modules() -> Iterator[str]:
    for package in (retrieval, bot):
        yield package.__name__
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(part.startswith("_") for part in found.name.split(".")):
                yield found.name


MODULES = sorted(public_modules())


def load(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(("retrieval", "bot")):
            raise
        pytest.skip(f"{name} needs an extra: {error.name} is not installed")


def test_both_packages_were_walked() -> None:
    assert {"retrieval.archive", "retrieval.search.analysis", "bot.cli.ask", "bot.api.routes.asking"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_exports_are_sorted_and_there(name: str) -> None:
    module = load(name)
    exported = getattr(module, "__all__", None)
    if exported is None:
        own = [key for key, value in vars(module).items() if getattr(value, "__module__", "") == name]
        assert own == [], f"{name} defines {own} but has no __all__"
        return
    # Constants, classes, functions, each by the alphabet.
    assert list(exported) == sorted(exported, key=lambda key: (not key.isupper(), not key[0].isupper(), key))
    for key in exported:
        assert getattr(module, key) is not None


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("retrieval")])
def test_what_a_module_defines_for_others_is_exported(name: str) -> None:
    module = load(name)
    public = {
        key
        for key, value in vars(module).items()
        if not key.startswith("_") and getattr(value, "__module__", "") == name and callable(value)
    }
    assert public <= set(getattr(module, "__all__", ())), name


def test_door_and_types_are_importable_from_the_package() -> None:
    import retrieval.archive
    import retrieval.examining

    assert retrieval.Archive is retrieval.archive.Archive
    assert retrieval.examine_file is retrieval.examining.examine_file
    for name in retrieval.__all__:
        if name not in ("Archive", "examine_file"):
            assert getattr(retrieval, name) is getattr(retrieval.types, name)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        retrieval.Nothing  # noqa: B018


def test_every_error_has_the_one_root_and_is_drawn_in_the_tree() -> None:
    for name in retrieval.errors.__all__:
        assert issubclass(getattr(retrieval.errors, name), retrieval.errors.WenjuError)
        assert name in (retrieval.errors.__doc__ or "")
