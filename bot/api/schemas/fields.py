"""Kinds of fields that several bodies have."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from retrieval.types import Span

__all__ = [
    "DocumentId",
    "IssueDate",
    "IssuePage",
    "Places",
    "Publication",
    "Range",
    "Source",
    "Text",
    "Whole",
    "spans_of",
]

_MOST_PLACES = 2000
"""Characters; the API's own answers name a few dozen at the most."""
DocumentId = Annotated[str, Field(description="The document's id, for GET /v1/documents/{document_id}.")]
Source = Annotated[str, Field(description="The name of the file.")]
Publication = Annotated[str, Field(description="The newspaper or series; empty when the document does not say.")]
IssueDate = Annotated[str, Field(description="The issue's date, ISO 8601; empty when the document does not say.")]
IssuePage = Annotated[str, Field(description="The page of the issue; empty when the document does not say.")]

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


def spans_of(places: str) -> list[Span]:
    """Read spans as an address writes them: ``123-170,180-190``.

    :raises ValueError: if one ends where it begins or before.
    """
    pairs = (part.split("-") for part in places.split(",") if part)
    return [Span(int(start), int(end)) for start, end in pairs]


def _in_order(places: str) -> str:
    """Refuse spans that end before they begin.

    :raises ValueError: if there is one.
    """
    spans_of(places)
    return places


Places = Annotated[
    str,
    AfterValidator(_in_order),
    Field(
        max_length=_MOST_PLACES,
        pattern=r"^(\d{1,9}-\d{1,9}(,\d{1,9}-\d{1,9})*)?$",
        description="Spans of the document's text, as 123-170,180-190.",
    ),
]
