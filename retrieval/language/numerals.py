__all__ = ["SPELLED_NUMBER", "numeral_terms"]

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_MONTHS = "january february march april may june july august september october november december"
# In a text "3月" the month's number is a term of its own, as is any other 3.
_MONTH_WEIGHT = 0.6
_TERMS = (
    {word: (str(number), 1.0) for number, word in enumerate(_ONES.split())}
    | {word: (str(10 * number), 1.0) for number, word in enumerate(_TENS.split(), 2)}
    | {word: (str(number), _MONTH_WEIGHT) for number, word in enumerate(_MONTHS.split(), 1)}
)
_MANY = r"(?: (?:dozen|hundred|thousand|million|billion)\b)*"
SPELLED_NUMBER = (
    rf"\b(?:(?:{_TENS.replace(' ', '|')})(?:-(?:{_ONES.replace(' ', '|')}))?|{'|'.join(_ONES.split()[2:])}"
    rf"|(?:a|one)(?= (?:dozen|hundred|thousand|million|billion)))\b{_MANY}"
)
"""A pattern of English numbers in words, in lower case; "one" counts only where more follows."""


def numeral_terms(word: str) -> dict[str, float]:
    """Give the digits that Chinese texts write for an English number or month, with their weights; {} for others."""
    return dict([_TERMS[word]]) if word in _TERMS else {}
