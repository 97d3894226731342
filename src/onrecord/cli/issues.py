"""`onrecord issue`: the agenda of a ledger, the issues that actors take positions on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from onrecord.cli.ledgers import By, Debug, Engine, Form, Format, LedgerName, opened
from onrecord.cli.printing import as_json, facts, grid, one_line, put, stream
from onrecord.cli.read import say_plainly
from onrecord.cli.stances import tally
from onrecord.cli.standing_options import Output
from onrecord.cli.tallying import number, progress

if TYPE_CHECKING:
    from onrecord.desk import Desk
    from onrecord.desk.standing import Examining
    from onrecord.ledger.agenda import IssueVersion
    from onrecord.positions import Stance

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Say which issues are followed: proposals and questions that actors take positions on.",
)

_Id = Annotated[str, typer.Argument(metavar="ID", help="Short name: a-z, 0-9, '.', '_', '-', such as ceasefire-30d.", show_default=False)]
_Issue = Annotated[str, typer.Argument(metavar="ISSUE", help="Its id or label, as `onrecord issue list` shows them.", show_default=False)]
_Aliases = Annotated[list[str] | None, typer.Option("--alias", metavar="WORDS", help="Other words for it. May be given more than once.", show_default=False)]
_Pro = Annotated[str | None, typer.Option("--for", metavar="WORDS", help="What being for it means.", show_default=False)]
_Contra = Annotated[str | None, typer.Option("--against", metavar="WORDS", help="What being against it means.", show_default=False)]
_Note = Annotated[str | None, typer.Option("--note", help="Why; kept with this version.", show_default=False)]


@app.callback()
def issue() -> None:
    """Say which issues are followed: proposals and questions that actors take positions on."""


@app.command("add", no_args_is_help=True)
def add(
    name: _Id,
    label: Annotated[str, typer.Argument(metavar="LABEL", help="What it is, in a few words.", show_default=False)],
    *,
    alias: _Aliases = None,
    pro: _Pro = None,
    contra: _Contra = None,
    by: By = None,
    note: _Note = None,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Follow an issue. One of the same id that says something else gets another version; nothing is overwritten.

    The ledger is made if it is not there. Articles that are added from now on are examined for the issue; `onrecord issue read` examines those before.

    \b
    Examples:
      onrecord issue add ceasefire-30d "30-day ceasefire" --alias truce --for "accepting the proposal" --against "refusing a pause in fighting"

    Exit codes: 0 done, 2 the id or the label cannot be, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, create=True, debug=debug) as desk:
        known = desk.agenda(retired=True).get(name) is not None
        changed = desk.add_issue(name, label, aliases=alias or (), pro=pro, contra=contra, by=by, note=note)
        _put_version(desk, name, "as it was" if not changed else "another version" if known else "new", form, fill=changed)


@app.command("edit", no_args_is_help=True)
def edit(
    name: _Issue,
    *,
    label: Annotated[str | None, typer.Option("--label", metavar="WORDS", help="What it is.", show_default=False)] = None,
    alias: _Aliases = None,
    pro: _Pro = None,
    contra: _Contra = None,
    by: By = None,
    note: _Note = None,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Say an issue in other words: another version of it, which is examined anew. What is not named stays as it is.

    Aliases take the place of those before. Empty words take something away: --against "", --alias "".

    \b
    Examples:
      onrecord issue edit ceasefire-30d --alias truce --alias "pause in fighting" --note "as the papers call it"

    Exit codes: 0 done, 2 there is no such issue, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    changes: dict[str, Any] = {} if label is None else {"label": label}
    changes |= {} if alias is None else {"aliases": tuple(dict.fromkeys(a for a in alias if a.strip()))}
    changes |= {} if pro is None else {"pro": pro.strip() or None}
    changes |= {} if contra is None else {"contra": contra.strip() or None}
    with opened(ledger, debug=debug) as desk:
        changed = desk.edit_issue(name, by=by, note=note, **changes)
        _put_version(desk, name, "another version" if changed else "as it was", form, fill=changed)


def _put_version(desk: Desk, name: str, became: str, form: Form, *, fill: bool) -> None:
    version = desk.issue(name)[-1]
    if form is Form.JSON:
        put(as_json({**version.to_json(), "changed": fill}))
        return
    put(f"{version.issue.id}: {became}, version {version.number}")
    if fill and desk.ledger.status().counts["readings"]:
        put(f"`onrecord issue read {version.issue.id}` looks for positions on it in what the ledger holds; then `onrecord positions` shows them")


@app.command("retire", no_args_is_help=True)
def retire(
    name: _Issue,
    *,
    by: By = None,
    note: _Note = None,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Follow an issue no more. Its positions and codings stay; `onrecord issue add` takes it up again.

    \b
    Examples:
      onrecord issue retire ceasefire-30d --note "superseded by ceasefire-60d"

    Exit codes: 0 done, 2 it is not followed, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        _put_version(desk, desk.retire_issue(name, by=by, note=note), "followed no more", form, fill=False)


@app.command("list")
def list_(
    *,
    retired: Annotated[bool, typer.Option("--retired", help="Also those that are followed no more.")] = False,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """List the issues that are followed, with their positions by stance.

    \b
    Examples:
      onrecord issue list
      onrecord issue list --retired --format json

    Exit codes: 0 done, 2 the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        agenda, followed = desk.agenda(retired=retired), {i.id for i in desk.agenda()}
        counts = _counts(desk, [i.id for i in agenda])
        if form is Form.JSON:
            rows = [{**i.to_json(), "retired": i.id not in followed, "positions": _named(counts[i.id])} for i in agenda]
            put(as_json({"issues": rows}))
        elif not len(agenda):
            put("no issue is followed; `onrecord issue add` or `onrecord issue import` adds one")
        else:
            cells = [(i.id, i.label + ("" if i.id in followed else " (retired)"), "; ".join(i.aliases), tally(counts[i.id])) for i in agenda]
            put(grid(("id", "label", "also", "positions"), cells))


@app.command("show", no_args_is_help=True)
def show(
    name: _Issue,
    *,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Show an issue: what it says, its positions by stance, all its versions and who made them.

    \b
    Examples:
      onrecord issue show ceasefire-30d

    Exit codes: 0 done, 2 there is no such issue, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        versions = desk.issue(name)
        now = versions[-1].issue
        counts = _counts(desk, [now.id])[now.id]
        if form is Form.JSON:
            put(as_json({**now.to_json(), "retired": versions[-1].retired, "positions": _named(counts), "versions": [v.to_json() for v in versions]}))
            return
        put(one_line(now.label))
        state = "followed no more" if versions[-1].retired else None
        told = [("id", now.id), ("also", "; ".join(now.aliases)), ("for", now.pro), ("against", now.contra), ("state", state)]
        put(*facts([*told, ("positions", ", ".join(f"{n:,} {s}" for s, n in counts.items() if n) or "none")]), "")
        put(grid(("version", "by", "on", "what it said", "note"), [_version(v) for v in versions]))


def _version(version: IssueVersion) -> tuple[str | Text, ...]:
    said = "retired" if version.retired else version.issue.text
    return str(version.number), version.by, version.on.isoformat()[:16], said, version.note or ""


def _counts(desk: Desk, issues: list[str]) -> dict[str, dict[Stance, int]]:
    """Positions that count, by issue and stance."""
    from onrecord.positions import Stance

    out = {i: dict.fromkeys(Stance, 0) for i in issues}
    for cell in desk.matrix(issue=issues).cells if issues else ():
        for stance, n in cell.counts.items():
            out[cell.issue][stance] += n
    return out


def _named(counts: dict[Stance, int]) -> dict[str, int]:
    return {str(s): n for s, n in counts.items()}


# Files ------------------------------------------------------------------------------------------------------------------------------


@app.command("import", no_args_is_help=True)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An agenda as YAML; - for standard input.", show_default=False, allow_dash=True)],
    *,
    by: By = None,
    note: _Note = None,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Follow all issues of a file: `issues:` with `id`, `label`, and optionally `aliases`, `for`, `against`.

    The ledger is made if it is not there. Issues that the file does not name stay as they are; those that say something else get another version.

    \b
    Examples:
      onrecord issue import agenda.yaml

    Exit codes: 0 done, 2 the file cannot be read (nothing of it is followed), or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    from onrecord.desk import agenda_named
    from onrecord.positions import Agenda

    agenda = Agenda.from_yaml(typer.get_text_stream("stdin").read(), source="standard input") if str(file) == "-" else agenda_named(str(file))
    with opened(ledger, create=True, debug=debug) as desk:
        new, changed = desk.add_agenda(agenda, by=by, note=note)
        if form is Form.JSON:
            put(as_json({"new": new, "changed": changed}))
            return
        put(f"{new:,} new, {changed:,} changed, {len(agenda) - new - changed:,} as they were")
        if (new or changed) and desk.ledger.status().counts["readings"]:
            put("`onrecord issue read` looks for positions on them in what the ledger holds; then `onrecord positions` shows them")


@app.command("export")
def export(
    *,
    retired: Annotated[bool, typer.Option("--retired", help="Also those that are followed no more.")] = False,
    output: Output = None,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Write the agenda as YAML, as `onrecord issue import` and `onrecord read --agenda` read it.

    \b
    Examples:
      onrecord issue export --output agenda.yaml

    Exit codes: 0 done, 2 the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        stream([desk.agenda(retired=retired).to_yaml()], output)


# Reading ----------------------------------------------------------------------------------------------------------------------------


@app.command("read")
def read(
    names: Annotated[list[str] | None, typer.Argument(metavar="[ISSUE...]", help="Ids or labels. Default: all that are followed.", show_default=False)] = None,
    *,
    engine: Engine = "auto",
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Look for positions on issues in what the ledger holds already. What was examined before is not examined again.

    It may be stopped, and goes on from there when it is started again.

    \b
    Examples:
      onrecord issue read ceasefire-30d
      onrecord issue read

    Exit codes: 0 done, 2 there is no such issue, or the ledger is wrong, 130 interrupted.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    from onrecord.desk import Settings
    from onrecord.desk.standing import issue_named

    said = "stopped; what was found stays, and the same command goes on from there"
    with opened(ledger, debug=debug, settings=Settings(engine=engine), interrupted=said) as desk:
        agenda = desk.agenda()
        issues = [issue_named(agenda, n).id for n in names] if names else [i.id for i in agenda]
        done, positions = _watched(desk.examine(issues)) if issues else (0, 0)
        if form is Form.JSON:
            put(as_json({"issues": issues, "readings": done, "positions": positions}))
        elif not issues:
            put("no issue is followed; `onrecord issue add` or `onrecord issue import` adds one")
        else:
            put(f"{number(done, 'reading')} examined, {number(positions, 'position')} found; `onrecord positions` shows them")


def _watched(examining: Iterator[Examining]) -> tuple[int, int]:
    """Show how far it is; gives how many readings were examined, and how many positions found."""
    done = positions = 0
    try:
        with progress("examining", total=0) as shown:
            task = shown.add_task("examining", total=None)
            for at in examining:
                done, positions = at.done, at.positions
                shown.update(task, completed=at.done, total=at.total)
    except KeyboardInterrupt:
        say_plainly(f"so far: {number(done, 'reading')} examined, {number(positions, 'position')} found")
        raise
    return done, positions
