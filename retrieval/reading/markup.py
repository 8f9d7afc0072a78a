from typing import TYPE_CHECKING

from retrieval.errors import SourceError
from retrieval.reading.extraction import missing_extra

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["local_name", "parse_xml"]


def parse_xml(data: bytes, source: str, part: str) -> "Element":
    """Parse a part of a document; entities are refused, so nothing expands.

    :raises SourceError: if the part is not well-formed or declares entities, or the extra 'documents' is missing.
    """
    try:
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import ParseError, fromstring
    except ImportError:
        raise missing_extra(source, "this format", "documents") from None
    try:
        root: Element = fromstring(data)
    except DefusedXmlException as error:
        raise SourceError(
            f"{source}: its part {part} declares XML entities, as the bombs do that are made to fill a machine "
            f"({type(error).__name__}). Leave it out, or save it anew in the program that made it."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise SourceError(
            f"{source}: its part {part} is damaged ({error}). Get a whole copy of it, or open it in the program that "
            "made it and save it anew."
        ) from error
    return root


def local_name(tag: object) -> str:
    """Give an element's name without its namespace; comments and instructions have none."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
