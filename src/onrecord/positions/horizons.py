"""The dates that statements look to: `before 2027`, `within 100 days`, `by the end of the year`, `until 30 June`, `not before May`.

A horizon says by when, until when or from when something is to be so. Dates in it are read as `onrecord.occasions` reads them, counted from the
day that the words were spoken, else from the article's own. What hangs on another event (`before the election`) is kept with its words and without a
date. A length of time (`a 30-day ceasefire`) is a quantity and no horizon; a date that has passed when it is spoken of is none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from onrecord.occasions import edtf
from onrecord.occasions.expressions import TimeExpression, resolve
from onrecord.occasions.forms import spot
from onrecord.positions.calendar import coming_season, feast, later, period
from onrecord.positions.horizon_words import (
    BARE_YEAR,
    BROKEN,
    CLAUSE_EVENT,
    EDGE,
    EVENT,
    FAR,
    FEAST,
    FIRM,
    FUTURE,
    MID_YEAR,
    NEAR,
    NEGATION,
    ONE_SPELL,
    PAST,
    PREPOSITION,
    REACH,
    RELATIONS,
    SAYS_WHICH,
    SEASON,
    SOON,
    SPELL,
    SUPERLATIVE,
    TARGET,
    THE_PERIOD,
    VAGUE,
    VAGUE_SPELL,
    WAS,
    Relation,
)
from onrecord.positions.numerals import Numeral, find_numerals
from onrecord.text import Span

__all__ = ["Horizon", "Relation", "find_horizons", "looks_ahead"]


@dataclass(frozen=True, slots=True)
class Horizon:
    """A date that a statement looks to.

    Example:
        >>> h = find_horizons("A deal cannot happen before 2027.", published=datetime(2026, 3, 12))[0]
        >>> h.relation.value, h.edtf, h.due
        ('not before', '2027', datetime.date(2026, 12, 31))
    """

    #: Its words, with the preposition.
    span: Span
    #: The date or interval that the words name, as EDTF; None if they hang on another event.
    edtf: str | None
    relation: Relation

    @property
    def due(self) -> date | None:
        """The last day to wait for: on the next one what was said can be checked. None without a date.

        `before` and `not before` a date end on the day before it, `from` a date ends on its first day, all others end with the date's last day.
        """
        if self.edtf is None:
            return None
        first, last = edtf.bounds(self.edtf)
        if self.relation in (Relation.BEFORE, Relation.NOT_BEFORE):
            return first - timedelta(days=1)
        return first if self.relation is Relation.FROM else last

    def to_json(self) -> dict[str, Any]:
        """As in the statement's JSON form."""
        return {"edtf": self.edtf, "relation": str(self.relation), "due": self.due.isoformat() if self.due else None, "span": self.span.to_json()}


def find_horizons(
    text: str, start: int = 0, end: int | None = None, *, said_on: str | None = None, published: datetime | None = None, skip: Sequence[tuple[int, int]] = ()
) -> tuple[Horizon, ...]:
    """Find the dates that the words between two offsets look to.

    Args:
        text: The text.
        start: Offset to begin at.
        end: Offset to stop before; the end of the text if not given.
        said_on: When the words were spoken, EDTF; what dates are counted from.
        published: When the article came out; what they are counted from if the text does not say when.
        skip: Half-open offsets that are something else, such as the date of the speaking.

    Returns:
        In order and without overlap. Without a day to count from, only those that hang on events.
    """
    end = len(text) if end is None else end
    return tuple(_Finder(text, start, end, _anchor(said_on, published)).find(skip))


def looks_ahead(words: str) -> bool:
    """Whether words speak of what will be: the future in them, or a plan, a duty, a hope."""
    return FUTURE.search(words) is not None


def _anchor(said_on: str | None, published: datetime | None) -> date | None:
    """The day to count from: when it was said, the last day of it where that is several, and the article's own if the text does not say."""
    if said_on is not None:
        with suppress(ValueError):
            return edtf.bounds(said_on)[1]
    return published.date() if published else None


#: Words of a clause that may stand before a date that begins it: `The vote on Friday will`.
_BEGINS = 5


class _Finder:
    """The search in one statement."""

    def __init__(self, text: str, start: int, end: int, anchor: date | None) -> None:
        self._text, self._start, self._end, self._anchor = text, start, end, anchor
        self._reference = datetime.combine(anchor, time(12)) if anchor else None

    def find(self, skip: Sequence[tuple[int, int]]) -> Iterator[Horizon]:
        taken = list(skip)
        found: list[Horizon] = []
        for search in (self._spells, self._edges, self._dates, self._others, self._events):
            for horizon in search():
                if not any(a < horizon.span.end and horizon.span.start < b for a, b in taken):
                    taken.append((horizon.span.start, horizon.span.end))
                    found.append(horizon)
        yield from sorted(found, key=lambda h: h.span.start)

    # What stands around ---------------------------------------------------------------------------------------------------------------

    def _clause(self, start: int, end: int) -> tuple[str, str]:
        """The words of the clause before an expression and after it."""
        before, after = self._text[max(self._start, start - REACH) : start], self._text[end : min(self._end, end + REACH)]
        cuts = [m.end() for m in BROKEN.finditer(before)]
        stop = BROKEN.search(after)
        return before[cuts[-1] if cuts else 0 :], after[: stop.start() if stop else None]

    def _ahead(self, start: int, end: int) -> bool:
        """Whether the clause speaks of what will be: by the last verb before the expression, else by those after it."""
        before, after = self._clause(start, end)
        future, past = ([m.start() for m in pattern.finditer(before)] for pattern in (FUTURE, WAS))
        if future:
            return not past or past[-1] < future[-1] or before[future[-1] : past[-1]].startswith(("had", "was", "were"))
        if past and " that " not in before[past[-1] :]:
            # `said on Friday that it would close`
            return False
        # A verb behind a date is the date's own only where the date begins the clause: `on Friday they will vote`.
        return len(before.split()) <= _BEGINS and FUTURE.search(after) is not None

    def _was(self, start: int, end: int) -> bool:
        """Whether the last verb before an expression is one of the past: `it could have stayed so for the next ten years`."""
        before = self._clause(start, end)[0]
        future, past = ([m.start() for m in pattern.finditer(before)] for pattern in (FUTURE, WAS))
        return bool(past) and (not future or past[-1] >= future[-1])

    def _past(self, start: int, end: int) -> bool:
        clause = " | ".join(self._clause(start, end))
        return PAST.search(clause) is not None and FUTURE.search(clause) is None

    def _made(self, start: int, end: int, when: str | None, relation: Relation) -> Horizon | None:
        """A horizon, unless it lies behind; what must not be before a date is `not before` it."""
        if when is not None:
            with suppress(ValueError):
                if self._anchor is None or edtf.bounds(when)[1] < self._anchor:
                    return None
        if relation in (Relation.BEFORE, Relation.UNTIL) and NEGATION.search(self._clause(start, end)[0]):
            relation = Relation.NOT_BEFORE
        horizon = Horizon(Span.of(self._text, start, end), when, relation)
        with suppress(ValueError, OverflowError):
            _ = horizon.due
            return horizon
        return None

    # Lengths of time ------------------------------------------------------------------------------------------------------------------

    def _spells(self) -> Iterator[Horizon]:
        """`within 100 days`, `over the next five years`, `in two weeks' time`."""
        for relation, pattern in SPELL:
            for m in pattern.finditer(self._text, self._start, self._end):
                numeral = self._count(m.start("count"), m.end("count"), strict=m.start() < m.start("count"))
                if numeral is None or (relation is Relation.IN and not self._later(m)):
                    continue
                if re.match(r" (?:of|after|before)\b", self._text[m.end() : m.end() + 8]) or (relation is not Relation.IN and self._was(m.start(), m.end())):
                    continue
                when = self._after(numeral, m["unit"].lower().removesuffix("s"), relation)
                begin = numeral.start if m.start() == m.start("count") else m.start()
                made = self._made(begin, m.end(), when, relation) if when else None
                if made:
                    yield made
        yield from self._lengthless()

    def _lengthless(self) -> Iterator[Horizon]:
        """`over the next year`, and what has no length: `in the coming weeks`."""
        for m in ONE_SPELL.finditer(self._text, self._start, self._end):
            one = Numeral(m.start("unit"), m.end("unit"), Decimal(1), "words")
            when = self._after(one, m["unit"].lower(), Relation.WITHIN)
            made = self._made(m.start(), m.end(), when, Relation.WITHIN) if when and not self._past(m.start(), m.end()) else None
            if made:
                yield made
        for m in VAGUE_SPELL.finditer(self._text, self._start, self._end):
            if re.search(rf"{SOON}|future|matter", m[0], re.IGNORECASE) or re.search("within", m[0], re.IGNORECASE):
                if self._past(m.start(), m.end()) or not self._ahead(m.start(), m.end()):
                    continue
                made = self._made(m.start(), m.end(), None, Relation.WITHIN)
                if made:
                    yield made

    def _later(self, m: re.Match[str]) -> bool:
        """Whether `in three years` means three years from now, and not how long something took."""
        if m.re.groupindex.get("time") is None or m["time"]:
            return True
        before, after = self._clause(m.start(), m.end())
        if FUTURE.search(f"{before} | {after}") is None or re.match(r"[ -](?:of|or|long|old)\b", after):
            return False
        # `the worst storm in 20 years` counts back; `the first train will run in three years` does not.
        best = SUPERLATIVE.search(before)
        return best is None or FUTURE.search(best[0]) is not None

    def _count(self, start: int, end: int, *, strict: bool) -> Numeral | None:
        """The number that words end with; `strict` if nothing else but `about` may stand before it."""
        words = self._text[start:end].lower()
        if words in ("a", "an"):
            return Numeral(start, end, Decimal(1), "words")
        found = next((n for n in find_numerals(self._text, start, end) if n.end == end), None)
        if (
            found is None
            or (strict and not NEAR.fullmatch(self._text[start : found.start]))
            or found.sort not in ("digits", "words")
            or VAGUE & set(words.split())
        ):
            return None
        return found

    def _after(self, numeral: Numeral, unit: str, relation: Relation) -> str | None:
        """The date some time from the anchor: exact to the unit where it is named as a date, to the day where it is where an interval ends."""
        if self._anchor is None:
            return None
        size = float(numeral.value)
        step = {"minute": ("minutes", 1), "hour": ("hours", 1), "day": ("days", 1), "week": ("weeks", 1), "fortnight": ("weeks", 2), "month": ("months", 1)}
        name, times = step.get(unit, ("years", 10 if unit == "decade" else 1))
        with suppress(ValueError, OverflowError):
            amount = size * times
            if not amount.is_integer():
                name, amount = ("months", amount * 12) if name == "years" else ("days", amount * {"weeks": 7, "months": 30}.get(name, 1))
            then = later(self._anchor, name, round(amount))
            if relation is not Relation.IN:
                return f"{self._anchor.isoformat()}/{then.isoformat()}" if then > self._anchor else edtf.day(then)
            return {"weeks": edtf.week, "months": edtf.month, "years": edtf.year}.get(name, edtf.day)(then)
        return None

    # Dates ----------------------------------------------------------------------------------------------------------------------------

    def _preposition(self, at: int) -> tuple[Relation | None, int]:
        """The relation that the words right before an offset make, and where they begin."""
        m = PREPOSITION.search(self._text[max(self._start, at - 60) : at])
        if m is None:
            return None, at
        relation = next(r for n, (r, _) in enumerate(RELATIONS) if m[f"r{n}"])
        begin = at - len(m[0])
        if re.match(r"(?:the |a )?(?:deadline|target)|with a", m[0], re.IGNORECASE):
            # The words that make it a deadline are not a part of the date.
            begin = at
        return relation, begin

    def _dates(self) -> Iterator[Horizon]:
        for spotted in spot(self._text, self._start, self._end):
            relation, begin = self._preposition(spotted.start)
            words = self._text[spotted.start : spotted.end]
            firm = relation in FIRM
            ahead = self._ahead(begin, spotted.end)
            if not ahead and (not firm or self._past(begin, spotted.end)) and not re.match(r"(?:next|this coming|the day after)\b", words, re.IGNORECASE):
                continue
            when = resolve(self._text, spotted, reference=self._reference, looking="ahead") if self._reference else None
            if (
                when is None
                or spotted.form in ("ago", "overnight")
                or words.lower().startswith("earlier")
                or self._timeless(spotted.form, begin, spotted.start)
                or _is_named(self._text, spotted.start, spotted.end)
            ):
                continue
            made = self._dated(when, relation or Relation.IN, begin, spotted.end)
            if made:
                yield made

    def _distant(self, when: TimeExpression) -> bool:
        """Whether a month or a day without a year lies so far ahead that the one that has passed is meant."""
        return self._anchor is not None and edtf.bounds(when.edtf)[0] - self._anchor > FAR and not SAYS_WHICH.search(when.span.exact)

    def _timeless(self, form: str, begin: int, start: int) -> bool:
        """Whether words name no time to wait for: `today`, `a brighter tomorrow`, `a 21st-century economy`."""
        before = self._text[max(self._start, start - 24) : start]
        if begin != start:
            return False
        words = self._text[start : start + 8].lower()
        # What is to be today is not waited for; it can be checked when it is read.
        now = words.startswith(("today", "tonight", "this mor", "this aft", "this eve"))
        return now or form == "century" or (form == "today" and re.search(r"\b(?:a|an|our|your|their|his|her)(?: [\w-]+)? $", before) is not None)

    def _dated(self, when: TimeExpression, relation: Relation, begin: int, end: int) -> Horizon | None:
        anchor = self._anchor
        if anchor is None:
            return None
        first, last = edtf.bounds(when.edtf)
        if relation in (Relation.IN, Relation.AFTER, Relation.FROM, Relation.WITHIN) and last < anchor:
            return None
        if relation is Relation.BEFORE and first < anchor:
            return None
        if self._distant(when):
            return None
        made = self._made(begin, end, when.edtf, relation)
        if made and made.relation is Relation.NOT_BEFORE and first <= anchor < last:
            # `not until later this month`
            return self._made(begin, end, edtf.interval(anchor + timedelta(days=1), last), relation)
        return made

    def _edges(self) -> Iterator[Horizon]:
        """`by the end of March`, `the start of next year`, `in the second half of 2026`, `by year-end`."""
        places = [(s.start, s.end, s) for s in spot(self._text, self._start, self._end)]
        for start, end, spotted in places:
            edge = EDGE.search(self._text[max(self._start, start - 30) : start])
            if edge is None or self._reference is None:
                continue
            when = resolve(self._text, spotted, reference=self._reference, looking="ahead")
            if when is not None and not self._distant(when):
                yield from self._edged(start - len(edge[0]), end, edge, edtf.bounds(when.edtf))
        for m in THE_PERIOD.finditer(self._text, self._start, self._end):
            edge = EDGE.search(self._text[max(self._start, m.start() - 30) : m.start()])
            if self._anchor is None or (edge is None and not m["end"]) or m["unit"] == "day":
                continue
            bounds = period(m["unit"] or m["end"], self._anchor)
            if m["end"]:
                yield from self._bounded(m.start(), m.end(), bounds[1], bounds[1])
            elif edge:
                yield from self._edged(m.start() - len(edge[0]), m.end(), edge, bounds)

    def _edged(self, start: int, end: int, edge: re.Match[str], bounds: tuple[date, date]) -> Iterator[Horizon]:
        first, last = bounds
        if edge["half"]:
            middle = first + (last - first + timedelta(days=1)) / 2
            if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
                middle = date(first.year, 7, 1)
            first, last = (first, middle - timedelta(days=1)) if edge["half"].lower() == "first" else (middle, last)
        elif edge["first"]:
            last = first
        elif edge["last"]:
            first = last
        else:
            years = last.year - first.year + 1
            if years >= 10:  # noqa: PLR2004 - a decade or a century: its middle year
                middle_year = first.year + years // 2
                yield from self._bounded(start, end, date(middle_year, 1, 1), date(middle_year, 12, 31))
                return
        yield from self._bounded(start, end, first, last)

    def _bounded(self, start: int, end: int, first: date, last: date) -> Iterator[Horizon]:
        relation, begin = self._preposition(start)
        if not self._ahead(begin, end) and (relation in (None, Relation.IN) or self._past(begin, end)):
            return
        whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year
        when = edtf.year(first) if whole else edtf.interval(first, last)
        made = self._made(begin, end, when, relation or Relation.IN)
        if made:
            yield made

    def _others(self) -> Iterator[Horizon]:
        """Feasts, and years where only what stands beside them tells that they are years."""
        anchor = self._anchor
        if anchor is None:
            return
        for m in FEAST.finditer(self._text, self._start, self._end):
            relation, begin = self._preposition(m.start())
            if relation is not None and not self._past(begin, m.end()):
                made = self._made(begin, m.end(), edtf.day(feast(m["feast"], anchor)), relation)
                if made:
                    yield made
        for m in SEASON.finditer(self._text, self._start, self._end):
            relation, begin = self._preposition(m.start())
            if relation is not None and self._ahead(begin, m.end()):
                made = self._made(begin, m.end(), coming_season(m["season"], anchor), relation)
                if made:
                    yield made
        yield from self._years()

    def _years(self) -> Iterator[Horizon]:
        for m in MID_YEAR.finditer(self._text, self._start, self._end):
            relation, begin = self._preposition(m.start())
            made = self._made(begin, m.end(), m["y"], relation or Relation.IN) if relation and self._ahead(begin, m.end()) else None
            if made:
                yield made
        for m in TARGET.finditer(self._text, self._start, self._end):
            which = "y1" if m["y1"] else "y2"
            made = self._made(m.start(which), m.end(which), m[which], Relation.BY)
            if made:
                yield made
        for m in BARE_YEAR.finditer(self._text, self._start, self._end):
            relation, begin = self._preposition(m.start("y"))
            made = self._made(begin, m.end(), m["y"], relation) if relation else None
            if made:
                yield made

    # Events ---------------------------------------------------------------------------------------------------------------------------

    def _events(self) -> Iterator[Horizon]:
        """What hangs on something else: its words are kept."""
        for pattern in (EVENT, CLAUSE_EVENT):
            for m in pattern.finditer(self._text, self._start, self._end):
                counted = re.search(r"\b(?:minute|hour|day|week|month|year)s? $", self._text[max(self._start, m.start() - 10) : m.start()])
                if counted or self._past(m.start(), m.end()) or not self._ahead(m.start(), m.end()):
                    continue
                how = m["how"].lower()
                relation = Relation.UNTIL if "til" in how else Relation.BY if how == "by" else Relation.BEFORE
                made = self._made(m.start(), m.start() + len(m[0].rstrip()), None, relation)
                if made:
                    yield made


def _is_named(text: str, start: int, end: int) -> bool:
    """Whether a date names a thing: `the 7 October attack`, `the May Day rally`."""
    del start
    return re.match(r"[ -](?:attacks?|massacre|Agreement|Day\b|Movement|Revolution)", text[end : end + 12]) is not None
