"""`onrecord actors`: who is who, across articles; which are one, by whose judgement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from onrecord.actors.actor import ActorType
from onrecord.actors.judgements import Judgement, Revocation, Ruling
from onrecord.cli.actors_in_ledger import as_row, judgements_of, log_table, put_actor, put_actors, put_log
from onrecord.cli.books import Book, book_of, ledger_of
from onrecord.cli.gathering import ACTOR_ID, NAMELESS, People, Person
from onrecord.cli.ledgers import By, Debug, Form, Format, LedgerName, Note
from onrecord.cli.printing import as_json, facts, grid, one_line, put
from onrecord.cli.read import say_plainly
from onrecord.cli.screen import visible
from onrecord.desk.login import login
from onrecord.errors import UsageError
from onrecord.export.jsons import dumped

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Who is who, in a ledger or in files: list actors, show one, merge two that are one, split what is not, undo a judgement.",
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


@app.command("list")
def list_actors(
    statements: Statements = None,
    *,
    roster: RosterFile = None,
    judgements: JudgementsFile = None,
    limit: Annotated[int, typer.Option(min=1, help="How many actors of a ledger at most.")] = 50,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """List actors: those who say most in the ledger; or, where files are named, those of a roster and those that speak in statements.

    Speakers of files are looked up in the roster; merged actors are one line. Speakers without a name are counted, not listed.

    \b
    Examples:
      onrecord actors list --limit 100
      onrecord actors list --roster examples/roster.yaml
      onrecord read articles/ --format jsonl | onrecord actors list -
      onrecord actors list read/*.jsonl --roster people.yaml --judgements judgements.jsonl

    Exit codes: 0 done, 1 some files could not be read, 2 the command line, the ledger, the roster or the judgements are wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    if not (statements or roster or judgements):
        with ledger_of(ledger, debug=debug) as kept:
            put_actors(kept, form, limit=limit)
        return
    people = People.gather(statements, roster, judgements)
    named = [p for p in people.actors() if p.type not in NAMELESS]
    nameless = [p for p in people.actors() if p.type in NAMELESS]
    if form is Form.JSON:
        put(as_json({"actors": [p.to_json() for p in named], "nameless": _counts(nameless)}))
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
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Show one actor: names, offices, statements, judgements, and others with a name like it.

    \b
    Examples:
      onrecord actors show "Ludmila Sorev"
      onrecord actors show "Ludmila Sorev" --roster examples/roster.yaml
      onrecord actors show Sorev read/*.jsonl --judgements judgements.jsonl --format json
    """  # noqa: D301
    if not (statements or roster or judgements):
        with ledger_of(ledger, debug=debug) as kept:
            put_actor(kept, actor, form)
        return
    people = People.gather(statements, roster, judgements)
    found = people.find(actor)
    known = [as_row(j, people.identity) for j in people.decisions if isinstance(j, Judgement) and {j.left, j.right} & set(found.ids)]
    alike = people.alike(found)
    if form is Form.JSON:
        rows = [{"id": p.id, "name": p.name, "verdict": v, "reason": r} for p, v, r in alike]
        put(as_json({**found.to_json(), "judgements": known, "alike": rows}))
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
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Judge that two actors are one. The judgement is added to the ledger or to the file, and `undo` takes it back.

    \b
    Examples:
      onrecord actors merge "Tom Quillan" "Thomas Quillan" --note "his full name"
      onrecord actors merge "Tom Quillan" "Thomas Quillan" read/*.jsonl --judgements judgements.jsonl
    """  # noqa: D301
    with book_of(statements, roster, judgements, ledger, debug=debug) as book:
        one, other = book.find(left), book.find(right)
        if one.id == other.id:
            _done(form, f"{one.name} ({one.id}) is one actor already", None, book, one.id)
            return
        for nameless in (p for p in (one, other) if p.type in NAMELESS or not ACTOR_ID.fullmatch(p.id)):
            raise UsageError("somebody without a name is never merged", item=nameless.name, hint="what one unnamed speaker said stands by itself")
        if ActorType.PERSON in (one.type, other.type) and one.type is not other.type:
            raise UsageError(f"not one: {one.type} and {other.type}", item=f"{one.name}, {other.name}", hint="show both; is one of the ids another's?")
        against = book.identity.forbids(one.id, other.id)
        if against is not None:
            hint = f"if that is wrong: onrecord actors undo {against.id}"
            raise UsageError(f"judged different by {against.by} on {against.on:%Y-%m-%d}", item=f"{one.name}, {other.name}", hint=hint)
        made = Judgement(one.id, other.id, Ruling.SAME, by=login(by), on=datetime.now(UTC), note=note)
        book.keep(made)
        _done(form, f"{one.name} ({one.id}) and {other.name} ({other.id}) are one", made, book, one.id)


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
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Judge that two actors are not one. A judgement that the two are the same is taken back.

    \b
    Examples:
      onrecord actors split "Brenna Coyle" "Bridie Coyle"
      onrecord actors split "Brenna Coyle" "Bridie Coyle" --roster examples/roster.yaml --judgements judgements.jsonl
    """  # noqa: D301
    with book_of(statements, roster, judgements, ledger, debug=debug) as book:
        one, other = book.single(left), book.single(right)
        if one == other:
            raise UsageError("these are the names of one actor", item=one, hint="give two ids; `onrecord actors show` lists them")
        who, now = login(by), datetime.now(UTC)
        standing = [j for j in book.identity.judgements if {j.left, j.right} == {one, other}]
        if any(j.verdict is Ruling.DIFFERENT for j in standing):
            _done(form, f"{one} and {other} are judged different already", None, book, one)
            return
        made = Judgement(one, other, Ruling.DIFFERENT, by=who, on=now, note=note)
        book.keep(*(Revocation(j.id, by=who, on=now, note=note) for j in standing if j.verdict is Ruling.SAME), made)
        _done(form, f"{one} and {other} are two", made, book, one)


@app.command("undo")
def undo(
    judgement: Annotated[str, typer.Argument(metavar="JUDGEMENT", help="Id of a judgement, as `merge`, `split`, `log` and `judge` print it.")],
    *,
    roster: RosterFile = None,
    judgements: JudgementsFile = None,
    note: Note = None,
    by: By = None,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Take a judgement back, of actors or of a statement. It stays where it is kept, and so does who took it back and when.

    \b
    Examples:
      onrecord actors undo j1:0f3a5c7d9e1b2a4c6e80 --note "they are father and son"
      onrecord actors undo j1:0f3a5c7d9e1b2a4c6e80 --judgements judgements.jsonl
    """  # noqa: D301
    with book_of(None, roster, judgements, ledger, debug=debug) as book:
        if not book.identity.stands(judgement):
            raise UsageError("this is taken back already", item=judgement, hint="judge anew, with merge or split")
        entry = book.take_back(judgement, by=login(by), note=note)
        _done(form, f"{judgement} is taken back", None, book, entry.left if isinstance(entry, Judgement) else None)


@app.command("log")
def log(*, judgements: JudgementsFile = None, form: Format = Form.TABLE, ledger: LedgerName = None, debug: Debug = False) -> None:
    """List everything that was judged, of actors and of statements, oldest first, with what was taken back.

    \b
    Examples:
      onrecord actors log
      onrecord actors log --judgements judgements.jsonl --format json
    """  # noqa: D301
    if judgements is None:
        with ledger_of(ledger, debug=debug) as kept:
            put_log(judgements_of(kept, kept.identity()), form)
        return
    people = People.gather(None, None, judgements)
    put_log([as_row(d, people.identity) for d in people.decisions], form)


# Screens ----------------------------------------------------------------------------------------------------------------------------


def _show_table(named: Sequence[Person], nameless: Sequence[Person]) -> None:
    rows = [(p.name, str(p.type), p.country or "", "; ".join(p.roles), str(p.statements), str(len(p.revisions)), p.id) for p in named]
    columns = ("actor", "type", "country", "role", "statements", "articles", "id")
    put(grid(columns, rows, right=("statements", "articles")) if rows else "no actors")
    for kind, counts in _counts(nameless).items():
        if counts["statements"]:
            put(f"{kind} speakers: {counts['speakers']}, with statements: {counts['statements']}")


def _counts(nameless: Sequence[Person]) -> dict[str, dict[str, int]]:
    by_type = {t: [p for p in nameless if p.type is t] for t in NAMELESS}
    return {str(t): {"speakers": len(ps), "statements": sum(p.statements for p in ps)} for t, ps in by_type.items()}


def _show_one(found: Person, known: Sequence[dict[str, Any]], alike: Sequence[tuple[Person, str, str]]) -> None:
    told = [("type", str(found.type)), ("country", found.country or ""), ("role", "; ".join(found.roles)), ("also", "; ".join(found.aliases))]
    told += [("id", found.id), ("other ids", " ".join(i for i in found.ids if i != found.id))]
    if found.statements:
        told += [("speaks", f"{found.statements} statements in {len(found.revisions)} articles")]
        told += [("named as", "; ".join(f"{name} ({n})" for name, n in found.mentions.most_common()))]
        told += [("because", f"{reason} ({n})") for reason, n in found.reasons.most_common()]
    put(one_line(found.name), *facts(told, width=11))
    if known:
        put("", log_table(known))
    if alike:
        put("", grid(("name alike", "verdict", "because", "id"), [(p.name, verdict, reason, p.id) for p, verdict, reason in alike]))


def _done(form: Form, said: str, made: Judgement | None, book: Book, about: str | None) -> None:
    """Say what was decided, and how to take it back."""
    for conflict in book.identity.conflicts:
        say_plainly(f"note: {conflict}")
    if form is Form.JSON:
        members = book.identity.members(about) if about else ()
        put(dumped({"judgement": made.id if made else None, "canonical": members[0] if members else None, "members": list(members)}))
    else:
        put(visible(said), *([f"judgement {made.id}; to take it back: onrecord actors undo {made.id}"] if made else []))
