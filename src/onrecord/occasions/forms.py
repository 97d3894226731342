"""What English time expressions look like: one pattern per form, and where they stand in a text.

Finding is ours and cheap; what a form's words mean as a date is asked of a library (`expressions.py`). Names of weekdays and months
must have their capital, since `march` and `may` are words.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Spotted", "spot"]

_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_FULL = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = rf"(?:(?:{_FULL})|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[:.,]\d)"
_YEAR = r"(?:1[5-9]\d\d|20\d\d)(?![\d%]|[:.,]\d)"
_PART = r"(?:early |late |mid-?)?(?:morning|afternoon|evening|night|lunchtime|midday|noon|midnight)"
_UNIT = r"(?:minute|hour|day|week|month|year|decade|night|morning|afternoon|evening|weekend)"
_COUNT = (
    r"(?i:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|\d{1,3}"
    r"|a few|several|a couple of|some|many|(?:a )?(?:dozen|hundred))"
)
_MODIFIER = r"(?:(?:[Ee]arlier|[Ll]ater) (?:on |in )?|(?:[Ee]arly|[Ll]ate) (?:on |in )?|[Mm]id[- ])"
_VAGUE = r"(?P<vague>[Aa]bout|[Aa]round|[Rr]oughly|[Nn]early|[Aa]lmost|[Ss]ome|[Mm]ore than|[Oo]ver|[Jj]ust over|[Ll]ess than)"
_WHICH = r"(?P<which>[Ll]ast|[Tt]his|[Nn]ext|[Tt]his past|[Tt]his coming|[Pp]ast)"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_DATE = rf"(?:{_MONTH} {_DAY}|(?:the )?{_DAY} (?:of )?{_MONTH})(?:,? {_YEAR})?"
_BEFORE = r"\b(?:[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Dd]uring|[Oo]f|[Ff]rom|[Tt]hrough(?:out)?|[Bb]ack in|[Bb]efore|[Aa]fter|[Ee]nd of) "

#: Order is precedence: the longest reading of the same words comes first. `e` is the expression where words before it only vouch for it.
_FORMS: tuple[tuple[str, str], ...] = (
    ("iso", r"\b\d{4}-\d\d-\d\d\b"),
    ("unknown", rf"\b(?:[Tt]he|[Tt]hat|[Aa]|[Oo]n the) (?:very |same |previous |next |following |preceding |intervening ){_UNIT}s?\b"),
    ("unknown", rf"\b(?:[Tt]he )?(?:previous|following|same) (?:{_WEEKDAY}|{_MONTH})"),
    ("unknown", rf"\b[Tt]hat (?:{_UNIT}|{_WEEKDAY}|{_SEASON})\b"),
    ("ago", rf"\b(?:{_VAGUE} )?(?P<count>{_COUNT}) (?P<unit>{_UNIT})s? ago\b"),
    ("two_days", r"\b[Tt]he day (?:before yesterday|after tomorrow)\b"),
    ("relative", rf"\b(?:[Tt]he )?(?:{_COUNT} )?{_UNIT}s? (?:before|after|following|prior to)(?: the| an?)? (?P<anchor>{_WEEKDAY})(?P<owned>['’]s \w+)?"),
    ("unknown", rf"\b(?:[Tt]he |{_COUNT} )?{_UNIT}s? (?:before|after|following|prior to|later|earlier|previously|beforehand|afterwards?)\b"),
    ("unknown", r"\b(?:[Ee]arlier|[Ll]ater) (?:in the|that|the same) day\b|\b[Aa]t the time\b|\b(?:[Mm]ost )?[Rr]ecently\b"),
    ("days", rf"\b(?P<m1>{_MONTH}) (?P<d1>{_DAY})(?: ?[-–—] ?| to | through | and )(?P<d2>{_DAY})(?! {_MONTH})(?:,? (?P<y>{_YEAR}))?"),
    ("days", rf"(?<![-–—/.\d])(?P<d1>{_DAY})(?: ?[-–—] ?| to | and )(?P<d2>{_DAY}) (?P<m1>{_MONTH})(?:,? (?P<y>{_YEAR}))?"),
    ("from_to", rf"\b(?P<first>{_DATE})(?: ?[-–—] ?| to | through | until )(?P<last>{_DATE})"),
    ("year_of", rf"\b(?:{_WEEKDAY},? (?:on )?)?(?P<date>(?:{_MONTH} {_DAY}|(?:the )?{_DAY} (?:of )?{_MONTH}))(?: of|,)? (?P<which>last|this|next) year\b"),
    ("date", rf"(?<![-–—/.,\d])\b(?:{_WEEKDAY},? (?:on )?)?(?P<date>{_DATE})"),
    ("month", rf"\b(?P<mod>{_MODIFIER})?(?P<month>{_MONTH})(?: of|,)? (?P<y>{_YEAR})"),
    ("year_of", rf"\b(?P<mod>{_MODIFIER})?(?P<month>{_MONTH}|(?:the )?{_SEASON})(?: of|,)? (?P<which>last|this|next) year\b"),
    ("month", rf"\b(?P<mod>{_MODIFIER})?(?:(?P<which>[Ll]ast|[Tt]his|[Nn]ext|[Tt]his past) )(?P<month>{_MONTH})\b(?! \d)"),
    ("month", rf"(?:{_BEFORE}(?:the )?)(?P<e>(?P<mod>{_MODIFIER})?(?P<month>{_MONTH}))\b(?! \d|(?: of|,)? (?:last|this|next) year)"),
    ("month", rf"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir) (?P<e>(?P<month>(?!May\b){_MONTH})) (?=[a-z])"),
    ("month", rf"\b(?P<e>(?P<mod>{_MODIFIER})(?:(?P<which>last|this) )?(?P<month>{_MONTH}))\b(?! \d)"),
    ("weekday", rf"\b(?P<mod>{_MODIFIER})?(?:{_WHICH} )?(?P<weekday>{_WEEKDAY})\b(?: {_PART}\b)?(?: (?:of )?(?P<week>last|this|next) week\b)?"),
    ("today", rf"\b(?:{_MODIFIER})?(?P<today>[Tt]oday|[Tt]onight|[Yy]esterday|[Tt]omorrow)\b(?! \w+['’]s)(?: {_PART}\b)?"),
    ("night", rf"\b(?:{_MODIFIER})?(?P<which>[Ll]ast|[Tt]his) (?P<part>{_PART})\b"),
    ("overnight", r"\b[Oo]vernight\b"),
    ("period", rf"\b(?P<mod>{_MODIFIER})?(?P<which>[Ll]ast|[Tt]his|[Nn]ext|[Tt]his past|[Tt]his coming) (?P<unit>week|weekend|month|quarter|year|{_SEASON})\b"),
    ("period", r"\b(?P<mod>[Ee]arlier in|[Ll]ater in|[Ee]arly in|[Ll]ate in) (?P<which>the) (?P<unit>week|month|year)\b"),
    ("period", r"\b(?:[Aa]t|[Oo]ver|[Oo]n|[Dd]uring) (?P<e>(?P<which>the) (?P<unit>weekend))\b"),
    ("season", rf"\b(?:the )?(?P<mod>{_MODIFIER})?(?:the )?(?P<season>{_SEASON}) (?:of )?(?P<y>{_YEAR})"),
    ("quarter", rf"\b(?:the )?(?P<quarter>first|second|third|fourth)[- ]quarter(?:(?: of)? (?:(?P<y>{_YEAR})|(?P<which>last|this|next) year\b))?"),
    ("decade", r"\b(?:the )?(?P<mod>[Ee]arly |[Ll]ate |[Mm]id-? ?)?(?P<decade>1[5-9]\d|20\d)0['’]?s\b"),
    ("century", r"\b(?:the )?(?P<century>1[5-9]|20|21)(?:th|st)[- ][Cc]entury\b"),
    ("year", rf"\b(?P<e>(?:[Aa]round|[Aa]bout|[Cc]irca|c\.) (?P<about>{_YEAR}))"),
    ("year", rf"\b(?P<e>(?:the year|{_MODIFIER}) ?(?P<y>{_YEAR}))"),
    ("year", rf"(?:{_BEFORE})(?P<e>(?P<y>{_YEAR}))(?!['’]s| \w+s\b(?<! was)(?<! has))"),
)  # fmt: skip


def _numbered(index: int, pattern: str) -> str:
    """Give a form's groups names of their own, so that all forms can be one pattern."""
    return re.sub(r"\(\?P<(\w+)>", lambda m: f"(?P<{m[1]}_{index}>", pattern)


_ANY = re.compile("|".join(f"(?P<form_{i}>{_numbered(i, pattern)})" for i, (_, pattern) in enumerate(_FORMS)))
#: One of these words is in every expression.
_HINT = re.compile(
    r"day|week|month|year|night|morning|afternoon|evening|minute|hour|decade|century|spring|summer|autumn|fall|winter|noon|recently|lunch|quarter|\btime\b|today|omorrow"
    r"|[12]\d\d\d|\d0['’]?s\b|Jan|Feb|Mar|Apr|May|June|July|Aug|Sep|Oct|Nov|Dec"
)
#: Every expression begins with one of these, not far before its first such word; nowhere else is the long pattern tried.
_START = re.compile(
    rf"(?<!\w)(?:\d|{_WEEKDAY}|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|{_SEASON}"
    rf"|(?i:the|that|an?|on|at|in|since|by|until|during|of|from|through|throughout|back|before|after|end|over|about|around|roughly|nearly|almost|some|more|just|less"
    rf"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|several|many|dozen"
    rf"|hundred|{_UNIT}s?|earlier|later|early|late|mid|last|this|next|past|his|her|its|their|most|recently|today|tonight|yesterday|tomorrow|overnight|circa|c|first|second|third|fourth)\b)"
)
_REACH = 40


@dataclass(frozen=True, slots=True)
class Spotted:
    """A place in a text that looks like a time expression, and the parts of its form."""

    #: Offset of the first character.
    start: int
    #: Offset past the last.
    end: int
    #: Name of the form; `unknown` for one that needs another date to mean anything (`that day`, `a week later`).
    form: str
    #: The form's parts by name, only those that are there.
    parts: tuple[tuple[str, str], ...]

    def part(self, name: str) -> str:
        """The words of a part, or none."""
        return dict(self.parts).get(name, "")


def spot(text: str, start: int = 0, end: int | None = None) -> Iterator[Spotted]:
    """Find what looks like a time expression between two offsets, in order and without overlap."""
    end = len(text) if end is None else min(end, len(text))
    start = max(start, 0)
    if start >= end:
        return
    hints = [m.start() for m in _HINT.finditer(text, start, end)]
    position = start
    for begun in _START.finditer(text, start, end) if hints else ():
        at = begun.start()
        if at < position or not _near(hints, at):
            continue
        m = _ANY.match(text, at, end)
        if m is None:
            continue
        position = m.end()
        # The group that closes last is the form's own.
        index = int((m.lastgroup or "form_0").removeprefix("form_"))
        form, suffix = _FORMS[index][0], f"_{index}"
        parts = tuple((k.removesuffix(suffix), v) for k, v in m.groupdict().items() if v and k.endswith(suffix) and not k.startswith("form"))
        inner = f"e{suffix}"
        a, b = m.span(inner) if inner in m.groupdict() and m[inner] else m.span()
        yield Spotted(a, b, form, parts)


def _near(hints: list[int], at: int) -> bool:
    """Whether a telling word stands at an offset or shortly after."""
    index = bisect.bisect_left(hints, at)
    return index < len(hints) and hints[index] <= at + _REACH
