"""What coders said, made comparable: the codings of a ledger, or of a file, as answers of which agreement can be measured."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from onrecord.errors import UsageError
from onrecord.ledger import Hit, Ledger
from onrecord.ledger.coding import Coding
from onrecord.ledger.standing import Evidence
from onrecord.ledger.words import tokens
from onrecord.positions import Position
from onrecord.positions.comparing import NONE, Answer, Mark
from onrecord.positions.shifts import LEAST
from onrecord.text import Span

__all__ = ["MACHINE", "Answers", "Differing", "answers_in_file", "answers_of", "differing"]

#: What the machine is called among the coders.
MACHINE = "machine"

#: The columns of a file.
_COLUMNS = ("unit", "coder", "value", "issue", "act", "start", "end", "length")


@dataclass(frozen=True, slots=True)
class Answers:
    """What coders said."""

    answers: tuple[Answer, ...]
    #: Names and versions of the machines among them.
    machines: tuple[str, ...] = ()
    #: What is to be known before the figures are believed, a sentence each.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Differing:
    """A statement on which people differ."""

    #: What each says, the oldest first; unsure ones, too.
    codings: tuple[Coding, ...]

    @property
    def last(self) -> Coding:
        """The newest of them."""
        return self.codings[-1]

    def to_json(self) -> dict[str, Any]:
        """What was coded, and how."""
        told = {"issue": self.last.issue, "statement": self.last.statement, "article": self.last.article, "holder": self.last.holder, "words": self.last.words}
        return told | {"codings": [c.to_json() for c in self.codings]}


# A ledger ---------------------------------------------------------------------------------------------------------------------------


def answers_of(ledger: Ledger, *, issues: Iterable[str] = (), coders: Iterable[str] = (), least: float = LEAST) -> Answers:
    """What people coded of the statements of a ledger, and what the machine says of the same ones.

    Args:
        ledger: Where the codings are.
        issues: Ids of issues; none: all.
        coders: Who; none: everybody.
        least: Machine positions with a lower score are taken for none.
    """
    every = _chosen(ledger, issues, coders)
    out: list[Answer] = []
    machines: dict[str, None] = {}
    by_issue: dict[str, list[list[Coding]]] = defaultdict(list)
    for unit in _units(every):
        by_issue[unit[0].issue].append(unit)
    for issue, units in by_issue.items():
        seen = []
        shown = ledger.evidence_of_each((unit[-1].statement or "" for unit in units), issue)
        for unit in units:
            machine, hit = _machine(ledger, unit[-1], shown)
            seen.append((unit, machine, hit))
            out += [_answer(c, unit[0], hit) for c in unit]
            machines |= {machine.coder: None} if machine else {}
        # A machine that was never asked of the issue says nothing, not that there is none.
        if any(machine for _, machine, _ in seen):
            out += [_of_machine(machine, unit[0], hit, issue, least) for unit, machine, hit in seen]
    return Answers(tuple(out), tuple(machines), tuple(_notes(every, machines)))


def differing(ledger: Ledger, *, issues: Iterable[str] = (), coders: Iterable[str] = ()) -> list[Differing]:
    """Statements of which two people say another stance, or one a stance and the other that it takes none; the last coded first.

    Args:
        ledger: Where the codings are.
        issues: Ids of issues; none: all.
        coders: Who; none: everybody.
    """
    units = [sorted(unit, key=lambda c: c.on) for unit in _units(_chosen(ledger, issues, coders))]
    apart = [Differing(tuple(unit)) for unit in units if len({c.stance for c in unit if not c.unsure}) > 1]
    return sorted(apart, key=lambda d: d.last.on, reverse=True)


def _chosen(ledger: Ledger, issues: Iterable[str], coders: Iterable[str]) -> list[Coding]:
    chosen, wanted = frozenset(coders), frozenset(issues)
    return [c for c in ledger.codings() if c.statement is not None and (not wanted or c.issue in wanted) and (not chosen or c.by in chosen)]


def _units(every: Iterable[Coding]) -> Iterator[list[Coding]]:
    """Codings of one statement by several coders; one that was read again has another id, and the same words."""
    alike: dict[tuple[Any, ...], list[Coding]] = defaultdict(list)
    for coding in every:
        alike[coding.article, coding.issue, coding.holder, tuple(tokens(coding.words))].append(coding)
    for of in alike.values():
        if len({c.by for c in of}) == len(of):
            yield of
            continue
        by_id: dict[str | None, list[Coding]] = defaultdict(list)
        for coding in of:
            by_id[coding.statement].append(coding)
        yield from by_id.values()


def _machine(ledger: Ledger, coding: Coding, shown: Mapping[str, Sequence[Evidence]]) -> tuple[Position | None, Hit | None]:
    found = [e for e in shown.get(coding.statement or "", ()) if e.hit is None or e.hit.where.article == coding.article]
    for evidence in found:
        if evidence.machine is not None and _holder(evidence.machine) == coding.holder:
            return evidence.machine, evidence.hit
    same = next((e.hit for e in found if e.hit), None)
    return None, same or next((h for h in ledger.statement(coding.statement or "") if h.where.article == coding.article), None)


def _holder(position: Position) -> str | None:
    return (position.holder.id or position.holder.name) if position.holder else None


def _name(coding: Coding) -> tuple[str, str | None, str | None]:
    return coding.article, coding.statement, coding.holder


def _answer(coding: Coding, first: Coding, hit: Hit | None) -> Answer:
    value = None if coding.unsure else str(coding.stance or NONE)
    content = hit.entry.statement.content if hit and hit.where.revision == coding.revision else ()
    act = str(coding.act) if coding.act else None
    marks, length = _marks(coding.condition, content), 0 if coding.unsure else _length(content)
    return Answer(_name(first), coding.by, value, coding.issue, act, marks, length)


def _of_machine(position: Position | None, first: Coding, hit: Hit | None, issue: str, least: float) -> Answer:
    taken = position if position is not None and position.score >= least else None
    content = hit.entry.statement.content if hit else ()
    act = hit.entry.act.act if hit and hit.entry.act else None
    marks = _marks(taken.condition, content) if taken else ()
    return Answer(_name(first), MACHINE, str(taken.stance) if taken else NONE, issue, str(act) if act else None, marks, _length(content))


def _length(content: Sequence[Span]) -> int:
    return sum(s.end - s.start for s in content)


def _marks(condition: Iterable[Span], content: Sequence[Span]) -> tuple[Mark, ...]:
    """Where a condition stands in what was said, its parts laid end to end."""
    found: list[Mark] = []
    at = 0
    for part in content:
        for span in sorted(condition):
            start, end = max(span.start, part.start), min(span.end, part.end)
            start = max(start, part.start + (found[-1].end - at if found else 0))
            if start < end:
                found.append(Mark(at + start - part.start, at + end - part.start))
        at += part.end - part.start
    return tuple(found)


def _notes(every: Sequence[Coding], machines: Iterable[str]) -> Iterator[str]:
    seen = sum(not c.blind for c in every)
    if seen:
        yield f"{seen:,} of {len(every):,} codings were not blind: who sees what the machine and others say agrees more with them"
    unsure = sum(c.unsure for c in every)
    if unsure:
        yield f"{unsure:,} unsure; they are left out"
    refitted = [m for m in machines if "refit" in m]
    if refitted:
        yield f"{', '.join(refitted)} learned from codings: where they are these very ones, it agrees with them more than with others"


# A file -----------------------------------------------------------------------------------------------------------------------------


def answers_in_file(path: str | Path) -> Answers:
    """What coders said, out of CSV or JSON lines with `unit`, `coder`, `value`, and optionally `issue`, `act`, `start`, `end`, `length`.

    A row with `start` and `end` is a span in the unit's text, and `value` its category. A row without them is the unit's own value; an empty value says that
    the coder looked and gave none. `length` is that of the unit's text; without it, the text ends where its last span does.

    Args:
        path: The file; `.csv` or JSON lines.

    Raises:
        UsageError: It cannot be read, or a row is wrong; the message says which.
    """
    rows = list(_rows(Path(path)))
    if not rows:
        raise UsageError("no codings in it", item=str(path), hint="a row for each unit and coder: unit, coder, value")
    for n, row in rows:
        _look_at(row, f"{path}, row {n}")
    numbers = all(_number(row["value"]) is not None for _, row in rows if row["value"] and not row["start"])
    lengths: dict[tuple[Any, ...], int] = defaultdict(int)
    for _, row in rows:
        unit = row["issue"], row["unit"]
        lengths[unit] = max(lengths[unit], int(row["length"] or 0), int(row["end"] or 0))
    found: dict[tuple[Any, ...], Answer] = {}
    for n, row in rows:
        key = row["issue"], row["unit"], row["coder"]
        before = found.get(key, Answer(row["unit"], row["coder"], None, row["issue"] or None, length=lengths[row["issue"], row["unit"]]))
        if row["start"]:
            mark = Mark(int(row["start"]), int(row["end"]), row["value"] or "span")
            found[key] = replace(before, marks=(*before.marks, mark))
            continue
        if before.value is not None and row["value"]:
            raise UsageError(f"{row['coder']} says two things of one unit", item=f"{path}, row {n}", hint="keep the one that counts")
        value = _number(row["value"]) if numbers and row["value"] else row["value"] or None
        found[key] = replace(before, value=value, act=row["act"] or before.act)
    return Answers(tuple(found.values()))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot be read: {getattr(error, 'strerror', None) or error}", item=str(path), hint="give CSV or JSON lines in UTF-8") from error
    if path.suffix.lower() == ".csv":
        for n, row in enumerate(csv.DictReader(text.splitlines()), 2):
            yield n, _row(row, f"{path}, row {n}")
        return
    for n, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                value = json.loads(line)
            except ValueError as error:
                raise UsageError("this is no JSON", item=f"{path}, row {n}", hint="an object a line; a table ends in .csv") from error
            yield n, _row(value, f"{path}, row {n}")


def _row(row: object, where: str) -> dict[str, str]:
    if not isinstance(row, Mapping) or None in row:
        raise UsageError("a row has columns", item=where, hint=f"columns are {', '.join(_COLUMNS)}")
    unknown = [str(k) for k in row if k not in _COLUMNS]
    if unknown:
        raise UsageError(f"unknown columns: {', '.join(unknown)}", item=where, hint=f"columns are {', '.join(_COLUMNS)}")
    return {k: "" if row.get(k) is None else str(row[k]).strip() for k in _COLUMNS}


def _look_at(row: Mapping[str, str], where: str) -> None:
    if not row["unit"] or not row["coder"]:
        raise UsageError("a row says unit and coder", item=where, hint="and value, if the coder gave one")
    places = [row[k] for k in ("start", "end", "length")]
    if any(p and not p.isdecimal() for p in places) or bool(row["start"]) != bool(row["end"]) or (row["start"] and int(row["start"]) >= int(row["end"])):
        raise UsageError("start, end and length are whole numbers, and start is before end", item=where)


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
