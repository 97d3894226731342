"""How well quantities and horizons are read, on marked sentences (`tests/positions/figures-*.txt`).

A line is a sentence. `[£4.5 billion = 4500000000 GBP]` marks a quantity: `~` before the value for about, `>=`, `<=`, `4..5` for a range, `2/3` for a share;
the rest is the unit. `{before 2027 = not before 2027}` marks a horizon: relation, and EDTF or `?`. `@ 2026-03-12 US` says of the lines below when the
article came out, and the outlet's country. `#` begins a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path

from onrecord.errors import UsageError
from onrecord.positions.figures import find_figures
from onrecord.positions.horizons import Horizon, Relation
from onrecord.positions.money import dollar_of
from onrecord.positions.quantities import Bound, Quantity
from onrecord.scoring.counts import PRF, Interval, bootstrap
from onrecord.text import Span, stable_id

__all__ = ["FIGURES", "FigureScore", "GoldSentence", "Judged", "read_figures", "score_figures"]

#: Measures. `quantity`: spans overlap, and value, bound and unit are right; `horizon`: likewise relation and date. `-exact`: and the span.
FIGURES = ("quantity", "quantity-exact", "horizon", "horizon-exact")

_MARK = re.compile(r"\[(?P<words>[^\]=]+) = (?P<value>[^\]]+)\]|\{(?P<date>[^}=]+) = (?P<when>[^}]+)\}")
_VALUE = re.compile(r"(?P<bound>~|>=|<=)?(?P<low>\d[\d.]*?)(?:\.\.(?P<high>\d[\d.]*)|/(?P<under>\d+))?(?: (?P<unit>.+))?")
_BOUNDS = {"~": Bound.ABOUT, ">=": Bound.AT_LEAST, "<=": Bound.AT_MOST}
_PLACES = 6
_Figure = Quantity | Horizon


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """A sentence with its quantities and horizons."""

    #: Number of its line.
    line: int
    text: str
    published: datetime
    country: str | None
    quantities: tuple[Quantity, ...]
    horizons: tuple[Horizon, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, what was found in it, and what was not right."""

    gold: GoldSentence
    counts: dict[str, PRF]
    #: A line each, for people.
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureScore:
    """The score of a set of sentences."""

    sentences: tuple[Judged, ...]

    def total(self, measure: str) -> PRF:
        """Counts of all sentences together."""
        return sum((j.counts[measure] for j in self.sentences), PRF())

    def interval(self, measure: str) -> Interval:
        """The 95% interval of F1; sentences are drawn."""
        return bootstrap([j.counts[measure] for j in self.sentences])

    @property
    def digest(self) -> str:
        """Hash of the gold."""
        return stable_id("g1", *sorted(_digest(j.gold) for j in self.sentences)).removeprefix("g1:")


def read_figures(path: Path) -> tuple[GoldSentence, ...]:
    """Read marked sentences.

    Raises:
        UsageError: No such file, or a mark is damaged; says the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the sentences cannot be read: {error}", item=str(path), hint="tests/positions/figures-dev.txt, say") from None
    found: list[GoldSentence] = []
    published: datetime | None = None
    country: str | None = None
    for number, line in enumerate(lines, 1):
        try:
            if line.startswith("@"):
                day, _, country_of = line[1:].strip().partition(" ")
                published, country = datetime.combine(date.fromisoformat(day), time(12)), country_of or None
            elif line.strip() and not line.startswith("#"):
                if published is None:
                    raise ValueError("no date stands before it")  # noqa: TRY301 - told with its line below
                found.append(_sentence(number, line.strip(), published, country))
        except (ValueError, InvalidOperation) as error:
            raise UsageError(f"line {number}: {error}", item=str(path), hint="see docs/design/quantities.md for the marks") from None
    if not found:
        raise UsageError("there are no sentences in it", item=str(path))
    return tuple(found)


def _sentence(number: int, line: str, published: datetime, country: str | None) -> GoldSentence:
    text, at = "", 0
    quantities: list[Quantity] = []
    horizons: list[Horizon] = []
    for m in _MARK.finditer(line):
        text += line[at : m.start()]
        words = m["words"] or m["date"]
        span = Span(len(text), len(text) + len(words), words)
        text += words
        at = m.end()
        if m["words"]:
            quantities.append(_quantity(span, m["value"]))
        else:
            relation, _, when = m["when"].rpartition(" ")
            horizons.append(Horizon(span, None if when == "?" else when, Relation(relation)))
    text += line[at:]
    if re.search(r"[\[\]{}]", text):
        raise ValueError("a mark is not closed, or holds no ' = '")
    return GoldSentence(number, text, published, country, tuple(quantities), tuple(horizons))


def _quantity(span: Span, value: str) -> Quantity:
    m = _VALUE.fullmatch(value)
    if m is None:
        raise ValueError(f"no value: {value!r}")
    low = Decimal(m["low"])
    if m["under"]:
        low = round(low / Decimal(m["under"]), _PLACES)
    if m["high"]:
        return Quantity(span, low, Decimal(m["high"]), m["unit"], Bound.BETWEEN)
    bound = _BOUNDS.get(m["bound"], Bound.EXACT)
    return Quantity(span, None if bound is Bound.AT_MOST else low, None if bound is Bound.AT_LEAST else low, m["unit"], bound)


def score_figures(sentences: Iterable[GoldSentence]) -> FigureScore:
    """Read each sentence as if it were what somebody said, and compare."""
    return FigureScore(tuple(map(_judged, sentences)))


def _judged(gold: GoldSentence) -> Judged:
    whole = [Span.of(gold.text, 0, len(gold.text))]
    quantities, horizons = find_figures(gold.text, whole, published=gold.published, dollar=dollar_of(gold.text, gold.country))
    counts = {
        "quantity": _count(gold.quantities, quantities, exact=False),
        "quantity-exact": _count(gold.quantities, quantities, exact=True),
        "horizon": _count(gold.horizons, horizons, exact=False),
        "horizon-exact": _count(gold.horizons, horizons, exact=True),
    }
    wanted: list[_Figure] = [*gold.quantities, *gold.horizons]
    found: list[_Figure] = [*quantities, *horizons]
    wrong = [f"missed  {_said(g)}" for g in wanted if not any(_same(g, f, exact=True) for f in found)]
    wrong += [f"found   {_said(f)}" for f in found if not any(_same(g, f, exact=True) for g in wanted)]
    return Judged(gold, counts, tuple(wrong))


def _count(gold: Sequence[_Figure], found: Sequence[_Figure], *, exact: bool) -> PRF:
    left, matched = list(found), 0
    for one in gold:
        # Spans of one sort do not overlap with each other, so the first that fits is the only one.
        fits = next((f for f in left if _same(one, f, exact=exact)), None)
        if fits is not None:
            left.remove(fits)
            matched += 1
    return PRF(len(gold), len(found), matched)


def _same(one: _Figure, other: _Figure, *, exact: bool) -> bool:
    near = one.span == other.span if exact else one.span.start < other.span.end and other.span.start < one.span.end
    return near and _meaning(one) == _meaning(other)


def _meaning(one: _Figure) -> tuple[object, ...]:
    return (one.edtf, one.relation) if isinstance(one, Horizon) else (one.low, one.high, one.unit, one.bound)


def _said(one: _Figure) -> str:
    if isinstance(one, Horizon):
        return f"{one.span.exact!r}: {one.relation} {one.edtf or '?'}"
    return f"{one.span.exact!r}: {one.bound} {one.low} {one.high} {one.unit}"


def _digest(gold: GoldSentence) -> str:
    every: list[_Figure] = [*gold.quantities, *gold.horizons]
    marks = sorted(f"{o.span.start}-{o.span.end} {' '.join(map(str, _meaning(o)))}" for o in every)
    return stable_id("t1", gold.text, gold.published.isoformat(), gold.country or "", *marks)
