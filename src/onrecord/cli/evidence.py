"""Positions with what shows them: rows for people and for machines; shifts and splits, which are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from onrecord.cli.found import highlighted, speaker_of
from onrecord.cli.matrix_table import CELL_COLUMNS, cell_row, notes_of, who_cells
from onrecord.cli.printing import grid, one_line
from onrecord.cli.stances import worded

if TYPE_CHECKING:
    from onrecord.ledger.standing import Cell, Evidence, Moved, Split

__all__ = [
    "EVIDENCE_COLUMNS",
    "SHIFT_COLUMNS",
    "SPLIT_COLUMNS",
    "coded_by",
    "evidence_row",
    "evidence_table",
    "positions_table",
    "shift_row",
    "shifts_table",
    "split_rows",
    "split_table",
]

#: Columns of `onrecord positions --evidence --format csv`, in their order.
EVIDENCE_COLUMNS = (
    "key", "issue", "day", "who", "who_id", "type", "country", "organization", "stance", "score", "by_hand", "disputed", "reported", "reported_by",
    "chain", "words", "condition", "act", "coder", "coded_by", "outlet", "title", "url", "statement", "revision",
)  # fmt: skip
#: Those of `onrecord shifts --format csv`.
SHIFT_COLUMNS = (
    "on", "issue", "who", "who_id", "type", "country", "organization", "from", "to", "days_before", "days_after",
    *(f"{when}_{what}" for when in ("before", "after") for what in ("day", "score", "by_hand", "words", "outlet", "url", "statement")),
)  # fmt: skip
#: Those of `onrecord split --format csv`: a cell for each member, and the words of its last statement.
SPLIT_COLUMNS = (*CELL_COLUMNS[1:], "words", "outlet", "url", "statement")

#: Columns of a terminal that leave room for ids beside the words.
_ROOMY = 120


def evidence_table(found: Iterable[Evidence], to: Console) -> Table:
    """Positions, one a row: when, who, through whom, what they said, on what condition, and who coded it.

    Args:
        found: The positions.
        to: Where they are printed; on a narrow terminal cells share columns.
    """
    if to.width >= _ROOMY:
        rows: list[Sequence[str | Text]] = [
            (str(e.day), e.issue, _joined(_stance(e), _coded(e)), _who(e), one_line(e.where.outlet or ""), _words(e), _statement(e)) for e in found
        ]
        return grid(("day", "issue", "stance", "who", "outlet", "words", "id"), rows)
    rows = [(_when(e), _joined(_who(e), _outlet(e)), _joined(_words(e), _coded(e), _id(e))) for e in found]
    return grid(("day, stance", "who, where", "words"), rows)


def _joined(*parts: Text) -> Text:
    return Text("\n").join(p for p in parts if p)


def _when(evidence: Evidence) -> Text:
    return _joined(Text(str(evidence.day)), _stance(evidence), Text(one_line(evidence.issue), "dim"))


def _stance(evidence: Evidence) -> Text:
    out = worded(evidence.stance, none="disputed" if evidence.disputed else "none")
    return out.append(" by hand" if evidence.by_hand else f" {evidence.score:.2f}") if evidence.stance is not None else out


def _coded(evidence: Evidence) -> Text:
    return Text(one_line(coded_by(evidence)), "dim")


def coded_by(evidence: Evidence) -> str:
    """Who says so: the machine's part, or the people; if they differ, or the machine does, what each says."""
    machine = evidence.machine
    said = f"{machine.coder}: {machine.stance} {machine.score:.2f}" if machine else ""
    if not evidence.codings:
        return machine.coder if machine else ""
    last = {c.by: c for c in evidence.codings}
    each = [f"{by}: {'unsure' if c.unsure else c.stance or 'none'}" for by, c in last.items()]
    return f"by hand, {'; '.join([*each, *([said] if said else [])])}"


def _who(evidence: Evidence) -> Text:
    """Who holds it, whom they speak for, and the road it came."""
    who = evidence.who
    about = ", ".join(dict.fromkeys(one_line(x) for x in (who.organization, who.country) if x and x != who.name))
    return _joined(Text(one_line(who.name), "bold"), Text(about), *(Text(one_line(x)) for x in _road(evidence)))


def _road(evidence: Evidence) -> list[str]:
    reported_by = _reported_by(evidence)
    chain = _chain(evidence)
    return ([f"at one remove: reported by {reported_by}"] if reported_by else []) + ([f"through {', '.join(chain)}"] if chain else [])


def _reported_by(evidence: Evidence) -> str | None:
    return speaker_of(evidence.hit) if evidence.reported and evidence.hit else None


def _chain(evidence: Evidence) -> list[str]:
    return [i.name for i in evidence.hit.entry.voice.chain] if evidence.hit else []


def _outlet(evidence: Evidence) -> Text:
    return Text(one_line(evidence.where.outlet or ""), "dim")


def _words(evidence: Evidence) -> Text:
    out = highlighted(evidence.words, None)
    condition = _condition(evidence)
    if condition:
        out.append("\ncondition: ", "bold").append(one_line(condition))
    if evidence.hit is None:
        out.append("\nshown without words", "dim")
    return out


def _condition(evidence: Evidence) -> str:
    return " … ".join(s.exact for s in evidence.condition)


def _statement(evidence: Evidence) -> str:
    return evidence.hit.id if evidence.hit else evidence.codings[-1].id if evidence.codings else ""


def _id(evidence: Evidence) -> Text:
    return Text(_statement(evidence), "dim")


def evidence_row(evidence: Evidence) -> list[str | None]:
    """Cells of `EVIDENCE_COLUMNS`. Those who carried the words, and the parts of a condition, are joined by ` > ` and ` … `."""
    act = evidence.hit.entry.act if evidence.hit else None
    people = "; ".join(dict.fromkeys(c.by for c in evidence.codings))
    where = evidence.where
    return [
        str(evidence.key), evidence.issue, evidence.day.isoformat(), *who_cells(evidence.who), str(evidence.stance) if evidence.stance else None,
        f"{evidence.score:.4f}", *(str(b).lower() for b in (evidence.by_hand, evidence.disputed, evidence.reported)), _reported_by(evidence),
        " > ".join(_chain(evidence)), evidence.words, _condition(evidence), str(act.act) if act else None, evidence.machine.coder if evidence.machine else None,
        people, where.outlet, where.title, where.url or where.source, evidence.hit.id if evidence.hit else None, where.revision,
    ]  # fmt: skip


def positions_table(found: Iterable[Evidence]) -> Table:
    """Positions of one statement: on what, whose, which stance, on what condition, and who coded it."""
    rows: list[Sequence[str | Text]] = []
    for e in found:
        whose = f"{e.who.name}, at one remove" if e.reported else e.who.name
        rows.append((e.issue, whose, worded(e.stance, none="disputed" if e.disputed else "none"), f"{e.score:.2f}", _condition(e), coded_by(e)))
    return grid(("issue", "whose", "stance", "score", "condition", "coded"), rows, right=("score",))


# Shifts -----------------------------------------------------------------------------------------------------------------------------


def shifts_table(moved: Iterable[Moved]) -> Table:
    """Shifts, one a row: when, who, on what, from what to what, and the two statements that show it."""
    rows: list[Sequence[str | Text]] = []
    for m in moved:
        change = worded(m.before.stance).append(" to ").append_text(worded(m.after.stance))
        steady = Text(f"held {_days(m.days_before)}, then {_days(m.days_after)}", "dim")
        who = _joined(Text(one_line(m.who.name), "bold"), Text(one_line(m.issue), "dim"), change, steady)
        rows.append((m.after.day.isoformat(), who, _joined(_shown("before", m.before), _shown("after", m.after))))
    return grid(("day", "who, issue, change", "by which statements"), rows)


def _days(count: int) -> str:
    return f"{count:,} day{'' if count == 1 else 's'}"


def _shown(when: str, evidence: Evidence) -> Text:
    said = ", ".join(x for x in (evidence.day.isoformat(), one_line(evidence.where.outlet or ""), _statement(evidence)) if x)
    hand = ", by hand" if evidence.by_hand else f", {evidence.score:.2f}"
    return _joined(Text(f"{when}: {said}{hand}", "dim"), _words(evidence))


def shift_row(moved: Moved) -> list[str | None]:
    """Cells of `SHIFT_COLUMNS`."""
    sides = []
    for e in (moved.before, moved.after):
        sides += [e.day.isoformat(), f"{e.score:.4f}", str(e.by_hand).lower(), e.words, e.where.outlet, e.where.url or e.where.source, _statement(e)]
    return [
        moved.after.day.isoformat(), moved.issue, *who_cells(moved.who), str(moved.before.stance), str(moved.after.stance), str(moved.days_before),
        str(moved.days_after), *sides,
    ]  # fmt: skip


# Splits -----------------------------------------------------------------------------------------------------------------------------


def split_table(split: Split) -> Table:
    """The members of a camp that differ on an issue: where each stands, and the last statement of it."""
    rows = [(_member(cell), _held(cell), _last(evidence)) for cell, evidence in zip(split.members, split.evidence, strict=True)]
    return grid(("member", "stance", "last words"), rows)


def _member(cell: Cell) -> Text:
    about = ", ".join(dict.fromkeys(one_line(x) for x in (cell.who.organization, cell.who.country) if x and x != cell.who.name))
    return _joined(Text(one_line(cell.who.name), "bold"), Text(about, "dim"))


def _held(cell: Cell) -> Text:
    out = worded(cell.stance).append(f" {cell.statements:,}")
    last = Text(cell.last.isoformat() if cell.last else "")
    return _joined(out, last, *([Text(f"from {cell.before}")] if cell.trend else []), *(Text(n) for n in notes_of(cell)))


def _last(evidence: Evidence | None) -> Text:
    if evidence is None:
        return Text("(statements of the last day contradict each other)", "dim")
    said = ", ".join(x for x in (evidence.day.isoformat(), one_line(evidence.where.outlet or ""), _statement(evidence)) if x)
    return _joined(_words(evidence), Text(said, "dim"))


def split_rows(split: Split) -> Iterator[list[str | None]]:
    """Cells of `SPLIT_COLUMNS`, a row for each member."""
    for cell, e in zip(split.members, split.evidence, strict=True):
        shown = [e.words, e.where.outlet, e.where.url or e.where.source, _statement(e)] if e else [None] * 4
        yield [*cell_row(0, cell)[1:], *shown]
