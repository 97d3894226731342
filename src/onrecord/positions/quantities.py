"""Figures in statements as fields: `£4.5 billion`, `34 nations`, `at least 30 tanks`, `20,000-30,000`, `a 30-day ceasefire`.

A quantity is a number with what it counts and how it is bounded; every part stands within its span, but for a unit that two numbers share
(`12 of the 27 members`). No quantities: ordinals, negative numbers, ages, dates and times (see `horizons`), telephone numbers, and numbers that are a
part of a name (`Article 5`, `Boeing 737`, `the Group of Seven`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from onrecord.actors.countries import lookup
from onrecord.occasions.forms import spot
from onrecord.positions.counted import TIMES, counted
from onrecord.positions.money import PREFIX, SUFFIX, of_prefix, of_suffix
from onrecord.positions.numerals import Numeral, find_numerals
from onrecord.text import Span

__all__ = ["Bound", "Quantity", "find_quantities"]


class Bound(StrEnum):
    """How the words bound a number."""

    #: The number itself.
    EXACT = "exact"
    #: More or less: about, nearly, some.
    ABOUT = "about"
    #: Open above: at least, more than, dozens of.
    AT_LEAST = "at least"
    #: Open below: at most, up to, fewer than.
    AT_MOST = "at most"
    #: From one number to another.
    BETWEEN = "between"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a statement, what it counts, and how it is bounded.

    Example:
        >>> q = find_quantities("It will cost between £4m and £5m.")[0]
        >>> str(q.low), str(q.high), q.unit, q.bound.value, q.span.exact
        ('4000000', '5000000', 'GBP', 'between', 'between £4m and £5m')
    """

    #: The number with its unit and the words that bound it.
    span: Span
    #: The least value; None if the words leave it open.
    low: Decimal | None
    #: The greatest; likewise. The same as `low` unless bounded.
    high: Decimal | None
    #: ISO 4217 code; `$`, `pounds` and the like where the text does not say whose; `percent`; `share` (of one); `people`, `days`, or whatever is
    #: counted, in the plural. None if the text does not say.
    unit: str | None
    bound: Bound = Bound.EXACT

    @property
    def value(self) -> Decimal:
        """One number for it: the number itself, or the one that is named of an open range; the lower of two."""
        return self.low if self.low is not None else self.high if self.high is not None else Decimal(0)

    def to_json(self) -> dict[str, Any]:
        """As in the statement's JSON form. Numbers are texts, since JSON's are not exact."""
        return {
            "low": None if self.low is None else f"{self.low:f}",
            "high": None if self.high is None else f"{self.high:f}",
            "unit": self.unit,
            "bound": str(self.bound),
            "span": self.span.to_json(),
        }


_BEFORE: tuple[tuple[Bound, str], ...] = (
    (Bound.ABOUT, r"(?:just|slightly|a little|marginally|a bit) (?:over|under|above|below|more than|less than|fewer than)|just shy of|close to|well nigh"),
    (Bound.AT_MOST, r"no (?:more|fewer and no more|greater) than|not more than|at (?:the )?most|up to|as (?:many|much|high) as|(?:a )?maximum of|(?:well |far |much )?(?:fewer|less) than|below|under|not over|a ceiling of|only up to"),
    (Bound.AT_LEAST, r"no (?:fewer|less) than|not (?:fewer|less) than|at (?:the very )?least|(?:well |far |much )?more than|(?:well |far )?(?:over|above)|upwards? of|in excess of|(?:a )?minimum of|north of"),
    (Bound.ABOUT, r"an estimated|an average of|about|around|roughly|approximately|approx\.?|nearly|almost|some|circa|virtually|estimated|more or less|in the region of|something like"),
)  # fmt: skip
_BOUND = re.compile("(?:" + "|".join(f"(?P<b{n}>(?<![\\w-])(?:{p}))" for n, (_, p) in enumerate(_BEFORE)) + r") $", re.IGNORECASE)
_AFTER = re.compile(
    r"(?P<least> or (?:more|above|over|higher)\b| at (?:the very )?least\b|-plus\b|\+)|(?P<most> or (?:less|fewer|under|below)\b| at (?:the )?most\b)|(?P<about> or so\b)"
)
_OF = re.compile(r" of(?= )")
_LINK = re.compile(r"(?: ?[-–—] ?| to | and | or )$")
_BETWEEN, _FROM = re.compile(r"\bbetween $", re.IGNORECASE), re.compile(r"\b(?:anywhere )?from $", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:r[io]se[sn]?|rising|f[ae]ll(?:s|en|ing)?|gr[eo]w(?:s|n|ing)?|increas\w+|cut(?:s|ting)?|went|goes|go|up|down|rais\w+|drop\w*|climb\w*|slip\w*|reduc\w+|lower\w*|jump\w*|shrank|shrunk)\b"
    r"[^.;:]{0,40}$",
    re.IGNORECASE,
)
#: Lower-case words that a number names rather than counts.
_LABELS = frozenset(
    "page pages section sections article articles chapter room route line number no nos paragraph phase level step figure table channel flight gate platform"
    " version volume part item question grade age aged type model stage resolution amendment title order appendix annex clause lot unit group verse psalm"
    " act scene episode series season tier category class zone district ward highway interstate junction exit line block building office suite court"
    " camp base sector squadron division battalion brigade extension ext call top day week month year round game set match formula protocol call".split()
)
_CLOCK = r"\b\d{1,2}[:.]\d\d ?(?:[ap]\.?m\b\.?|GMT|UTC|BST|CET|EST|EDT|hours|o['’]clock)|\b\d{1,2}:\d\d(?::\d\d)?\b|\b\d{1,2} ?[ap]\.?m\b\.?|\b\d{4} (?:GMT|UTC|hours GMT)|\b(?:\d{1,2}|[a-z]+) o['’]clock"
_PHONE = r"(?<![\w,.])\+?\(?\d[\d()]*(?:[ -]\(?\d[\d()]*){2,}"
_AGE = r"(?<=, )\d{1,3}(?=,(?!\d))|(?<=\()\d{1,2}(?=\))|\b(?:aged?|turned|turns|turning) \d{1,3}\b|\b(?:\d+|[a-z]+(?:-[a-z]+)?)[- ](?:year|month|week|day)s?[- ]olds?\b"
_EVENT = r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b(?:19|20)\d\d[-–/]\d{2}(?:\d{2})?\b|\b24/7\b"
_MASKS = re.compile(f"{_CLOCK}|{_PHONE}|{_AGE}|{_EVENT}")
_PHONE_DIGITS = 7
_FIRST_YEAR, _SURE_YEAR, _LAST_YEAR = 1500, 1800, 2100
_DEFINITE = re.compile(
    r"\b(?:the|these|those|his|her|its|their|our|my|your|whose|all|last|past|first|next|other|every|for)(?: (?:last|past|first|next|other|only))?(?: remaining)? $|['’]s? $",
    re.IGNORECASE,
)
_SMALL = 10
_OF_A_PERCENT = re.compile(r" of (?:an?|one|1) (?:per ?cent\b|percent\b|percentage point\b)")
_SHARED = re.compile(r" of (?:the |its |their |our |his |her |those |these |all |our )(?:other |remaining )?")
_STARTS = re.compile(r"(?:^|[.!?:;\n—–]|[“‘\"«(\[])[\s“‘\"'(\[]*$")
_NAMED_BEFORE = re.compile(r"(?:(?<=\s)|^|(?<=[(“‘\"]))(?P<word>[A-Z][\w&’'./-]*) $")


@dataclass(frozen=True, slots=True)
class _Amount:
    """A numeral with its currency or unit, before ranges and bounds."""

    numeral: Numeral
    start: int
    end: int
    value: Decimal
    unit: str | None
    #: Whether the unit settles that it is no year and no part of a name.
    sure: bool
    #: What the words after the number make of it: `300-plus ships`, `20 or so boats`.
    bound: Bound | None = None


def find_quantities(text: str, start: int = 0, end: int | None = None, *, dollar: str = "$", skip: Sequence[tuple[int, int]] = ()) -> tuple[Quantity, ...]:
    """Find the quantities between two offsets of a text.

    Args:
        text: The text.
        start: Offset to begin at.
        end: Offset to stop before; the end of the text if not given.
        dollar: What a bare `$` is; see `money.dollar_of`.
        skip: Half-open offsets whose numbers are something else, such as a horizon.

    Returns:
        In order and without overlap.
    """
    end = len(text) if end is None else end
    taken = [*skip, *_masked(text, start, end)]
    amounts: list[_Amount] = []
    for numeral in find_numerals(text, start, end):
        if any(a < numeral.end and numeral.start < b for a, b in taken):
            continue
        amount = _amount(text, numeral, start, end, dollar)
        taken.append((amount.start, amount.end))
        amounts.append(amount)
    amounts = [_sharing(text, a, amounts[n + 1] if n + 1 < len(amounts) else None) for n, a in enumerate(amounts)]
    found: list[Quantity] = []
    at = 0
    while at < len(amounts):
        pair = _range(text, amounts[at], amounts[at + 1], start) if at + 1 < len(amounts) else None
        made = pair or (_single(text, amounts[at], start, end))
        at += 2 if pair else 1
        if made is not None:
            found.append(made)
    return tuple(found)


def _masked(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    yield from (
        (s.start, s.end)
        for s in spot(text, start, end)
        if s.form != "year" and re.search(r"\d|ago|before|after|later|earlier|last|past|next", text[s.start : s.end])
    )
    for m in _MASKS.finditer(text, start, end):
        digits = sum(c.isdigit() for c in m[0])
        if m[0][0] not in "+(0123456789" or " " not in m[0] or digits >= _PHONE_DIGITS or re.search(r"[ap]\.?m|GMT|UTC|o['’]clock|old", m[0]):
            yield m.span()


def _amount(text: str, numeral: Numeral, start: int, end: int, dollar: str) -> _Amount:
    sign = PREFIX.search(text[max(start, numeral.start - 6) : numeral.start])
    if sign:
        begin = numeral.start - len(sign[0])
        return _Amount(numeral, begin, numeral.end, numeral.value, of_prefix(sign[0], dollar=dollar), sure=True)
    linked = _OF.match(text, numeral.end, end) if numeral.sort == "open" else _AFTER.match(text, numeral.end, end)
    after = linked.end() if linked else numeral.end
    bound = _bound_after(linked) if linked and numeral.sort != "open" else None
    found = _with_unit(text, numeral, after, end, dollar)
    return replace(found, end=max(found.end, after), sure=True, bound=bound) if bound else found


def _bound_after(m: re.Match[str]) -> Bound:
    return Bound.AT_LEAST if m["least"] else Bound.AT_MOST if m["most"] else Bound.ABOUT


def _with_unit(text: str, numeral: Numeral, after: int, end: int, dollar: str) -> _Amount:
    money = SUFFIX.match(text, after, end)
    if money and (numeral.sort != "share" or money["word"]):
        read = of_suffix(money, dollar=dollar, large=numeral.scale >= 10**6)
        if read:
            return _Amount(numeral, numeral.start, read[2], numeral.value / read[1], read[0], sure=True)
    if numeral.sort == "share":
        small = _OF_A_PERCENT.match(text, numeral.end, end)
        if small:
            return _Amount(numeral, numeral.start, small.end(), numeral.value, "percentage points" if "point" in small[0] else "percent", sure=True)
        return _Amount(numeral, numeral.start, numeral.end, numeral.value, "share", sure=True)
    if numeral.letter:
        return _lettered(text, numeral, end)
    unit = counted(text, after, end, one=numeral.value == 1 and numeral.sort == "words")
    if unit is not None:
        return _Amount(numeral, numeral.start, unit.end, numeral.value, unit.unit, sure=unit.measure or numeral.scale > 1 or numeral.grouped)
    return _of_others(text, numeral, end) or _Amount(numeral, numeral.start, numeral.end, numeral.value, None, sure=False)


def _lettered(text: str, numeral: Numeral, end: int) -> _Amount:
    """`5m people` and `400m`: without a currency a lone m is a million only before what can be counted."""
    unit = counted(text, numeral.end, end)
    if unit is not None:
        return _Amount(numeral, numeral.start, unit.end, numeral.value, unit.unit, sure=True)
    if numeral.letter.lower() == "m":
        return _Amount(replace(numeral, scale=1), numeral.start, numeral.end, numeral.figure, "metres", sure=True)
    return _Amount(numeral, numeral.start, numeral.end, numeral.value, None, sure=numeral.letter.lower() != "b")


def _of_others(text: str, numeral: Numeral, end: int) -> _Amount | None:
    """`12 of the 27 members`, `five of its ships`: what is counted stands behind; where a number does, too, it is that one's."""
    shared = _SHARED.match(text, numeral.end, end)
    if shared is None or numeral.value == 1:
        return None
    other = next(find_numerals(text, shared.end(), end), None)
    near = other is not None and other.start == shared.end()
    unit = counted(text, other.end if other and near else shared.end() - 1, end)
    if unit is None:
        return None
    return _Amount(numeral, numeral.start, numeral.end if near else unit.end, numeral.value, unit.unit, sure=near)


# Two numbers ------------------------------------------------------------------------------------------------------------------------


def _range(text: str, one: _Amount, other: _Amount, start: int) -> Quantity | None:  # noqa: PLR0911 - one answer a reason
    """Two numbers as the ends of one range; None if they are two quantities."""
    between = text[one.end : other.start]
    link = _LINK.fullmatch(between)
    if link is None or {one.numeral.sort, other.numeral.sort} & {"open", "share", "vague"}:
        return None
    before = text[max(start, one.start - 60) : one.start]
    opened = _BETWEEN.search(before) if between == " and " else _FROM.search(before) if between == " to " else None
    hyphen = between.strip() in "-–—"
    if between == " and " and not opened:
        return None
    if between == " to " and _CHANGE.search(before) and not (re.search(r"\bby $", before) and other.value <= 2 * one.value):
        # `fell by 12% to 47%` tells of two things, `rose by £25 to £30` of one.
        return None
    if one.unit is not None and other.unit is not None and one.unit != other.unit:
        return None
    low = _scaled(one, other)
    if not low < other.value or (between == " or " and other.value > 3 * low):
        return None
    unit = other.unit or one.unit
    wordy = not hyphen or other.numeral.grouped or other.numeral.scale > 1
    if (unit is None and not wordy) or (not (one.sure or other.sure) and (_named(text, one) or _year(one))):
        return None
    begin = one.start - len(opened[0]) if opened else one.start
    return Quantity(Span.of(text, begin, other.end), low, other.value, unit, Bound.BETWEEN)


def _sharing(text: str, one: _Amount, other: _Amount | None) -> _Amount:
    """The 12 of `rose from 12 to 15 euros` is of euros, too."""
    if other is None or one.unit is not None or other.unit is None or text[one.end : other.start] != " to ":
        return one
    if one.numeral.sort not in ("digits", "words") or not _FROM.search(text[max(0, one.start - 20) : one.start]):
        return one
    return replace(one, unit=other.unit, sure=other.sure)


def _scaled(one: _Amount, other: _Amount) -> Decimal:
    """The lower end, in the scale of the upper: `2 to 3 billion`."""
    if one.numeral.scale == 1 and other.numeral.scale > 1 and one.numeral.figure <= other.numeral.figure and not one.numeral.grouped:
        return one.value * other.numeral.scale
    return one.value


# One number -------------------------------------------------------------------------------------------------------------------------


def _single(text: str, amount: _Amount, start: int, end: int) -> Quantity | None:
    numeral = amount.numeral
    before = text[max(start, amount.start - 40) : amount.start]
    words = _BOUND.search(before)
    if words and words[0].lower() == "over " and amount.unit in TIMES and not before.lower().endswith(("for over ", "after over ")):
        # Work is spread over three years, and lasts for over three.
        words = None
    bound = next((b for n, (b, _) in enumerate(_BEFORE) if words and words[f"b{n}"]), None)
    begin = amount.start - len(words[0]) if words else amount.start
    if not _counts(text, amount, bounded=words is not None or amount.bound is not None, before=before):
        return None
    after = _AFTER.match(text, amount.end, end)
    stop = after.end() if after else amount.end
    bound = bound or amount.bound or (_bound_after(after) if after else None)
    if numeral.sort == "open":
        bound = Bound.AT_LEAST
    bound = bound or (Bound.ABOUT if numeral.sort == "vague" else Bound.EXACT)
    low = None if bound is Bound.AT_MOST else amount.value
    high = None if bound is Bound.AT_LEAST else amount.value
    return Quantity(Span.of(text, begin, stop), low, high, amount.unit, bound)


def _counts(text: str, amount: _Amount, *, bounded: bool, before: str) -> bool:  # noqa: PLR0911 - a decision list
    """Whether a number counts something, and is no year, name, label or pronoun."""
    numeral = amount.numeral
    if numeral.sort in ("open", "share", "vague"):
        return not (numeral.sort == "open" and amount.unit is None and text[numeral.start : numeral.end].lower().startswith(("tens", "scores")))
    if re.search(r"(?:\bminus |[−-])$", before):
        return False
    if numeral.sort == "words":
        if text[numeral.start].isupper() and not _STARTS.search(text[max(0, numeral.start - 4) : numeral.start]):
            return False
        if amount.unit is None:
            return numeral.scale > 1 or (bounded and numeral.value > 1) or (re.match(r" more\b", text[amount.end :]) is not None and numeral.value > 1)
        if numeral.value == 1 and amount.unit == "points" and before.lower().endswith("at "):
            return False
        small = numeral.value <= _SMALL and numeral.scale == 1 and not bounded
        return not (small and _DEFINITE.search(before)) and not (numeral.value == 1 and amount.unit in TIMES and text[numeral.end :].startswith(" day"))
    if not (amount.sure or numeral.grouped or numeral.scale > 1) and (_named(text, amount) or (_year(amount) and not (bounded and amount.unit))):
        return False
    if amount.unit is None:
        return numeral.grouped or numeral.scale > 1 or bounded
    return True


def _year(amount: _Amount) -> bool:
    numeral = amount.numeral
    if numeral.sort != "digits" or numeral.grouped or numeral.scale > 1 or amount.sure:
        return False
    return _SURE_YEAR <= numeral.value < _LAST_YEAR and numeral.value == numeral.value.to_integral_value()


def _named(text: str, amount: _Amount) -> bool:
    """Whether a figure is a part of a name: `Boeing 737`, `page 12`, `the FTSE 100`; what a state is given is none: `lent Tunis 12 aircraft`."""
    before = text[max(0, amount.start - 40) : amount.start]
    label = re.search(r"\b([A-Za-z]+)\.? $", before)
    if label and label[1].lower() in _LABELS:
        return True
    name = _NAMED_BEFORE.search(before)
    if name is None or _STARTS.search(before[: name.start()] or (" " if amount.start > len(before) else "")):
        return False
    return lookup(name["word"]) is None
