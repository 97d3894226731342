"""Figures and dates that were found: rows for people, and rows for machines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from onrecord.cli.found import STATEMENT_COLUMNS, highlighted, speaker_of, statement_row
from onrecord.cli.printing import grid, one_line

if TYPE_CHECKING:
    from onrecord.ledger import Due, Figure
    from onrecord.ledger.words import Terms
    from onrecord.positions import Quantity

__all__ = ["DUE_COLUMNS", "FIGURE_COLUMNS", "due_row", "due_table", "figure_row", "figures_table", "in_words"]

#: Columns of `onrecord quantities --format csv`, in their order.
FIGURE_COLUMNS = ("low", "high", "unit", "bound", "figure", *STATEMENT_COLUMNS)
#: Those of `onrecord due --format csv`.
DUE_COLUMNS = ("due", "relation", "edtf", "horizon", "act", "outcome", "outcome_by", "outcome_on", "outcome_note", *STATEMENT_COLUMNS)

#: Columns of a terminal that leave room for ids beside the words.
_ROOMY = 120
_SIGNS = {"about": "about ", "at least": "at least ", "at most": "at most "}


def in_words(quantity: Quantity) -> str:
    """A quantity in a cell: `at least 4,500,000,000 GBP`, `30 to 40 ships`."""
    if quantity.low is not None and quantity.high is not None and quantity.low != quantity.high:
        value = f"{_number(quantity.low)} to {_number(quantity.high)}"
    else:
        value = f"{_SIGNS.get(quantity.bound, '')}{_number(quantity.value)}"
    return value + (f" {one_line(quantity.unit)}" if quantity.unit else "")


def _number(value: Decimal) -> str:
    return f"{value:,f}"


def figures_table(found: Iterable[Figure], terms: Terms | None, to: Console) -> Table:
    """Figures, one a row: when, how much, who, where, and the words.

    Args:
        found: The figures.
        terms: What was looked for, to be marked.
        to: Where they are printed; on a narrow terminal cells share columns.
    """
    if to.width >= _ROOMY:
        rows: list[Sequence[str | Text]] = [
            (f.hit.where.day, in_words(f.quantity), speaker_of(f.hit), f.hit.where.outlet or "", highlighted(f.hit.content, terms), f.hit.id) for f in found
        ]
        return grid(("day", "figure", "speaker", "outlet", "words", "id"), rows)
    narrow = [
        (
            f"{f.hit.where.day}\n{in_words(f.quantity)}",
            _who(speaker_of(f.hit), f.hit.where.outlet),
            highlighted(f.hit.content, terms).append(f"\n{f.hit.id}", "dim"),
        )
        for f in found
    ]
    return grid(("day, figure", "who, where", "words"), narrow)


def due_table(found: Iterable[Due], terms: Terms | None, to: Console) -> Table:
    """Dates that have come, one a row: when, what was said, who, when they said it, and what became of it.

    Args:
        found: The dates.
        terms: What was looked for, to be marked.
        to: Where they are printed; on a narrow terminal cells share columns.
    """
    if to.width >= _ROOMY:
        rows: list[Sequence[str | Text]] = [
            (_day(d), one_line(d.horizon.span.exact), _said(d), speaker_of(d.hit), _outcome(d), highlighted(d.hit.content, terms), d.hit.id) for d in found
        ]
        return grid(("due", "horizon", "said on", "speaker", "outcome", "words", "id"), rows)
    narrow = [
        (
            "\n".join(x for x in (_day(d), one_line(d.horizon.span.exact), _outcome(d)) if x),
            _who(speaker_of(d.hit), _said(d)),
            highlighted(d.hit.content, terms).append(f"\n{d.hit.id}", "dim"),
        )
        for d in found
    ]
    return grid(("due, horizon", "who, said on", "words"), narrow)


def _who(speaker: str, below: str | None) -> Text:
    return Text(one_line(speaker)).append(f"\n{one_line(below or '')}", "dim")


def _day(due: Due) -> str:
    return due.horizon.due.isoformat() if due.horizon.due else "(no date)"


def _said(due: Due) -> str:
    return due.hit.entry.said_on or due.hit.where.day


def _outcome(due: Due) -> str:
    return f"{due.outcome.ending} ({one_line(due.outcome.by)})" if due.outcome else ""


def figure_row(found: Figure) -> list[str | None]:
    """Cells of `FIGURE_COLUMNS`."""
    q = found.quantity
    low, high = (None if n is None else f"{n:f}" for n in (q.low, q.high))
    return [low, high, q.unit, str(q.bound), q.span.exact, *statement_row(found.hit)]


def due_row(found: Due) -> list[str | None]:
    """Cells of `DUE_COLUMNS`."""
    h, o, act = found.horizon, found.outcome, found.hit.entry.act
    ended = [str(o.ending), o.by, o.on.isoformat(), o.note] if o else [None] * 4
    return [h.due.isoformat() if h.due else None, str(h.relation), h.edtf, h.span.exact, str(act.act) if act else None, *ended, *statement_row(found.hit)]
