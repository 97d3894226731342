"""Who agrees with whom on what: every figure of agreement that a set of codings gives, by issue and by coders."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from onrecord.errors import UsageError
from onrecord.positions.agreement import Agreement, Codings, Level, alpha, kappa
from onrecord.positions.unitising import Section, alpha_unitised

__all__ = ["NONE", "SCALE", "Answer", "Comparison", "Mark", "compared"]

#: What a coder says who finds that a statement takes no position on the issue.
NONE = "none"
#: Stances from one end to the other. Who would accept under a condition stands nearer to support than who takes no side.
SCALE = ("oppose", "neutral", "conditional", "support")

_PAIR = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a coder sees a span, in a text of some length; half-open."""

    start: int
    end: int
    category: str = "condition"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one coder says of one unit."""

    #: Name of the unit: the same for all coders.
    unit: Hashable
    coder: str
    #: None: not coded, or unsure.
    value: str | float | None
    #: None where there are no issues.
    issue: str | None = None
    #: None: not coded.
    act: str | None = None
    #: Spans in the unit's own text.
    marks: tuple[Mark, ...] = ()
    #: Characters of the unit's text; 0 if the coder did not look for spans in it.
    length: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure, and whose it is."""

    #: None: all issues together.
    issue: str | None
    #: Two coders, or more.
    coders: tuple[str, ...]
    #: What is compared: `stance`, `on the issue`, `act`, `condition`, `value`, `span`.
    what: str
    agreement: Agreement

    def to_json(self) -> dict[str, Any]:
        """As `onrecord agreement --format json` shows it."""
        return {"issue": self.issue, "what": self.what, **self.agreement.to_json(), "coders": list(self.coders)}


def compared(
    answers: Iterable[Answer], *, machine: str | None = None, order: Sequence[str] | None = None, draws: int = 2000, seed: int = 0
) -> list[Comparison]:
    """Every figure: issue by issue and then all together; all people together, each two of them, and each against the machine.

    Args:
        answers: What was said, at most once by a coder of a unit and issue.
        machine: Which coder is the machine. It is never one of the people taken together.
        order: The values of an ordinal scale from one end to the other; None for that of stances, where all values are stances.
        draws: Of the intervals; 0 for none.
        seed: Of the intervals.

    Raises:
        UsageError: A coder says two things of a unit, or a value is not in the order.
    """
    rows = list(answers)
    _check(rows)
    issues: list[str | None] = [*dict.fromkeys(a.issue for a in rows)]
    groups = [*issues, None] if len(issues) > 1 else issues
    values = {a.value for a in rows} - {None}
    of_stances = order is None and bool(values) and values <= {NONE, *SCALE}
    out = []
    for n, issue in enumerate(groups):
        own = rows if n >= len(issues) else [a for a in rows if a.issue == issue]
        for coders in _circles(own, machine):
            within = [a for a in own if a.coder in coders]
            figures = _stances(within, draws, seed) if of_stances else _values(within, order, draws, seed)
            out += [Comparison(issue, coders, what, figure) for what, figure in [*figures, *_acts(within, draws, seed), *_marks(within, of_stances=of_stances)]]
    return out


def _check(rows: Sequence[Answer]) -> None:
    seen = set()
    for a in rows:
        if (a.coder, a.issue, a.unit) in seen:
            raise UsageError(f"{a.coder} says two things of one unit", item=str(a.unit)[:80], hint="keep the one that counts")
        seen.add((a.coder, a.issue, a.unit))


def _circles(rows: Sequence[Answer], machine: str | None) -> list[tuple[str, ...]]:
    """All people, each two of them, and each with the machine."""
    people = sorted({a.coder for a in rows} - {machine})
    pairs = list(combinations(people, 2))
    with_machine = [(p, machine) for p in people] if machine is not None and any(a.coder == machine for a in rows) else []
    return [*([tuple(people)] if len(people) > _PAIR else []), *pairs, *with_machine]


def _stances(rows: Sequence[Answer], draws: int, seed: int) -> list[tuple[str, Agreement]]:
    """Whether a statement is on the issue; the stance, with none as one of them; and the scale, among those that both find on the issue."""
    every = _by_coder(rows)
    on = {c: {u: v != NONE for u, v in of.items()} for c, of in every.items()}
    sides = {c: {u: v for u, v in of.items() if v != NONE} for c, of in every.items()}
    figures = [("stance", alpha(every, draws=draws, seed=seed)), *_kappa("stance", every, draws, seed)]
    figures.append(("stance", alpha(sides, Level.ORDINAL, order=SCALE, draws=draws, seed=seed)))
    return [*figures, ("on the issue", alpha(on, draws=draws, seed=seed))]


def _values(rows: Sequence[Answer], order: Sequence[str] | None, draws: int, seed: int) -> list[tuple[str, Agreement]]:
    every = _by_coder(rows)
    if not any(every.values()):
        return []
    figures = [("value", alpha(every, draws=draws, seed=seed)), *_kappa("value", every, draws, seed)]
    if order is not None:
        return [*figures, ("value", alpha(every, Level.ORDINAL, order=order, draws=draws, seed=seed))]
    if all(isinstance(v, float) for of in every.values() for v in of.values()):
        figures += [("value", alpha(every, level, draws=draws, seed=seed)) for level in (Level.ORDINAL, Level.INTERVAL)]
    return figures


def _acts(rows: Sequence[Answer], draws: int, seed: int) -> list[tuple[str, Agreement]]:
    acts: dict[str, dict[Hashable, Hashable]] = {}
    for a in rows:
        if a.act is not None:
            acts.setdefault(a.coder, {})[a.issue, a.unit] = a.act
    return [("act", alpha(acts, draws=draws, seed=seed)), *_kappa("act", acts, draws, seed)] if len(acts) > 1 else []


def _marks(rows: Sequence[Answer], *, of_stances: bool) -> list[tuple[str, Agreement]]:
    """Where spans begin and end: over the units that all of them coded, and at least one marked; their texts laid end to end."""
    units: dict[Hashable, list[Answer]] = {}
    for a in rows:
        if a.length > 0:
            units.setdefault((a.issue, a.unit), []).append(a)
    coders = {a.coder for a in rows}
    sections: dict[str, list[Section]] = {c: [] for c in coders}
    at = 0
    for given in units.values():
        if {a.coder for a in given} == coders and any(a.marks for a in given):
            for a in given:
                sections[a.coder] += [Section(at + m.start, at + m.end, m.category) for m in a.marks]
            at += max(a.length for a in given)
    return [("condition" if of_stances else "span", alpha_unitised(sections, at))] if at else []


def _by_coder(rows: Sequence[Answer]) -> Codings:
    every: dict[str, dict[Hashable, Hashable]] = {}
    for a in rows:
        if a.value is not None:
            every.setdefault(a.coder, {})[a.issue, a.unit] = a.value
    return every


def _kappa(what: str, every: Mapping[str, Mapping[Hashable, Hashable]], draws: int, seed: int) -> list[tuple[str, Agreement]]:
    return [(what, kappa(*every.values(), draws=draws, seed=seed))] if len(every) == _PAIR else []
