from bot.wording import LANGUAGES, messages

__all__ = ["choose_language", "document_language"]

_FALLBACK = "en"
_MAX_WISHES = 30


def choose_language(chosen: str, accept_language: str) -> str:
    """Give the language of the interface.

    :param chosen: what the reader has picked, empty when nothing.
    :param accept_language: the header of this name, empty when there is none.
    """
    if chosen in LANGUAGES:
        return chosen
    for tag in _wishes(accept_language):
        suiting = messages(tag).language
        if suiting != _FALLBACK or tag.lower().startswith(_FALLBACK):
            return suiting
    return _FALLBACK


def document_language(language: str) -> str:
    """Give the BCP 47 tag that fonts and screen readers go by: Chinese with its script."""
    return "zh-Hans" if language == "zh" else language


def _wishes(accept_language: str) -> list[str]:
    wishes: list[tuple[float, str]] = []
    for part in accept_language.split(",")[:_MAX_WISHES]:
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if tag and weight > 0:
            wishes.append((-weight, tag.strip()))
    return [tag for _, tag in sorted(wishes, key=lambda wish: wish[0])]
