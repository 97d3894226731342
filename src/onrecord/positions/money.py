"""Currencies: signs, words and codes as ISO 4217 codes, where they mean one currency.

`$` is written by two dozen states, `pounds` are weighed, `dinars` are of nine states: what stays open keeps the sign or the word for its unit.
A name of a state or people before the word settles it (`Swiss francs`), and so does a letter before the sign (`A$`).
"""

from __future__ import annotations

import re
from types import MappingProxyType

from onrecord.actors.countries import lookup

__all__ = ["PREFIX", "SUFFIX", "dollar_of", "of_prefix", "of_suffix"]

_SIGNS = MappingProxyType(
    {
        "£": "GBP",
        "€": "EUR",
        "₹": "INR",
        "₽": "RUB",
        "₺": "TRY",
        "₴": "UAH",
        "₩": "KRW",
        "₪": "ILS",
        "₦": "NGN",
        "₫": "VND",
        "฿": "THB",
        "₱": "PHP",
        "¥": "¥",
        "$": "$",
    }
)
_DOLLARS = MappingProxyType(
    {
        "US": "USD",
        "U.S.": "USD",
        "A": "AUD",
        "AU": "AUD",
        "C": "CAD",
        "CA": "CAD",
        "NZ": "NZD",
        "HK": "HKD",
        "S": "SGD",
        "SG": "SGD",
        "NT": "TWD",
        "R": "BRL",
        "MX": "MXN",
        "TT": "TTD",
        "J": "JMD",
        "N": "NAD",
    }
)
_CODES = (
    "USD EUR GBP JPY CNY CHF AUD CAD NZD HKD SGD SEK NOK DKK PLN CZK HUF RON BGN RUB UAH TRY ILS INR PKR BDT LKR NPR KRW TWD THB MYR IDR PHP VND BRL MXN"
    " ARS CLP COP PEN ZAR NGN KES GHS ETB EGP SAR AED QAR KWD IRR IQD SYP LBP JOD KZT GEL AMD AZN RSD"
)
#: Words that mean one currency wherever they stand.
_WORDS = MappingProxyType(
    {
        "euro": "EUR",
        "euros": "EUR",
        "yen": "JPY",
        "yuan": "CNY",
        "renminbi": "CNY",
        "rouble": "RUB",
        "roubles": "RUB",
        "ruble": "RUB",
        "rubles": "RUB",
        "hryvnia": "UAH",
        "hryvnias": "UAH",
        "zloty": "PLN",
        "zlotys": "PLN",
        "zlotych": "PLN",
        "forint": "HUF",
        "forints": "HUF",
        "baht": "THB",
        "ringgit": "MYR",
        "rupiah": "IDR",
        "rand": "ZAR",
        "naira": "NGN",
        "cedi": "GHS",
        "cedis": "GHS",
        "birr": "ETB",
        "shekel": "ILS",
        "shekels": "ILS",
        "taka": "BDT",
        "tenge": "KZT",
        "lari": "GEL",
        "reais": "BRL",
        "kronor": "SEK",
        "leva": "BGN",
        "won": "KRW",
        "dong": "VND",
        "pounds sterling": "GBP",
        "sterling": "GBP",
        "koruna": "CZK",
        "korunas": "CZK",
    }
)
#: Words that several states use, by the state.
_OF_STATE = MappingProxyType(
    {
        "dollar": {
            "US": "USD",
            "AU": "AUD",
            "CA": "CAD",
            "NZ": "NZD",
            "HK": "HKD",
            "SG": "SGD",
            "TW": "TWD",
            "JM": "JMD",
            "TT": "TTD",
            "FJ": "FJD",
            "NA": "NAD",
            "ZW": "ZWL",
            "LR": "LRD",
            "BS": "BSD",
            "BB": "BBD",
            "BZ": "BZD",
            "GY": "GYD",
            "BN": "BND",
            "SB": "SBD",
            "SR": "SRD",
        },
        "pound": {"GB": "GBP", "EG": "EGP", "LB": "LBP", "SY": "SYP", "SD": "SDG", "SS": "SSP"},
        "franc": {"CH": "CHF", "RW": "RWF", "BI": "BIF", "CD": "CDF", "GN": "GNF", "DJ": "DJF", "KM": "KMF", "FR": "FRF", "BE": "BEF"},
        "krone": {"DK": "DKK", "NO": "NOK"},
        "kroner": {"DK": "DKK", "NO": "NOK"},
        "krona": {"SE": "SEK", "IS": "ISK"},
        "kronur": {"IS": "ISK"},
        "crown": {"SE": "SEK", "NO": "NOK", "DK": "DKK", "CZ": "CZK", "IS": "ISK"},
        "peso": {"MX": "MXN", "AR": "ARS", "CL": "CLP", "CO": "COP", "CU": "CUP", "PH": "PHP", "UY": "UYU", "DO": "DOP"},
        "rupee": {"IN": "INR", "PK": "PKR", "LK": "LKR", "NP": "NPR", "MU": "MUR", "SC": "SCR"},
        "dinar": {"IQ": "IQD", "KW": "KWD", "JO": "JOD", "BH": "BHD", "DZ": "DZD", "TN": "TND", "LY": "LYD", "RS": "RSD", "MK": "MKD"},
        "rial": {"IR": "IRR", "OM": "OMR", "YE": "YER", "QA": "QAR", "SA": "SAR"},
        "riyal": {"SA": "SAR", "QA": "QAR", "YE": "YER"},
        "dirham": {"AE": "AED", "MA": "MAD"},
        "shilling": {"KE": "KES", "TZ": "TZS", "UG": "UGX", "SO": "SOS"},
        "lira": {"TR": "TRY", "LB": "LBP", "SY": "SYP", "IT": "ITL"},
        "leu": {"RO": "RON", "MD": "MDL"},
        "lei": {"RO": "RON", "MD": "MDL"},
        "kwacha": {"ZM": "ZMW", "MW": "MWK"},
        "manat": {"AZ": "AZN", "TM": "TMT"},
        "som": {"KG": "KGS", "UZ": "UZS"},
    }
)
#: A hundredth of which sign or code; cents are of whatever a dollar is of.
_HUNDREDTHS = MappingProxyType({"cents": "$", "cent": "$", "pence": "GBP", "penny": "GBP", "p": "GBP", "kopecks": "RUB"})
#: Words that mean something else without a figure in millions before them.
_DOUBTFUL = frozenset({"won", "dong", "som", "rand", "sterling"})

_STATE_WORD = "|".join(f"{w}s?" if w not in ("kroner", "kronur", "lei", "kwacha") else w for w in _OF_STATE)
#: A sign or code right before a figure.
PREFIX = re.compile(
    rf"(?:(?<![\w$])(?:{'|'.join(map(re.escape, sorted(_DOLLARS, key=len, reverse=True)))})?\$|[£€¥₹₽₺₴₩₪₦₫฿₱]|\b(?:{_CODES.replace(' ', '|')}) ?)$"
)
#: A word or code right after one.
SUFFIX = re.compile(
    rf"[ -]?(?:(?P<code>{_CODES.replace(' ', '|')})\b"
    rf"|(?P<state>(?:(?:[A-Z][\w.]*) ){{1,2}})?(?P<word>{_STATE_WORD}|pounds sterling|{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b(?!-\w)"
    rf"|(?P<hundredth>cents?|pence|penny|kopecks)\b|(?<=\d)(?P<p>p)\b)"
)
_SAYS_US = re.compile(r"\bUS ?\$|\bU\.S\.\$|\b(?:US|U\.S\.|American) dollars?\b|\bUSD\b")
_SAYS_OTHER = re.compile(
    r"\b(?:AU?|CA?|NZ|HK|SG?|NT) ?\$|\b(?:Australian|Canadian|New Zealand|Hong Kong|Singapore|Taiwan) dollars?\b|\b(?:AUD|CAD|NZD|HKD|SGD|TWD)\b"
)


def dollar_of(text: str, country: str | None = None) -> str:
    """What a bare `$` is in a text: `USD` if the text says US dollars somewhere and no others, or if the outlet is of the United States; else `$`.

    Args:
        text: The text.
        country: The outlet's, ISO 3166-1 alpha-2.

    Example:
        >>> dollar_of("It lends US$4m; $1m is spent."), dollar_of("It lends $4m.")
        ('USD', '$')
    """
    if _SAYS_OTHER.search(text):
        return "$"
    return "USD" if country == "US" or _SAYS_US.search(text) else "$"


def of_prefix(words: str, *, dollar: str) -> str:
    """The unit that a sign or code before a figure stands for.

    Args:
        words: What `PREFIX` matched.
        dollar: What a bare `$` is.
    """
    words = words.strip()
    if words in _SIGNS:
        return dollar if words == "$" else _SIGNS[words]
    return _DOLLARS[words[:-1]] if words.endswith("$") else words


def of_suffix(match: re.Match[str], *, dollar: str, large: bool) -> tuple[str, int, int] | None:  # noqa: PLR0911 - one answer a sort of word
    """The unit that a word after a figure stands for: unit, by what to divide the figure, and where its words end; None if it is no currency here.

    Args:
        match: Of `SUFFIX`.
        dollar: What a bare dollar is.
        large: Whether the figure is in millions or more: `3 won` is no money, and pounds are not weighed in millions.
    """
    if match["code"]:
        return match["code"], 1, match.end()
    if small := match["hundredth"] or match["p"]:
        unit = _HUNDREDTHS[small]
        return (dollar if unit == "$" else unit), 100, match.end()
    word, state = match["word"], (match["state"] or "").strip()
    if word in _WORDS:
        return None if word in _DOUBTFUL and not (large or state) else (_WORDS[word], 1, match.end())
    one = word if word in _OF_STATE else word.removesuffix("s")
    if state:
        # Two words may be one state, or a state and something else: `Hong Kong dollars`, but not `Moscow Swiss francs`.
        country = lookup(state) or (lookup(state.split()[-1]) if " " in state else None)
        code = _OF_STATE[one].get(country.code) if country else None
        return (code, 1, match.end()) if code else None
    if one == "dollar":
        return dollar, 1, match.end()
    if one == "pound":
        return ("GBP" if large else "pounds"), 1, match.end()
    return word if word.endswith("s") or word in ("kroner", "kronur", "lei", "kwacha", "lira") else f"{word}s", 1, match.end()
