"""`onrecord agreement`: how far coders agree, with each other and with the machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli.ledgers import Debug, Form, Format, LedgerName, opened
from onrecord.cli.printing import as_json, console, grid, put
from onrecord.positions.shifts import LEAST

if TYPE_CHECKING:
    from onrecord.desk.agreeing import Answers
    from onrecord.positions.comparing import Answer, Comparison

__all__ = ["agreement"]

_DRAWS = 2000
#: Columns of a terminal that leave room for all cells side by side.
_ROOMY = 110


def agreement(
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE]", help="CSV or JSON lines of codings, instead of those of the ledger.", show_default=False),
    ] = None,
    *,
    issue: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only this issue. May be given more than once.", show_default=False)] = None,
    coder: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this coder. May be given more than once.", show_default=False)] = None,
    order: Annotated[
        str | None, typer.Option(metavar="A,B,C", help="The values of FILE from one end of their scale to the other, for alpha ordinal.", show_default=False)
    ] = None,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="Machine positions with a lower score are taken for none.")] = LEAST,
    draws: Annotated[int, typer.Option(min=0, help="Draws of the bootstrap for the intervals; 0 for none.")] = _DRAWS,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Measure how far coders agree, beyond chance: issue by issue, each two of them, and each against the machine.

    Krippendorff's alpha of stances, nominal and on the scale oppose, neutral, conditional, support, and of acts; Cohen's kappa; alpha for unitising of
    conditions. 1 is agreement without exception, 0 what chance would give. The interval is that of 95%.

    FILE has a row for each unit and coder: unit, coder, value, and if you like issue, act, and start and end for spans, with length.

    \b
    Examples:
      onrecord agreement --issue ceasefire-30d
      onrecord agreement codings.csv --order no,partly,yes

    Exit codes: 0 done, 2 there is nothing to compare, or the file or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    from onrecord.desk.agreeing import answers_in_file, answers_of

    if file is not None:
        found = answers_in_file(file)
        kept = [a for a in found.answers if (not issue or a.issue in issue) and (not coder or a.coder in coder)]
        _put(kept, found, order, draws, form)
        return
    with opened(ledger, debug=debug) as desk:
        found = answers_of(desk.ledger, issues=issue or (), coders=coder or (), least=min_score)
        _put(found.answers, found, order, draws, form)


def _put(answers: Sequence[Answer], found: Answers, order: str | None, draws: int, form: Form) -> None:
    from onrecord.desk.agreeing import MACHINE
    from onrecord.errors import UsageError
    from onrecord.positions.comparing import compared

    scale = [v.strip() for v in order.split(",")] if order else None
    rows = compared(answers, machine=MACHINE if found.machines else None, order=scale, draws=draws)
    if not rows:
        raise UsageError(
            "there are not two coders to compare", hint="onrecord code ISSUE --coder NAME --blind --as-coded-by OTHER codes the same statements again"
        )
    if form is Form.JSON:
        put(as_json({"figures": [r.to_json() for r in rows], "machines": list(found.machines), "notes": list(found.notes)}))
        return
    to = console()
    several = len({r.issue for r in rows}) > 1
    numbers = ("value", "units")
    if to.width >= _ROOMY:
        table = grid(
            ("issue", "coders", "what", "measure", "value", "95%", "units", "note"), [_wide(r, several=several) for r in rows], right=("value", "units")
        )
    else:
        table = grid(("issue, coders", "what", "value", "95%", "units"), [_narrow(r, several=several) for r in rows], right=numbers)
    put(table, *([f"machine: {', '.join(found.machines)}"] if found.machines else []), *(f"note: {n}" for n in found.notes), to=to)


def _wide(row: Comparison, *, several: bool) -> tuple[str, ...]:
    figure = row.agreement
    issue = row.issue or ("all issues" if several else "")
    return issue, ", ".join(row.coders), row.what, figure.measure, _rounded(figure.value), _interval(row), f"{figure.units:,}", figure.why or ""


def _narrow(row: Comparison, *, several: bool) -> tuple[str, ...]:
    figure = row.agreement
    issue = row.issue or ("all issues" if several else "")
    value = _rounded(figure.value)
    whose = "; ".join(x for x in (issue, ", ".join(row.coders)) if x)
    return whose, f"{row.what}, {figure.measure}{f' ({figure.why})' if figure.why else ''}", value, _interval(row), f"{figure.units:,}"


def _rounded(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _interval(row: Comparison) -> str:
    low, high = row.agreement.low, row.agreement.high
    return "" if low is None or high is None else f"{low:.2f} to {high:.2f}"
