import re

__all__ = ["western_score"]

# The letters beyond ASCII of the languages that Windows-1252 was made for. One text is in one of them; letters that
# only fit together across languages betray another encoding (Hungarian, Czech, Polish, Turkish in their own).
_LANGUAGES = tuple(
    frozenset(letters + letters.upper())
    for letters in ("àâæçéèêëîïôœùûüÿ", "äöüßé", "áéíñóúüªº", "áâãàçéêíóôõúªº", "àèéìíîòóùú", "åäöæøé", "éëïöüèêáóú")
)
_LETTERS = frozenset().union(*_LANGUAGES)
# Stray letters of a foreign name are borne up to this share.
_FOREIGN_SHARE = 0.03

# Marks where a writer puts them: quotation marks at words' edges, the apostrophe inside, dashes between spaces.
_MARKS_IN_PLACE = re.compile(
    r"(?<=\w)’(?=\w)|(?<=[\w.,!?…])[”’»]|[“‘«„](?=[\w ¿¡…])|(?<=\s)[–—](?=\s)|(?<=[0-9])[–°%](?=[0-9CF\s])"
    r"|(?<=[\w,])—(?=\w)|[¿¡](?=[A-ZÁÉÍÓÚ¿¡])|(?<=\w)…|[§©®](?=[ \w])|[€£](?=\s?[0-9])"
    r"|(?<=[0-9 ])€|(?<=\s)[»«](?=\s|\w)|(?<= )»"
)
_MISPLACED = -2.0


def western_score(text: str) -> float:
    """Say how much a text decoded as Windows-1252 looks like a Western European language.

    :return: the mean over the characters beyond ASCII, 1.0 when each stands where one of the languages has it.
    """
    beyond = [position for position, character in enumerate(text) if character > "\x7f"]
    if not beyond:
        return _MISPLACED
    marks = {match.start() for match in _MARKS_IN_PLACE.finditer(text)}
    letters = [text[position] for position in beyond if text[position] in _LETTERS]
    foreign = min(sum(letter not in language for letter in letters) for language in _LANGUAGES)
    if foreign > _FOREIGN_SHARE * len(letters):
        return _MISPLACED
    fits = sum(position in marks or _in_word(text, position) or text[position] == "\xa0" for position in beyond)
    return (fits + _MISPLACED * (len(beyond) - fits)) / len(beyond)


def _in_word(text: str, position: int) -> bool:
    """Say whether a letter stands in or as a word with letters of ASCII, upper case only where a word may have it."""
    character = text[position]
    if character not in _LETTERS:
        return False
    before = text[position - 1 : position]
    after = text[position + 1 : position + 2]
    if character.isupper():
        return not before.islower() and (after == "" or after.isascii())
    beside = (before, after)
    alone = not any(neighbour.isalnum() for neighbour in beside)
    return alone or any(neighbour.isascii() and neighbour.isalpha() for neighbour in beside)
