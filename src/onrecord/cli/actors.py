"""`onrecord actors`: who is who, across articles; which are one, by whose judgement."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onrecord.actors.actor import ActorType
from onrecord.actors.judgements import Decision, Identity, Judgement, JudgementFile, Revocation, Ruling
from onrecord.cli.gathering import ACTOR_ID, NAMELESS, People, Person
from onrecord.cli.read import say_plainly
from onrecord.cli.screen import visible
from onrecord.errors import UsageError

__all__ = ["app"]

#: Columns of a table that goes to a file or a pipe.
_WIDE = 160


class Format(StrEnum):
    """How actors are printed."""

    TABLE = "table"
    JSON = "json"


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Who is who, across articles: list actors, show one, merge two that are one, split what is not, undo a judgement.",
)

Statements = Annotated[
    list[str] | None,
    typer.Argument(metavar="STATEMENTS...", help="Files of `onrecord read --format jsonl` (or json), or - for standard input.", show_default=False),
]
RosterFile = Annotated[
    Path | None, typer.Option("--roster", metavar="FILE", envvar="ONRECORD_ROSTER", help="Known actors, as YAML or CSV (*.csv).", show_default=False)
]
JudgementsFile = Annotated[
    Path | None,
    typer.Option("--judgements", metavar="FILE", envvar="ONRECORD_JUDGEMENTS", help="Who is one with whom: lines of JSON, added to only.", show_default=False),
]
Form = Annotated[Format, typer.Option("--format", "-f", help="A table for people, or JSON.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides. Default: your login.", show_default=False)]
Note = Annotated[str | None, typer.Option("--note", help="Why; kept with the judgement.", show_default=False)]


@app.command("list")
def list_actors(statements: Statements = None, *, roster: RosterFile = None, judgements: JudgementsFile = None, form: Form = Format.TABLE) -> None:
    """List actors: those of a roster, those that speak in statements, or both.

    Speakers are looked up in the roster; merged actors are one line. Speakers without a name are counted, not listed.

    \b
    Examples:
      onrecord actors list --roster examples/roster.yaml
      onrecord read articles/ --format jsonl | onrecord actors list -
      onrecord actors list read/*.jsonl --roster people.yaml --judgements judgements.jsonl

    Exit codes: 0 done, 1 some files could not be read, 2 the command line, the roster or the judgements are wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    people = People.gather(statements, roster, judgements)
    named = [p for p in people.actors() if p.type not in NAMELESS]
    nameless = [p for p in people.actors() if p.type in NAMELESS]
    if form is Format.JSON:
        _print(json.dumps({"actors": [p.to_json() for p in named], "nameless": _counts(nameless)}, indent=2, ensure_ascii=False))
    else:
        _show_table(named, nameless)
    people.leave()


@app.command("show")
def show(
    actor: Annotated[str, typer.Argument(metavar="ACTOR", help="A name, in any spelling, or an id.")],
    statements: Statements = None,
    *,
    roster: RosterFile = None,
    judgements: JudgementsFile = None,
    form: Form = Format.TABLE,
) -> None:
    """Show one actor: names, offices, statements, judgements, and others with a name like it.

    \b
    Examples:
      onrecord actors show "Ludmila Sorev" --roster examples/roster.yaml
      onrecord actors show Sorev read/*.jsonl --judgements judgements.jsonl --format json
    """  # noqa: D301
    people = People.gather(statements, roster, judgements)
    found = people.find(actor)
    known = [_judged(j, standing=people.identity.stands(j.id)) for j in people.decisions if isinstance(j, Judgement) and {j.left, j.right} & set(found.ids)]
    alike = people.alike(found)
    if form is Format.JSON:
        rows = [{"id": p.id, "name": p.name, "verdict": v, "reason": r} for p, v, r in alike]
        _print(json.dumps({**found.to_json(), "judgements": known, "alike": rows}, indent=2, ensure_ascii=False))
    else:
        _show_one(found, known, alike)
    people.leave()


@app.command("merge")
def merge(
    left: Annotated[str, typer.Argument(metavar="A", help="Name or id of the actor whose id is kept.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Name or id of the other.")],
    statements: Statements = None,
    *,
    roster: RosterFile = None,
    judgements: JudgementsFile = None,
    note: Note = None,
    by: By = None,
    form: Form = Format.TABLE,
) -> None:
    """Judge that two actors are one. The judgement is added to the file, and `undo` takes it back.

    \b
    Examples:
      onrecord actors merge "Tom Quillan" "Thomas Quillan" read/*.jsonl --judgements judgements.jsonl --note "his full name"
    """  # noqa: D301
    people, file = People.gather(statements, roster, judgements), _needed(judgements)
    one, other = people.find(left), people.find(right)
    if one is other:
        _done(form, f"{one.name} ({one.id}) is one actor already", None, people.identity, one.id)
        return
    for nameless in (p for p in (one, other) if p.type in NAMELESS or not ACTOR_ID.fullmatch(p.id)):
        raise UsageError("somebody without a name is never merged", item=nameless.name, hint="what one unnamed speaker said stands by itself")
    if ActorType.PERSON in (one.type, other.type) and one.type is not other.type:
        raise UsageError(f"not one: {one.type} and {other.type}", item=f"{one.name}, {other.name}", hint="show both; is one of the ids another's?")
    against = people.identity.forbids(one.id, other.id)
    if against is not None:
        hint = f"if that is wrong: onrecord actors undo {against.id}"
        raise UsageError(f"judged different by {against.by} on {against.on:%Y-%m-%d}", item=f"{one.name}, {other.name}", hint=hint)
    made = Judgement(one.id, other.id, Ruling.SAME, by=_login(by), on=datetime.now(UTC), note=note)
    file.append(made)
    _done(form, f"{one.name} ({one.id}) and {other.name} ({other.id}) are one", made, Identity([*people.decisions, made]), one.id)


@app.command("split")
def split(
    left: Annotated[str, typer.Argument(metavar="A", help="Name or id of an actor.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Name or id of the other. Where both are merged, give the ids that `show` lists.")],
    statements: Statements = None,
    *,
    roster: RosterFile = None,
    judgements: JudgementsFile = None,
    note: Note = None,
    by: By = None,
    form: Form = Format.TABLE,
) -> None:
    """Judge that two actors are not one. A judgement that the two are the same is taken back.

    \b
    Examples:
      onrecord actors split "Brenna Coyle" "Bridie Coyle" --roster examples/roster.yaml --judgements judgements.jsonl
    """  # noqa: D301
    people, file = People.gather(statements, roster, judgements), _needed(judgements)
    one, other = people.single(left), people.single(right)
    if one == other:
        raise UsageError("these are the names of one actor", item=one, hint="give two ids; `onrecord actors show` lists them")
    who, now = _login(by), datetime.now(UTC)
    pair = {one, other}
    standing = [j for j in people.identity.judgements if {j.left, j.right} == pair]
    if any(j.verdict is Ruling.DIFFERENT for j in standing):
        _done(form, f"{one} and {other} are judged different already", None, people.identity, one)
        return
    made = Judgement(one, other, Ruling.DIFFERENT, by=who, on=now, note=note)
    added: list[Decision] = [*(Revocation(j.id, by=who, on=now, note=note) for j in standing if j.verdict is Ruling.SAME), made]
    file.append(*added)
    _done(form, f"{one} and {other} are two", made, Identity([*people.decisions, *added]), one)


@app.command("undo")
def undo(
    judgement: Annotated[str, typer.Argument(metavar="JUDGEMENT", help="Id of a judgement, as `merge`, `split` and `show` print it.")],
    *,
    roster: RosterFile = None,
    judgements: JudgementsFile = None,
    note: Note = None,
    by: By = None,
    form: Form = Format.TABLE,
) -> None:
    """Take a judgement back. It stays in the file, and so does who took it back and when.

    \b
    Examples:
      onrecord actors undo j1:0f3a5c7d9e1b2a4c6e80 --judgements judgements.jsonl --note "they are father and son"
    """  # noqa: D301
    people, file = People.gather(None, roster, judgements), _needed(judgements)
    entry = next((d for d in people.decisions if d.id == judgement), None)
    if entry is None:
        raise UsageError("no such judgement", item=judgement, hint="`onrecord actors show NAME` lists those about an actor")
    if not people.identity.stands(entry.id):
        raise UsageError("this is taken back already", item=judgement, hint="judge anew, with merge or split")
    made = Revocation(entry.id, by=_login(by), on=datetime.now(UTC), note=note)
    file.append(made)
    about = entry.left if isinstance(entry, Judgement) else None
    _done(form, f"{judgement} is taken back", made, Identity([*people.decisions, made]), about)


def _needed(judgements: Path | None) -> JudgementFile:
    if judgements is None:
        raise UsageError("no file to keep the judgement in", hint="name it: --judgements FILE; it need not be there yet")
    return JudgementFile(judgements)


def _login(by: str | None) -> str:
    try:
        return by or getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise UsageError("your login is not known", hint="say who decides: --by NAME") from error


# Screens ----------------------------------------------------------------------------------------------------------------------------


def _console() -> Console:
    return Console(emoji=False) if sys.stdout.isatty() else Console(width=_WIDE, color_system=None, emoji=False)


def _print(*lines: str | Table) -> None:
    """Print; whoever reads our output may stop when he has enough."""
    try:
        for line in lines:
            if isinstance(line, Table):
                _console().print(line)
            else:
                sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None


def _safe(text: str) -> str:
    return escape(visible(" ".join(text.split())))


def _grid(columns: Iterable[str], rows: Iterable[Sequence[str]], *, right: Iterable[str] = ()) -> Table:
    table, numbers = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0)), set(right)
    for name in columns:
        table.add_column(name, overflow="fold", justify="right" if name in numbers else "left", no_wrap=name in {"id", "judgement", *numbers})
    for row in rows:
        table.add_row(*map(_safe, row))
    return table


def _show_table(named: Sequence[Person], nameless: Sequence[Person]) -> None:
    rows = [(p.name, str(p.type), p.country or "", "; ".join(p.roles), str(p.statements), str(len(p.revisions)), p.id) for p in named]
    columns = ("actor", "type", "country", "role", "statements", "articles", "id")
    _print(_grid(columns, rows, right=("statements", "articles")) if rows else "no actors")
    for kind, counts in _counts(nameless).items():
        if counts["statements"]:
            _print(f"{kind} speakers: {counts['speakers']}, with statements: {counts['statements']}")


def _counts(nameless: Sequence[Person]) -> dict[str, dict[str, int]]:
    by_type = {t: [p for p in nameless if p.type is t] for t in NAMELESS}
    return {str(t): {"speakers": len(ps), "statements": sum(p.statements for p in ps)} for t, ps in by_type.items()}


def _show_one(found: Person, known: Sequence[dict[str, Any]], alike: Sequence[tuple[Person, str, str]]) -> None:
    facts = [("type", str(found.type)), ("country", found.country or ""), ("role", "; ".join(found.roles)), ("also", "; ".join(found.aliases))]
    facts += [("id", found.id), ("other ids", " ".join(i for i in found.ids if i != found.id))]
    if found.statements:
        facts += [("speaks", f"{found.statements} statements in {len(found.revisions)} articles")]
        facts += [("named as", "; ".join(f"{name} ({n})" for name, n in found.mentions.most_common()))]
        facts += [("because", f"{reason} ({n})") for reason, n in found.reasons.most_common()]
    _print(visible(" ".join(found.name.split())), *(f"  {name:<11}{visible(' '.join(value.split()))}" for name, value in facts if value))
    if known:
        rows = [
            (j["id"], j["verdict"] + ("" if j["stands"] else " (taken back)"), f"{j['left']} {j['right']}", j["by"], j["on"][:16], j["note"] or "")
            for j in known
        ]
        _print("", _grid(("judgement", "verdict", "actors", "by", "on", "note"), rows))
    if alike:
        _print("", _grid(("name alike", "verdict", "because", "id"), [(p.name, verdict, reason, p.id) for p, verdict, reason in alike]))


def _judged(judgement: Judgement, *, standing: bool) -> dict[str, Any]:
    j = judgement
    return {"id": j.id, "left": j.left, "right": j.right, "verdict": str(j.verdict), "by": j.by, "on": j.on.isoformat(), "note": j.note, "stands": standing}


def _done(form: Format, said: str, made: Decision | None, identity: Identity, about: str | None) -> None:
    """Say what was decided, and how to take it back."""
    for conflict in identity.conflicts:
        say_plainly(f"note: {conflict}")
    if form is Format.JSON:
        members = identity.members(about) if about else ()
        _print(json.dumps({"judgement": made.id if made else None, "canonical": members[0] if members else None, "members": members}, ensure_ascii=False))
    else:
        _print(visible(said), *([f"judgement {made.id}; to take it back: onrecord actors undo {made.id}"] if made else []))
