from collections.abc import Callable, Mapping
from types import MappingProxyType

__all__ = ["PLURAL_RULES", "PluralRule"]


class PluralRule:
    """A group of languages' plural forms: which there are, and which one a count takes."""

    __slots__ = ("_choose", "categories")

    def __init__(self, categories: tuple[str, ...], choose: Callable[[int], str]) -> None:
        """Take the CLDR names of the forms and what chooses among them."""
        self.categories = categories
        self._choose = choose

    def category(self, count: int) -> str:
        """Give the form that a whole number takes."""
        return self._choose(abs(count))


def _one_other(count: int) -> str:
    return "one" if count == 1 else "other"


def _french(count: int) -> str:
    return "one" if count in (0, 1) else _millions(count)


def _spanish(count: int) -> str:
    return "one" if count == 1 else _millions(count)


def _millions(count: int) -> str:
    return "many" if count and count % 1_000_000 == 0 else "other"


def _east_slavic(count: int) -> str:
    units, tens = count % 10, count % 100
    if units == 1 and tens != 11:
        return "one"
    if 2 <= units <= 4 and not 12 <= tens <= 14:
        return "few"
    return "many"


# Unicode CLDR 46, cardinal rules for whole numbers: unicode.org/cldr/charts/46/supplemental/language_plural_rules.html
PLURAL_RULES: Mapping[str, PluralRule] = MappingProxyType(
    {
        "other": PluralRule(("other",), lambda _: "other"),
        "one_other": PluralRule(("one", "other"), _one_other),
        "french": PluralRule(("one", "many", "other"), _french),
        "spanish": PluralRule(("one", "many", "other"), _spanish),
        "east_slavic": PluralRule(("one", "few", "many", "other"), _east_slavic),
    }
)
"""The rules by the name that a language's ``formats.json`` gives."""
