import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from retrieval.language.folding import fold
from retrieval.language.identification import identify
from retrieval.types import ReplyKind

__all__ = ["Remark", "recognise"]

# An apostrophe or hyphen belongs to its word. A class of all Chinese characters would take long to compile.
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_FIRST_SYLLABIC = "\u1100"
_ASKS = re.compile(r"[?？]|[吗呢][。!！]?$")
_CLAUSE = re.compile(r"[.!?。！？\n;；,，:：]+")
# The longest remark, in tokens: who writes more has something to ask.
_MOST_TOKENS = 40
# What a remark in several parts is answered as: hello and thanks, what can you do.
_WEIGHT = (
    ReplyKind.ABUSE,
    ReplyKind.CAPABILITIES,
    ReplyKind.FAREWELL,
    ReplyKind.THANKS,
    ReplyKind.GREETING,
    ReplyKind.NONSENSE,
)
# A remark with a question mark may be one of these; thanks or a test with one are the words of a question.
_MAY_ASK = frozenset((ReplyKind.ABUSE, ReplyKind.CAPABILITIES, ReplyKind.GREETING))
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "1234567890")
_RUN = 4
_REPEATED = re.compile(r"(.)\1{3,}|(.{2,4}?)\2{2,}")
_VOWELS = frozenset("aeiouyàáâäãåæèéêëìíîïòóôöõøùúûüœ")
_LETTERS_WITHOUT_VOWEL = 5


@dataclass(frozen=True, slots=True)
class Remark:
    """A message that is no question: what it is, and its language as a BCP 47 tag."""

    kind: ReplyKind
    language: str


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    # Phrases by their first token: the whole phrase, its kind, None for a filler, and its language.
    phrases: Mapping[str, list[tuple[tuple[str, ...], ReplyKind | None, str]]]
    instructions: Mapping[str, str]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    data = json.loads(files("retrieval.answering").joinpath("remarks.json").read_text(encoding="utf-8"))
    phrases: dict[str, list[tuple[tuple[str, ...], ReplyKind | None, str]]] = {}
    for kind, table in [*data["phrases"].items(), (None, data["fillers"])]:
        for language, texts in table.items():
            for text in texts:
                tokens = tuple(_tokens(text))
                phrases.setdefault(tokens[0], []).append((tokens, ReplyKind(kind) if kind else None, language))
    instructions = {
        language: f"{data['polite'][language]}(?:{'|'.join(patterns)})"
        for language, patterns in data["instructions"].items()
    }
    return _Tables(phrases, instructions)


def _tokens(text: str) -> list[str]:
    """Cut a text into words of an alphabet, and characters of scripts that write syllables."""
    tokens: list[str] = []
    for word in _WORD.findall(text):
        start = 0
        for position, character in enumerate(word):
            if character >= _FIRST_SYLLABIC:
                tokens += [part for part in (word[start:position], character) if part.strip("'’-")]
                start = position + 1
        if start < len(word):
            tokens.append(word[start:])
    return tokens


def recognise(message: str) -> Remark | None:
    """Tell what a message that is no question is: a greeting, thanks, an instruction to the bot; None for a question.

    Small talk must fill the whole message: who greets and asks has asked.
    """
    folded = fold(message).replace("’", "'")
    language = identify(message)
    tokens = _tokens(folded)
    if tokens and len(tokens) <= _MOST_TOKENS:
        remark = _small_talk(tokens, language, asks=_ASKS.search(message.strip()) is not None)
        if remark is not None:
            return remark
    instructed = _instruction_language(folded, language)
    if instructed is not None:
        return Remark(ReplyKind.INSTRUCTION, instructed)
    return Remark(ReplyKind.NONSENSE, language) if _is_nonsense(message, tokens) else None


def _small_talk(tokens: list[str], language: str, *, asks: bool) -> Remark | None:
    """Cover the message with known phrases from left to right, with as few of them as will do."""
    # How many pieces cover the tokens up to here, and what they say.
    covered: list[tuple[int, frozenset[tuple[ReplyKind, str]]] | None] = [(0, frozenset()), *[None] * len(tokens)]
    table = _tables().phrases
    for start, token in enumerate(tokens):
        so_far = covered[start]
        for phrase, kind, tongue in table.get(token, ()) if so_far is not None else ():
            end = start + len(phrase)
            if so_far is None or tuple(tokens[start:end]) != phrase:
                continue
            pieces, told = so_far[0] + 1, so_far[1] | ({(kind, tongue)} if kind is not None else set())
            before = covered[end]
            if before is None or pieces < before[0]:
                covered[end] = (pieces, told)
            elif pieces == before[0]:
                covered[end] = (pieces, told | before[1])
    found = covered[-1][1] if covered[-1] is not None else frozenset()
    kind = next((kind for kind in _WEIGHT if any(known is kind for known, _ in found)), None)
    if kind is None or (asks and kind not in _MAY_ASK):
        return None
    tongues = sorted(tongue for known, tongue in found if known is kind)
    primary = language.partition("-")[0]
    return Remark(kind, language if primary in tongues else tongues[0])


def _instruction_language(folded: str, language: str) -> str | None:
    """Give the language in which a clause of the message tells the bot what to do, None where none does."""
    tables = _tables().instructions
    primary = language.partition("-")[0]
    # A few words of an alphabet do not tell their language.
    tongues = (primary, "en") if primary in ("zh", "ja", "ko", "ru") else ("en", "de", "fr", "es")
    clauses = [clause.strip() for clause in _CLAUSE.split(folded)]
    for tongue in tongues:
        if any(re.match(tables[tongue], clause) for clause in clauses if clause):
            return language if tongue == primary else tongue
    return None


def _is_nonsense(message: str, tokens: list[str]) -> bool:
    """Tell whether letters were only drummed: repeated, along the keyboard, or without any vowel."""
    letters = "".join(tokens)
    if len(letters) >= _RUN and _REPEATED.fullmatch(letters):
        return True
    words = [token for token in tokens if token.isalpha() or token.isdecimal()]
    if not words or len(words) != len(tokens) or len(letters) < _RUN or len(words) > _RUN:
        return False
    if all(10 * sum(_runs(word)) >= (10 if word.isdecimal() else 6) * len(word) for word in words):
        return True
    return not message.isupper() and all(
        word.isascii() and word.isalpha() and len(word) >= _LETTERS_WITHOUT_VOWEL and _VOWELS.isdisjoint(word)
        for word in words
    )


def _runs(word: str) -> Iterator[int]:
    """Give the lengths of the stretches of a word that run along a row of the keyboard, either way."""
    start = 0
    while start < len(word):
        end = start + 1
        while end <= len(word) and any(word[start:end] in row or word[start:end] in row[::-1] for row in _KEYBOARD):
            end += 1
        length = end - 1 - start
        if length >= _RUN - 1 and (length >= _RUN or length == len(word) - start):
            yield length
        start += max(length, 1)
