import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["EnglishWord", "base_forms", "english_words", "is_stop"]

_WORD = re.compile(r"[^\W_]+(?:['’.,](?=[^\W_])[^\W_]+)*")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|s)")
# Function and question words: they say what kind of answer is wanted, not what the text says.
_STOP_WORDS = (
    "a about after also am an and any are as at be been before being between both but by call called can could did do "
    "does doing during each for from had has have having he her here hers him his how i if in into is it its just let "
    "ll many may me might more most much must my name no not now of off on or other our out over please same shall she "
    "should so some such tell than that the their them then there these they this those through to too under until up "
    "us ve very was we were what when where which while who whom whose why will with would you your"
)
_STOP = frozenset(_STOP_WORDS.split())
_INFLECTED = (
    "analyses:analysis bacteria:bacterium bases:basis became:become began:begin begun:begin best:good better:good "
    "bought:buy bound:bind bred:breed broke:break broken:break brought:bring built:build came:come caught:catch "
    "children:child chose:choose chosen:choose crises:crisis criteria:criterion dealt:deal died:die drawn:draw "
    "drew:draw driven:drive drove:drive dying:die eaten:eat fallen:fall fed:feed feet:foot fell:fall felt:feel "
    "fled:flee flew:fly flown:fly forbidden:forbid fought:fight found:find froze:freeze frozen:freeze gave:give "
    "given:give gone:go got:get grew:grow grown:grow heard:hear held:hold hid:hide hidden:hide kept:keep "
    "knew:know known:know laid:lay lain:lie led:lead left:leave lent:lend lives:life lost:lose lying:lie made:make "
    "meant:mean men:man met:meet mice:mouse paid:pay people:person ran:run risen:rise rose:rise said:say sang:sing "
    "sank:sink sat:sit saw:see seen:see sent:send shot:shoot shown:show slept:sleep sold:sell sought:seek "
    "spent:spend spoke:speak spoken:speak stole:steal stolen:steal stood:stand struck:strike sung:sing swam:swim "
    "taken:take taught:teach teeth:tooth thieves:thief thought:think threw:throw thrown:throw told:tell took:take "
    "tying:tie understood:understand went:go wives:wife women:woman won:win wore:wear worn:wear worse:bad "
    "worst:bad written:write wrote:write"
)
_IRREGULAR = dict(pair.split(":") for pair in _INFLECTED.split())
# Words that only look like the plural of another.
_NO_PLURALS = "always arms business goods means news physics politics series species sports thus"
_SINGULAR = frozenset(_NO_PLURALS.split())
_ENDINGS = (
    ("ies", ("y", "ie")),
    ("ves", ("f", "fe", "ve")),
    ("es", ("", "e", "is")),
    ("s", ("",)),
    ("ied", ("y",)),
    ("ed", ("", "e")),
    ("ying", ("y", "ie")),
    ("ing", ("", "e")),
    ("iest", ("y",)),
    ("est", ("", "e")),
    # British spellings; the dictionary's are American.
    ("isation", ("ization",)),
    ("ise", ("ize",)),
    ("yse", ("yze",)),
    ("our", ("or",)),
    ("tre", ("ter",)),
    ("ence", ("ense",)),
    ("ogue", ("og",)),
)
_MIN_STEM = 2
# One function word with a capital may be a name: You County.
_MIN_TITLE_WORDS = 2


@dataclass(frozen=True, slots=True)
class EnglishWord:
    """A word of a question: ``text`` in small letters, ``start`` in the question, and what it looks like.

    ``is_name`` says that its capital is not that of a sentence's first word; ``is_stop`` that it bears no content.
    """

    text: str
    start: int
    is_name: bool
    is_stop: bool


def english_words(text: str) -> list[EnglishWord]:
    """Cut ``text`` into words, without possessive endings; ordinals give their number."""
    matches = list(_WORD.finditer(text))
    openings = [_opens_sentence(text, match.start(), number) for number, match in enumerate(matches)]
    inside = [match.group() for match, opens in zip(matches, openings, strict=True) if not opens]
    tells = not _is_title(inside)
    return [
        EnglishWord(plain, match.start(), is_name, is_stop=plain in _STOP and not is_name)
        for match, opens in zip(matches, openings, strict=True)
        for plain in [_plain(match.group())]
        for is_name in [tells and match.group()[0].isupper() and not opens]
        # I is a capital, not a name.
        if plain not in ("i", "s")
    ]


def is_stop(word: str) -> bool:
    """Tell whether a word in small letters is a function or question word."""
    return word in _STOP


def base_forms(word: str) -> list[str]:
    """Give the forms that ``word`` may be inflected from, likeliest first; not all of them need to exist."""
    forms = [_IRREGULAR[word]] if word in _IRREGULAR else []
    return list(dict.fromkeys(forms + [form for form in _stripped(word) if form != word]))


def _stripped(word: str) -> Iterator[str]:
    if word in _SINGULAR or word.endswith(("ss", "us")):
        return
    for ending, replacements in _ENDINGS:
        stem = word[: -len(ending)]
        if not word.endswith(ending) or len(stem) < _MIN_STEM:
            continue
        if ending in ("ed", "ing", "est") and stem[-1] == stem[-2] and stem[-1] not in "aeiou":
            yield stem[:-1]
        yield from (stem + replacement for replacement in replacements)


def _is_title(words: list[str]) -> bool:
    """Tell whether capitals do not tell names apart, because function words have them too: "Where Is Liling"."""
    function_words = [word for word in words if word.lower() in _STOP and word != "I"]
    capitals = sum(word[0].isupper() for word in function_words)
    if any(word[0].islower() for word in words):
        return capitals >= _MIN_TITLE_WORDS and 2 * capitals > len(function_words)
    return capitals > 0


def _plain(word: str) -> str:
    word = word.lower().replace("’", "'").removesuffix("'s")
    ordinal = _ORDINAL.fullmatch(word)
    return ordinal[1] if ordinal else word


def _opens_sentence(text: str, start: int, number: int) -> bool:
    return number == 0 or text[:start].rstrip(" \"'“‘(").endswith((".", "?", "!", ":"))
