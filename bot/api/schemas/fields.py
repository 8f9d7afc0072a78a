"""Kinds of fields that several bodies have."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

__all__ = ["Range", "Text", "Whole"]

Range = Annotated[
    tuple[int, int],
    Field(description="Start and end (exclusive), in characters (Unicode code points) of the document's text."),
]


def _utf8(text: str) -> str:
    """Refuse lone surrogates, which JSON can write as escapes and no encoding can carry.

    :raises ValueError: if ``text`` holds one.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("Input should be text in Unicode; half of a surrogate pair is none") from error
    return text


def _plain_number(value: object) -> object:
    """Refuse what pydantic would read as a number although JSON says that it is none.

    :raises ValueError: if ``value`` is a boolean or a string.
    """
    if isinstance(value, (bool, str)):
        raise ValueError("Input should be a number")
    return value


Text = Annotated[str, AfterValidator(_utf8)]
Whole = Annotated[int, BeforeValidator(_plain_number)]
