"""English numbers as news writes them: `4,500`, `4.5bn`, `thirty-four`, `half a million`, `two-thirds`, `tens of thousands`, `one in five`.

Libraries were tried first. `recognizers-text-number` (MIT) is the nearest: the last release for Python is an alpha of 2019 that needs an `emoji` package
of that time, it takes 0.6 seconds to load and 150 ms a sentence, and takes years, names and ordinals for numbers (F1 of values 72 and 75 on the two
halves of the marked sentences, `benchmarks/quantities.py`, against 100 and 98 here); open ranges and bounds it has none. `quantulum3` needs
scikit-learn for units with two meanings, `text2num` turns words into digits in whole texts and loses the offsets. What is left to do by hand is a
page of arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

__all__ = ["SCALES", "Numeral", "Sort", "find_numerals"]

#: What sort of number it is: digits; words; one that is open above (`dozens`); a part of a whole (`two-thirds`); one that is vague (`a few hundred`).
Sort = Literal["digits", "words", "open", "share", "vague"]

_UNITS = dict(zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], range(1, 10), strict=True))
_TEENS = dict(zip(["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"], range(10, 20), strict=True))
_TENS = dict(zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True))
_SMALL: MappingProxyType[str, int] = MappingProxyType({**_UNITS, **_TEENS, **_TENS, "zero": 0})
#: Words and letters that multiply.
SCALES: MappingProxyType[str, int] = MappingProxyType(
    {
        "hundred": 10**2,
        "dozen": 12,
        "thousand": 10**3,
        "million": 10**6,
        "billion": 10**9,
        "trillion": 10**12,
        "lakh": 10**5,
        "crore": 10**7,
        "k": 10**3,
        "m": 10**6,
        "mn": 10**6,
        "mln": 10**6,
        "b": 10**9,
        "bn": 10**9,
        "tn": 10**12,
        "trn": 10**12,
    }
)
_PLURALS = MappingProxyType(
    {"tens": 10, "dozens": 12, "scores": 20, "hundreds": 10**2, "thousands": 10**3, "millions": 10**6, "billions": 10**9, "trillions": 10**12}
)
_PARTS = MappingProxyType(
    {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}
)
_SIGNS = MappingProxyType({"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")})

_UNIT, _TEEN, _TEN = "|".join(_UNITS), "|".join(_TEENS), "|".join(_TENS)
_UNDER_100 = rf"(?:(?:{_TEN})(?:[- ](?:{_UNIT}))?|{_TEEN}|{_UNIT})"
_UNDER_1000 = rf"(?:(?:{_UNDER_100}|an?)[- ]hundred(?:[- ](?:and )?{_UNDER_100})?|{_UNDER_100})"
_BIG = r"(?:thousand|million|billion|trillion|lakh|crore)"
_WORDS = rf"(?:{_UNDER_1000}(?:[- ]{_BIG}(?:(?:,? (?:and )?|-){_UNDER_1000}(?:[- ]{_BIG})?)*)?)"
_DIGITS = r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d{1,3}(?:[\u00a0\u2009\u202f]\d{3})+|\d+(?:\.\d+)?[½¼¾]?|[½¼¾])"
_SCALE_WORD = rf"(?:hundred|dozen|{_BIG})"
_A_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen|lakh|crore)"
_DENOMINATOR = r"(?:third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"

_PATTERN = re.compile(
    r"(?<![\w.,/#:@§+])(?:(?<!-)|(?<=[\d%]-)|(?<=\d[kKmM]-)|(?<=\d[bt]n-)|(?<=[mbr]illion-))(?:"
    rf"(?P<plural>(?P<p1>{'|'.join(_PLURALS)})(?: of (?P<p2>thousands|millions|billions|trillions))?)\b(?! of (?:thousands|millions|billions|trillions))"
    rf"|(?P<part>half (?:an? )?(?P<part_scale>{_A_SCALE}|hour)"
    rf"|(?P<part_of>(?:an?|one|three)[- ]quarters?|half|(?:one|two)[- ]thirds?) (?:of )?an? (?P<part_of_scale>{_A_SCALE}|hour))\b"
    rf"|(?P<vague>(?P<how>an? couple of|an? few|several) (?P<vague_scale>{_A_SCALE}))\b"
    rf"|(?P<ratio>(?P<n>{_UNDER_100}|\d{{1,3}}) (?:in(?: every)?|out of(?: every)?|of every|of(?= (?:10|ten)\b)) (?P<m>{_UNDER_100}|a hundred|\d{{1,3}}))\b(?![,.]?\d)"
    rf"|(?P<fraction>(?P<over>an?|{_UNIT})[- ](?P<under>{_DENOMINATOR}s?|half|halves))\b"
    r"|(?P<half>half)\b(?! an?\b|-)"
    rf"|(?P<digits>{_DIGITS})(?:(?:[- ]and[- ]a[- ]half)?[- ]?(?P<scale>{_SCALE_WORD})\b|(?P<letter>[kKmMbB]|mn|mln|bn|BN|tn|trn)\b)?(?![\d]|[.,:/]\d|(?:st|nd|rd|th)\b)"
    rf"|(?P<words>(?:(?P<whole>{_WORDS})(?P<and_half> and a (?P<extra>half|quarter))?(?:[- ](?P<times>{_SCALE_WORD}))?|(?P<one>an? (?P<one_scale>{_A_SCALE}))|zero))\b(?!-\w+th\b)"
    r")",
    re.IGNORECASE,
)
#: What may stand after `a third`, so that it is a part of something and no third attempt.
_PART_OF = re.compile(r" of\b(?! an? (?:hundred|thousand|million))|\s*(?:[,.;:!?)”’\"]|$)")
_HALF_OF = re.compile(r" (?:of|the|its|their|his|her|our|all|that|those|these)\b|\s*(?:[,.;:!?)”\"]|$)")
_NO_HALF = re.compile(r"(?:\b(?:first|second|latter|other|better|past|this|that|last|a|one|and|into|cut|time and a)|\d) $", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text."""

    start: int
    end: int
    value: Decimal
    sort: Sort
    #: What a word or letter multiplied it by: 1 if none did.
    scale: int = 1
    #: That letter, where it may be a unit instead: `m` for metres.
    letter: str = ""
    #: The figure as it stands, before it was multiplied.
    figure: Decimal = Decimal(0)
    #: Whether digits are grouped by commas, as amounts are and years are not.
    grouped: bool = False


def find_numerals(text: str, start: int = 0, end: int | None = None) -> Iterator[Numeral]:
    """Find numbers between two offsets, in order and without overlap. Ordinals, and digits that are a part of a word, are none.

    Args:
        text: The text.
        start: Offset to begin at.
        end: Offset to stop before; the end of the text if not given.

    Example:
        >>> [str(n.value) for n in find_numerals("Half a million of the 4.5bn went to thirty-four towns.")]
        ['500000', '4500000000', '34']
    """
    end = len(text) if end is None else end
    for m in _PATTERN.finditer(text, start, end):
        found = _numeral(text, m, end)
        if found is not None:
            yield found


def _numeral(text: str, m: re.Match[str], end: int) -> Numeral | None:  # noqa: PLR0911 - one answer a form
    if m["plural"]:
        scale = _PLURALS[m["p1"].lower()] * (_PLURALS[m["p2"].lower()] if m["p2"] else 1)
        return Numeral(m.start(), m.end(), Decimal(2 * scale), "open", scale)
    if m["part"]:
        return _part(m)
    if m["vague"]:
        scale = SCALES[m["vague_scale"].lower()]
        if m["how"].lower() == "several":
            return Numeral(m.start(), m.end(), Decimal(2 * scale), "open", scale)
        return Numeral(m.start(), m.end(), Decimal((2 if "couple" in m["how"].lower() else 3) * scale), "vague", scale)
    if m["ratio"]:
        return _ratio(text, m)
    if m["fraction"]:
        return _fraction(text, m, end)
    if m["half"]:
        if not _HALF_OF.match(text[m.end() : end]) or _NO_HALF.search(text[max(0, m.start() - 12) : m.start()]):
            return None
        return Numeral(m.start(), m.end(), Decimal("0.5"), "share")
    if m["digits"]:
        return _digits(text, m)
    return _of_words(m)


def _part(m: re.Match[str]) -> Numeral:
    """`half a million`, `three-quarters of a million`, `half an hour` (whose unit is read again by whoever asks)."""
    name = (m["part_scale"] or m["part_of_scale"]).lower()
    if m["part_of"]:
        over, under = re.split("[- ]", m["part_of"].lower()) if m["part_of"].lower() != "half" else ("one", "half")
        share = Decimal(_UNITS.get(over, 1)) / _PARTS[under.removesuffix("s")]
    else:
        share = Decimal("0.5")
    if name == "hour":
        return Numeral(m.start(), m.end() - len(" hour"), share, "words", 1, figure=share)
    return Numeral(m.start(), m.end(), _tidy(share * SCALES[name]), "words", SCALES[name], figure=share)


def _ratio(text: str, m: re.Match[str]) -> Numeral | None:
    over, under = (int(w) if w.isdigit() else 100 if w == "a hundred" else _value(w) for w in (m["n"].lower(), m["m"].lower()))
    if not 0 < over < under or re.match(r"[- ]?(?:second|minute|hour|day|week|month|year|decade|per ?cent|%|million|billion)", text[m.end() :]):
        # `won two in three days`: only the first of the two numbers is read here.
        first = m.end("n")
        value = Decimal(over)
        return Numeral(m.start(), first, value, "digits" if m["n"].isdigit() else "words", figure=value)
    return Numeral(m.start(), m.end(), _tidy(Decimal(over) / under), "share")


def _fraction(text: str, m: re.Match[str], end: int) -> Numeral | None:
    over, under = m["over"].lower(), m["under"].lower()
    one = over in ("a", "an", "one")
    plural = under.endswith("s")
    if one == plural:
        return None
    if one and not (over == "one" and text[m.start() + 3] == "-") and not _PART_OF.match(text[m.end() : end]) and over != "one":
        return None
    below = _PARTS[under.removesuffix("s")]
    return Numeral(m.start(), m.end(), _tidy(Decimal(_UNITS.get(over, 1)) / below), "share")


def _digits(text: str, m: re.Match[str]) -> Numeral | None:
    written = m["digits"]
    sign = _SIGNS.get(written[-1], Decimal(0))
    plain = re.sub(r"[,\u00a0\u2009\u202f½¼¾]", "", written)
    if len(plain) > 18 or (len(plain) > 1 and plain[0] == "0" and plain[1] != "."):  # noqa: PLR2004 - no sum of money is longer
        return None
    figure = (Decimal(plain) if plain else Decimal(0)) + sign
    if "and" in text[m.end("digits") : m.end()].lower():
        figure += Decimal("0.5")
    name = (m["scale"] or m["letter"] or "").lower()
    scale = SCALES.get(name, 1)
    grouped = bool(re.search(r"[,\u00a0\u2009\u202f]", written))
    return Numeral(m.start(), m.end(), _tidy(figure * scale), "digits", scale, m["letter"] or "", figure, grouped)


def _of_words(m: re.Match[str]) -> Numeral:
    if m["one"]:
        scale = SCALES[m["one_scale"].lower()]
        return Numeral(m.start(), m.end(), Decimal(scale), "words", scale, figure=Decimal(1))
    if not m["whole"]:
        return Numeral(m.start(), m.end(), Decimal(0), "words", figure=Decimal(0))
    figure = Decimal(_value(m["whole"].lower()))
    if m["and_half"]:
        figure += Decimal("0.5") if m["extra"].lower() == "half" else Decimal("0.25")
    scale = SCALES[m["times"].lower()] if m["times"] else 1
    named = max((SCALES[w] for w in re.findall(_BIG, m["whole"].lower())), default=1)
    return Numeral(m.start(), m.end(), _tidy(figure * scale), "words", max(scale, named), figure=figure)


def _value(words: str) -> int:
    """The number that a run of words names: `two hundred and fifty thousand`."""
    total = current = 0
    for word in re.findall("[a-z]+", words):
        if word in _SMALL:
            current += _SMALL[word]
        elif word in ("a", "an"):
            current += 1
        elif word == "hundred":
            current *= 100
        elif word in SCALES:
            total += current * SCALES[word]
            current = 0
    return total + current


def _tidy(value: Decimal) -> Decimal:
    """Six places after the point at most, none of them idle."""
    rounded = round(value, 6).normalize()
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded
