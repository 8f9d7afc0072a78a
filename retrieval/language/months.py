"""The months' names in the languages that questions come in, as patterns over folded text."""

__all__ = ["MONTHS", "MONTH_DAY"]

MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|märz|mai|"
    "juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|января|февраля|марта|"
    "апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
)
"""The names, longest of equal beginnings not first: put a word's end behind them."""

_YEAR = r"(?:,? (?:de )?(?:19|20)\d\d)?"
# May and march are words of their own: a month stands beside a number, or behind a word that says when.
MONTH_DAY = (
    rf"\b\d{{1,2}}(?:st|nd|rd|th|\.|er)? (?:of |de )?(?:{MONTHS})\b{_YEAR}"
    rf"|\b(?:{MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?\b(?!\d){_YEAR}|\b(?:{MONTHS}),? (?:de )?(?:19|20)\d\d\b"
    rf"|(?<=\bin )(?:{MONTHS})\b|(?<=\b(?:im|en) )(?:{MONTHS})\b|(?<=\b(?:since|until) )(?:{MONTHS})\b"
)
"""A day or month of a year, as spaced languages write it."""
